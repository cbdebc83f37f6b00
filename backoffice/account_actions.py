"""What a superuser does with somebody's account beside editing it."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action
from backoffice.kit.model_admin import SummitAdmin
from staff.domain import account, authenticator, logins
from summit.lib.web.requests import StaffRequest


def _is_open(model_admin: SummitAdmin, user: User) -> bool:
    return user.is_active and user.is_staff


def _has_not_begun(model_admin: SummitAdmin, user: User) -> bool:
    return _is_open(model_admin, user) and user.last_login is None


def _has_authenticator(model_admin: SummitAdmin, user: User) -> bool:
    return _is_open(model_admin, user) and authenticator.is_enrolled(user)


def _is_logged_in_or_known(model_admin: SummitAdmin, user: User) -> bool:
    return user.logins.exists() or user.known_browsers.exists()


def _close(
    model_admin: SummitAdmin, request: StaffRequest, user: User, typed: dict[str, Any]
) -> User:
    if user == request.user:
        raise ValidationError(_("You cannot close your own account."))
    return account.set_active(user, False, by=request.user, request=request)


def _end_logins(
    model_admin: SummitAdmin, request: StaffRequest, user: User, typed: dict[str, Any]
) -> None:
    but = request.session.session_key if user == request.user else None
    logins.end_all(user, by=request.user, request=request, but=but)


ACTIONS: list[Action[User]] = [
    Action(
        name="invite-again",
        label=_("Send the invitation again"),
        explanation=_(
            "An e-mail with a new link goes to the address of the account. The link lets its "
            "owner choose a password and set up an authenticator."
        ),
        run=lambda model_admin, request, user, typed: account.send_invitation(
            user, by=request.user, request=request
        ),
        done=_("The invitation has been e-mailed to %(object)s."),
        offered=_has_not_begun,
    ),
    Action(
        name="reset-authenticator",
        label=_("Reset the authenticator"),
        explanation=_(
            "For someone who has lost their phone: make sure that it is really them asking. "
            "The authenticator and the recovery codes stop working, all logins of the "
            "account end, and an e-mail with a link to set up a new authenticator goes to "
            "its address. The password stays the same."
        ),
        run=lambda model_admin, request, user, typed: account.reset_authenticator(
            user, by=request.user, request=request
        ),
        done=_("The authenticator of %(object)s has been reset, and a link has been e-mailed."),
        offered=_has_authenticator,
        is_grave=True,
    ),
    Action(
        name="end-logins",
        label=_("End all logins"),
        explanation=_(
            "The account will be logged out on every device, and its known browsers will be "
            "forgotten. Its owner can log in again. Your own login on this device is not "
            "affected."
        ),
        run=_end_logins,
        done=_("The logins of %(object)s are ended."),
        offered=_is_logged_in_or_known,
    ),
    Action(
        name="deactivate",
        label=_("Deactivate"),
        explanation=_(
            "The account can no longer log in, and is logged out everywhere. What it did "
            "stays under its name. You can activate it again."
        ),
        run=_close,
        done=_("%(object)s is deactivated."),
        offered=lambda model_admin, user: user.is_active,
        is_grave=True,
    ),
    Action(
        name="activate",
        label=_("Activate"),
        explanation=_("The account can log in again, with the password that it had."),
        run=lambda model_admin, request, user, typed: account.set_active(
            user, True, by=request.user, request=request
        ),
        done=_("%(object)s is active."),
        offered=lambda model_admin, user: not user.is_active,
    ),
]
