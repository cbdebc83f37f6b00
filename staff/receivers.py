"""What happens whenever Django logs somebody in or out, from wherever it is called."""

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from audit import trail
from staff.audited import Action
from staff.domain import logins


def connect() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="staff.logged_in")
    user_logged_out.connect(_logged_out, dispatch_uid="staff.logged_out")


def _logged_in(sender: type, request: HttpRequest, user: User, **kwargs: object) -> None:
    logins.start(request, user)


def _logged_out(sender: type, request: HttpRequest, user: User | None, **kwargs: object) -> None:
    if user is not None:
        logins.forget(request)
        trail.record(Action.LOGGED_OUT, by=user, request=request, subject=trail.account(user))
