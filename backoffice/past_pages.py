"""What is said where a change without a day would rewrite the pages of past events."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from events.models import Affiliation, Event, Expert, Organization
from summit.lib.i18n.likeness import key


def point_to_move(request: HttpRequest, expert: Expert, before: Affiliation | None) -> None:
    """Say that past events now name another organization, if the expert was at one of them.

    ``before`` is the primary affiliation before the change. Two queries at most.
    """
    affiliations = Affiliation.objects.filter(expert=expert).at(timezone.localdate())
    now = affiliations.select_related("organization").first()
    if before is None or now is None or now.starts_on is not None:
        return
    if now.organization_id == before.organization_id:
        return
    past = Event.objects.visible().past()
    if past.filter(sessions__appearances__expert=expert).exists():
        words = _(
            "The pages of past events now name “%(now)s” for %(expert)s. If the expert has "
            "moved, enter the first day there and the last day at “%(before)s”."
        ) % {"now": now.organization, "before": before.organization, "expert": expert}
        _warn(request, words, expert)


def point_to_renaming(request: HttpRequest, organization: Organization, old: list[str]) -> None:
    """Say that past events now name an organization otherwise. ``old`` are its former texts."""
    known = organization.likeness_keys()
    lost = next((text for text in old if text and key(text) not in known), "")
    if lost and Event.objects.visible().past().filter(roles__organization=organization).exists():
        words = _(
            "The pages of past events now name “%(now)s”. If the organization was renamed, add "
            "“%(before)s” to its former names, with its last day."
        ) % {"now": organization.name, "before": lost}
        _warn(request, words, organization)


def _warn(request: HttpRequest, words: str, row: Expert | Organization) -> None:
    page = reverse(f"admin:events_{row._meta.model_name}_change", args=[row.pk])
    link = format_html('{} <a href="{}">{}</a>', words, page, _("Edit again"))
    messages.warning(request, link)
