"""Accounts of staff: invited, changed, closed. What each verb did is in the audit trail."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Manager
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit import trail
from events.models import Event
from mail import outbox
from registrations.models import DeskAssignment
from staff.audited import Action
from staff.domain import authenticator, logins
from staff.mail_kinds import Kind
from summit.lib.web import mail_addresses

FLAGS = frozenset({"is_active", "is_staff", "is_superuser"})


class NoAddress(ValidationError):
    """A link cannot be mailed to an account without an e-mail address."""


@dataclass(frozen=True)
class Rights:
    """What decides over what an account may do."""

    groups: frozenset[str]
    permissions: frozenset[str]
    flags: frozenset[str]

    @classmethod
    def of(cls, user: User) -> "Rights":
        """Read them anew; costs two queries."""
        return cls(
            frozenset(user.groups.values_list("name", flat=True)),
            permission_names(user.user_permissions),
            frozenset(flag for flag in FLAGS if getattr(user, flag)),
        )

    def before_flags_changed(self, names: Iterable[str]) -> "Rights":
        """Return them as they were before the flags of these names were turned over."""
        return replace(self, flags=self.flags ^ FLAGS.intersection(names))


def permission_names(permissions: Manager[Permission]) -> frozenset[str]:
    """Return the permissions of a relation as ``app.codename``; costs a query."""
    named = permissions.values_list("content_type__app_label", "codename")
    return frozenset(f"{app}.{code}" for app, code in named)


@transaction.atomic
def invite(
    user: User,
    *,
    groups: Iterable[Group],
    events: Iterable[Event] = (),
    by: User,
    request: HttpRequest | None = None,
) -> User:
    """Store a new account of staff without a password, and mail its owner a link.

    ``events`` are those at whose desk the person works.
    """
    user.is_staff = True
    user.set_unusable_password()
    if user.email:
        user.email = mail_addresses.canonical(user.email)
    user.full_clean()
    user.save()
    user.groups.set(groups)
    DeskAssignment.objects.bulk_create(DeskAssignment(event=event, user=user) for event in events)
    trail.record(
        Action.ACCOUNT_MADE,
        by=by,
        request=request,
        subject=trail.account(user),
        groups=sorted(group.name for group in groups),
        events=sorted(event.slug for event in events),
    )
    send_invitation(user, by=by, request=request)
    return user


@transaction.atomic
def send_invitation(user: User, *, by: User, request: HttpRequest | None = None) -> User:
    """Mail a link to choose a password and enrol an authenticator; raise ``NoAddress``."""
    _queue(Kind.STAFF_INVITATION, user)
    trail.record(Action.INVITED, by=by, request=request, subject=trail.account(user))
    return user


@transaction.atomic
def reset_authenticator(user: User, *, by: User, request: HttpRequest | None = None) -> User:
    """Take the authenticator away, log the person out, and mail a link to a new one.

    Raises ``NoAddress``, and then takes nothing away.
    """
    _queue(Kind.STAFF_AUTHENTICATOR, user)
    authenticator.remove(user, by=by, request=request)
    logins.end_all(user, by=by, request=request)
    return user


def mail_authenticator_link(user: User) -> None:
    """Mail a link to who has proved the password and has no authenticator; raise ``NoAddress``."""
    _queue(Kind.STAFF_AUTHENTICATOR, user)


def mail_password_links(email: str) -> int:
    """Mail a link to a new password to every account with the address; return how many."""
    return outbox.queue_for_staff(Kind.STAFF_PASSWORD, accounts_with_address(email))


def accounts_with_address(email: str) -> list[User]:
    """Return the accounts of staff that have this mailbox. One query."""
    users = User.objects.filter(is_active=True, is_staff=True).exclude(email="")
    wanted = mail_addresses.key(email)
    # The accounts are few, and some have been made by Django's commands, which store an
    # address as it was typed.
    return [user for user in users if _has_address(user, wanted)]


def _has_address(user: User, key: str) -> bool:
    try:
        return mail_addresses.key(user.email) == key
    except ValidationError:
        # Nothing can be mailed there.
        return False


def mail_log_in_link(username: str) -> int:
    """Mail a link that opens the log-in in one browser; return 0 where nobody is to get one."""
    users = User.objects.filter(username=username, is_active=True, is_staff=True)
    return outbox.queue_for_staff(Kind.STAFF_LOG_IN, users)


@transaction.atomic
def set_password(user: User, password: str, *, request: HttpRequest) -> User:
    """Give the account a password that its owner chose, and end its other logins.

    No browser is known to it any more, but one that the caller makes known again.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    trail.record(Action.PASSWORD_CHANGED, by=user, request=request, subject=trail.account(user))
    logins.end_all(user, by=user, request=request, but=request.session.session_key)
    return user


@transaction.atomic
def set_active(
    user: User, is_active: bool, *, by: User, request: HttpRequest | None = None
) -> User:
    """Close an account, which logs it out, or open it again."""
    before = Rights.of(user)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    record_rights(user, before, by=by, request=request)
    return user


def record_rights(
    user: User, before: Rights, *, by: User, request: HttpRequest | None = None
) -> None:
    """Say in the audit trail what was given and taken since ``before``; nothing where nothing was.

    Who may no longer log in is logged out.
    """
    after = Rights.of(user)
    changes = {
        f"{field.name} {word}": sorted(difference)
        for field in fields(Rights)
        for word, difference in (
            ("added", getattr(after, field.name) - getattr(before, field.name)),
            ("removed", getattr(before, field.name) - getattr(after, field.name)),
        )
        if difference
    }
    if changes:
        subject = trail.account(user)
        trail.record(Action.PERMISSIONS_CHANGED, by=by, request=request, subject=subject, **changes)
    if not {"is_active", "is_staff"} <= after.flags:
        logins.end_all(user, by=by, request=request)


def _queue(kind: Kind, user: User) -> None:
    if not outbox.queue_for_staff(kind, [user]):
        raise NoAddress(_("The account has no e-mail address to send a link to."))
