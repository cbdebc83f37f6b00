"""What the mails to subscribers say, from things as they are when they are sent."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import compose
from subscriptions.domain import subscription as domain
from subscriptions.domain.digest import new_projects
from subscriptions.mail_kinds import Kind
from subscriptions.models import Subscription
from summit.lib.web import mail_addresses

# The rest is a number and a link.
SHOWN = 25


def write(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail, or nothing where there is nothing left to say."""
    return _written(row, code=domain.code_of, link=_url_of)


def show(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return what staff may see of it: without the code and the personal link."""
    hidden = _("(personal link, not shown to anybody else)")
    return _written(row, code=lambda _subscription: "······", link=lambda _subscription: hidden)


def _written(
    row: OutboundMail,
    *,
    code: Callable[[Subscription], str],
    link: Callable[[Subscription], str],
) -> EmailMultiAlternatives | None:
    subscription = row.subject
    if not isinstance(subscription, Subscription):
        # It has ended meanwhile.
        return None
    with translation.override(subscription.language):
        if row.kind == Kind.CODE:
            context = _with_code(subscription, code(subscription))
        else:
            context = _with_projects(row, subscription)
        if context is None:
            return None
        context |= {"site": SiteProfile.load()}
        if row.kind == Kind.NEW_PROJECTS:
            context |= {"link": link(subscription)}
        message = compose(
            row,
            to=mail_addresses.canonical(subscription.email),
            subject=str(context["subject"]),
            text=render_to_string("mail/subscription.txt", context),
            html=render_to_string("mail/subscription.html", context),
        )
    if row.kind == Kind.NEW_PROJECTS:
        # RFC 8058: mail programs offer to end it with one click.
        message.extra_headers |= {
            "List-Unsubscribe": f"<{_end_url_of(subscription)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return message


def _with_code(subscription: Subscription, code: str) -> dict[str, Any] | None:
    if subscription.confirmed_at:
        return None
    return {
        "subject": _("Your code for e-mails about new projects"),
        "sentences": [
            _(
                "Somebody has asked to be told at this address of new projects. Enter this code on "
                "the page that asks for it, within an hour."
            ),
            _("If it was not you, there is nothing that you have to do: no e-mail follows."),
        ],
        "code": code,
    }


def _with_projects(row: OutboundMail, subscription: Subscription) -> dict[str, Any] | None:
    found = new_projects(subscription, row.payload["since"], row.payload["until"])
    number = found.count()
    if not number or not subscription.confirmed_at:
        return None
    catalogue = settings.SITE_URL + reverse("projects")
    return {
        "subject": ngettext("%(number)d new project", "%(number)d new projects", number)
        % {"number": number},
        "sentences": [
            ngettext(
                "Since the last e-mail a project of your sectors was published.",
                "Since the last e-mail %(number)d projects of your sectors were published.",
                number,
            )
            % {"number": number}
        ],
        "projects": [
            (project, settings.SITE_URL + project.get_absolute_url())
            for project in found.select_related("owner")[:SHOWN]
        ],
        "more": max(0, number - SHOWN),
        "catalogue": catalogue,
    }


def _url_of(subscription: Subscription) -> str:
    return settings.SITE_URL + reverse("subscription", args=[subscription.signed_code])


def _end_url_of(subscription: Subscription) -> str:
    return settings.SITE_URL + reverse("subscription-end-at-once", args=[subscription.signed_code])
