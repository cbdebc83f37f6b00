"""What the weekly mail about follow-ups says, written from them as they are when it is sent."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import LANGUAGES_OF_STAFF, address, compose
from projects.domain.digest import AHEAD
from projects.models import FollowUp
from projects.models.follow_up import may_see_follow_ups
from summit.lib.given import given
from summit.lib.i18n.names import staff_name

# Of each kind; the rest is a number and a link.
SHOWN = 25


def write_digest(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail, or nothing where its reader has nothing to do or may not know of it."""
    user = given(row.user)
    if not user.email or not may_see_follow_ups(user):
        return None
    context = _what_is_due(user)
    if not context["overdue"] and not context["upcoming"]:
        return None
    return compose(
        row,
        to=address(staff_name(user), user.email),
        subject=" | ".join(_in_both(lambda: _subject(context))),
        text=render_to_string("mail/follow_ups.txt", context),
        html=render_to_string("mail/follow_ups.html", context),
    )


def _what_is_due(user: User) -> dict[str, object]:
    today = timezone.localdate()
    due = FollowUp.objects.due().of(user).filter(due_on__lte=today + AHEAD)
    rows = list(due.select_related("intention"))
    overdue = [row for row in rows if row.due_on < today]
    upcoming = rows[len(overdue) :]
    return {
        "languages": LANGUAGES_OF_STAFF,
        "name": staff_name(user),
        "overdue": len(overdue),
        "upcoming": len(upcoming),
        "days": AHEAD.days,
        "lists": [_listed("overdue", overdue), _listed("upcoming", upcoming)],
        "desk": settings.SITE_URL + reverse("admin:index"),
        "sender": " | ".join(dict.fromkeys(_in_both(_sender))),
    }


def _listed(when: str, rows: list[FollowUp]) -> dict[str, object]:
    page = settings.SITE_URL + reverse("admin:projects_followup_changelist")
    return {
        "when": when,
        "rows": [
            (row, settings.SITE_URL + reverse("admin:projects_followup_change", args=[row.pk]))
            for row in rows[:SHOWN]
        ],
        "more": len(rows) - SHOWN if len(rows) > SHOWN else 0,
        "all": f"{page}?when={when}&whose=mine",
    }


def _sender() -> str:
    site = SiteProfile.load()
    return str(site.operator or site.site_name)


def _subject(context: dict[str, object]) -> str:
    overdue, upcoming = context["overdue"], context["upcoming"]
    if not upcoming:
        return _("Follow-ups: %(overdue)s overdue") % {"overdue": overdue}
    if not overdue:
        return _("Follow-ups: %(upcoming)s due soon") % {"upcoming": upcoming}
    return _("Follow-ups: %(overdue)s overdue, %(upcoming)s due soon") % {
        "overdue": overdue,
        "upcoming": upcoming,
    }


def _in_both(say: Callable[[], str]) -> list[str]:
    said = []
    for code, _tag in LANGUAGES_OF_STAFF:
        with translation.override(code):
            said.append(say())
    return said
