"""Members of staff with their passwords and phones, and the log-in as a browser does it."""

import re
import time

from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from mail.delivery import deliver_due

PASSWORD = "harbour lantern crossing"
LOG_IN = "/admin/login/"
CODE = "/staff/code/"


def member(name="zhang", *, group="Organizer", enrolled=True, **fields) -> User:
    """Somebody of staff with a password, and an authenticator unless said otherwise."""
    user = User.objects.create_user(
        name, fields.pop("email", f"{name}@example.org"), PASSWORD, is_staff=True
    )
    User.objects.filter(pk=user.pk).update(**fields)
    user.groups.add(Group.objects.get(name=group))
    if enrolled:
        TOTPDevice.objects.create(user=user, name="authenticator")
    user.refresh_from_db()
    return user


def code_of(key_or_user: User | str) -> str:
    """What the phone shows at this moment."""
    if isinstance(key_or_user, User):
        key_or_user = key_or_user.totpdevice_set.get().key
    totp = TOTP(bytes.fromhex(key_or_user))
    totp.time = time.time()
    return f"{totp.token():06}"


def wrong_code(user: User) -> str:
    """Six digits that the phone shows neither now nor half a minute before or after."""
    totp = TOTP(bytes.fromhex(user.totpdevice_set.get().key))
    totp.time = time.time()
    near = set()
    for step in (-1, 0, 1):
        totp.drift = step
        near.add(f"{totp.token():06}")
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def send_password(client: Client, name="zhang", password=PASSWORD, **more):
    return client.post(LOG_IN, {"username": name, "password": password, **more})


def send_code(client: Client, code: str, **more):
    return client.post(CODE, {"code": code, **more})


def logged_in(user: User) -> Client:
    """A browser that has gone through both steps."""
    client = Client()
    send_password(client, user.username)
    response = send_code(client, code_of(user))
    assert response.status_code == 302, response.content.decode()
    return client


def is_logged_in(client: Client) -> bool:
    return client.get("/staff/account/").status_code == 200


def link_of(mail) -> str:
    """The path of the link in a mail."""
    return re.search(r"https?://[^/\s]+(/staff/welcome/\S+)", mail.body)[1]


def posted() -> list:
    """Every mail that has left, those included that were still queued."""
    deliver_due()
    return mail.outbox
