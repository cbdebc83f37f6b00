"""What pages of actions show of an expression of interest."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.html import format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.actions import Facts
from backoffice.kit.labels import field_of
from interests.models import Interest
from summit.lib.i18n.names import staff_name


def what_was_sent(interest: Interest) -> Facts:
    """Return what somebody wants to have at hand who works on it, and what was done so far."""
    names = ("name", "phone", "email")
    label = {name: capfirst(field_of(Interest, name).verbose_name) for name in names}
    facts = [
        (pgettext_lazy("interest", "About"), str(interest.about)),
        (label["name"], interest.name),
        (_("Organization"), interest.organization_name),
        (label["phone"], interest.readable_phone),
        (label["email"], interest.readable_email),
        (
            pgettext_lazy("interest", "Message"),
            mark_safe(linebreaks(interest.message, autoescape=True)),
        ),
        (_("Status"), interest.get_status_display()),
        (_("Assigned to"), staff_name(interest.assigned_to)),
        (pgettext_lazy("interest", "Answers"), told_answers(interest)),
        (_("Passed on"), told_hand_overs(interest)),
    ]
    return [(words, fact) for words, fact in facts if fact]


def told_answers(interest: Interest) -> str:
    return format_html_join(
        "",
        '<div><p class="quiet">{} · {}</p>{}</div>',
        (
            (
                _moment(each.answered_at),
                staff_name(each.by),
                mark_safe(linebreaks(each.text, autoescape=True)),
            )
            for each in interest.answers.select_related("by")
        ),
    )


def told_hand_overs(interest: Interest) -> str:
    return format_html_join(
        "",
        "<p>{} · {} · {}</p>",
        (
            (
                _moment(each.passed_on_at),
                each.contact.name if each.contact else each.recipient,
                staff_name(each.by),
            )
            for each in interest.hand_overs.select_related("contact", "by")
        ),
    )


def _moment(moment: dt.datetime) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT")
