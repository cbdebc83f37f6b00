"""Mails to staff about their own account, written when they are sent: the queue holds no link."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import LANGUAGES_OF_STAFF, address, compose
from staff import account_links
from staff.mail_kinds import Kind
from summit.lib.given import given
from summit.lib.i18n.languages import Words
from summit.lib.i18n.names import staff_name

# What each kind says: subject, sentences, the words of the button, and what its link does.
TEXTS: dict[str, tuple[Words, list[Words], Words, account_links.Purpose]] = {
    Kind.STAFF_INVITATION: (
        gettext_lazy("Your account for %(site)s"),
        [
            gettext_lazy("An account has been made for you. Your user name is %(name)s."),
            gettext_lazy(
                "The link lets you choose a password. Have your phone at hand: you also set "
                "up an authenticator, an app that shows a new code every half minute."
            ),
        ],
        gettext_lazy("Set up your account"),
        account_links.Purpose.WELCOME,
    ),
    Kind.STAFF_PASSWORD: (
        gettext_lazy("A new password for %(site)s"),
        [
            gettext_lazy("Somebody, probably you, asked for a new password of “%(name)s”."),
            gettext_lazy("If it was not you, do nothing: the password stays as it is."),
        ],
        gettext_lazy("Choose a new password"),
        account_links.Purpose.PASSWORD,
    ),
    Kind.STAFF_AUTHENTICATOR: (
        gettext_lazy("A new authenticator for %(site)s"),
        [
            gettext_lazy("The link sets up an authenticator for the account “%(name)s”."),
            gettext_lazy("If you do not expect this, tell an administrator."),
        ],
        gettext_lazy("Set up the authenticator"),
        account_links.Purpose.AUTHENTICATOR,
    ),
    Kind.STAFF_LOG_IN: (
        gettext_lazy("Log in to %(site)s without waiting"),
        [
            gettext_lazy(
                "Too many log-ins to the account “%(name)s” have failed from a network or a "
                "browser. If you asked for this link, open it in the browser in which you "
                "want to log in. You still need your password and a code."
            ),
            gettext_lazy("If you did not ask for it, do nothing: nobody has logged in."),
        ],
        gettext_lazy("Unblock log-in"),
        account_links.Purpose.LOG_IN,
    ),
}


def write(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail, or nothing where the account was closed or has no address any more."""
    user = given(row.user)
    if not (user.email and user.is_active and user.is_staff):
        return None
    subject, sentences, button, purpose = TEXTS[row.kind]
    site = SiteProfile.load()
    parts, subjects, senders = [], [], []
    for code, tag in LANGUAGES_OF_STAFF:
        with translation.override(code):
            words = {"name": user.get_username(), "site": site.site_name or "Summit"}
            subjects.append(subject % words)
            senders.append(str(site.operator or site.site_name))
            said = [sentence % words for sentence in sentences]
            said.append(_lasting(purpose))
            parts.append({"tag": tag, "sentences": said, "button": str(button)})
    context = {
        "user": user,
        "title": " | ".join(subjects),
        "parts": parts,
        "link": account_links.url(user, purpose),
        "sender": " | ".join(dict.fromkeys(senders)),
    }
    return compose(
        row,
        to=address(staff_name(user), user.email),
        subject=" | ".join(subjects),
        text=render_to_string("mail/staff_link.txt", context),
        html=render_to_string("mail/staff_link.html", context),
    )


def _lasting(purpose: account_links.Purpose) -> str:
    if purpose == account_links.Purpose.LOG_IN:
        minutes = account_links.LOG_IN_LINK_HOLDS // timedelta(minutes=1)
        return _("The link can be used once, within %(minutes)s minutes.") % {"minutes": minutes}
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    return _("The link can be used once, within %(hours)s hours.") % {"hours": hours}
