"""The one-to-one meetings of an event: their rules, how far they are, and what they lack."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.actions import Action
from backoffice.kit.way_back import with_way_back
from backoffice.meeting_admission import ADD_TO_MEETINGS, ADMIT_EXPERTS
from backoffice.meeting_settings import MeetingSettingsInline
from backoffice.workspace.menu import pages_under
from backoffice.workspace.page import EventPage
from events.models import Event
from meetings.domain.summary import summarize
from meetings.models import MeetingRequest, MeetingSettings, Participant
from summit.lib.i18n.languages import Words


def offers_meetings(event: Event) -> bool:
    return getattr(event, "meeting_settings", None) is not None


def explain_no_meetings(event: Event) -> Words:
    """Say of an event that it offers no meetings, for the pages about them."""
    return "" if offers_meetings(event) else _("This event offers no one-to-one meetings yet.")


def lead_to_parts(page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Name the pages about the meetings beside each other. A panel."""
    if not offers_meetings(event):
        return {"parts_of_meetings": []}
    return {"parts_of_meetings": pages_under("meetings", event, request.user, page.name)}


def delete_ticked(
    page: EventPage, request: HttpRequest, action: Action[Any], model: type[Model], *, none: Words
) -> HttpResponse | None:
    """Lead from rows that were ticked to be deleted to the page that says whom it concerns.

    Says ``none`` where nothing was ticked; returns nothing where nothing was to be deleted.
    """
    if request.method != "POST" or "delete" not in request.POST:
        return None
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if not ticked:
        page.message_user(request, str(none))
        return HttpResponseRedirect(request.path)
    return HttpResponseRedirect(with_way_back(action.url_of_ticked(model, ticked), request.path))


def sum_up(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Sum up participants, requests, meetings and their places. A panel: eight queries."""
    if not offers_meetings(event):
        return {"offers_meetings": False}
    summary = summarize(event)
    return {
        "offers_meetings": True,
        "summary": summary,
        "participants": _by_status(
            Participant, Participant.Status, summary.participants, request, event
        ),
        "requests": _by_status(
            MeetingRequest, MeetingRequest.Status, summary.requests, request, event
        ),
        "is_grid": not event.meeting_settings.is_queue,
    }


def lead_to_people(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Lead to what is done with participants and requests, for who may do it. A panel."""
    if not offers_meetings(event):
        return {}
    user, here = request.user, f"?event__id__exact={event.pk}"
    ways: list[tuple[Words, str]] = []
    if user.has_perm("meetings.view_participant"):
        address = reverse("admin:meetings_participant_changelist")
        ways.append((pgettext_lazy("meetings", "Participants"), address + here))
    if user.has_perm("meetings.view_meetingrequest"):
        address = reverse("admin:meetings_meetingrequest_changelist")
        ways.append((pgettext_lazy("meetings", "Requests"), address + here))
    if user.has_perm(ADD_TO_MEETINGS.permission):
        address = reverse("admin:registrations_registration_changelist")
        ways.append((_("Add participants from the attendees"), address + here))
        if not event.is_cancelled:
            address = with_way_back(ADMIT_EXPERTS.url(event), request.path)
            ways.append((ADMIT_EXPERTS.label, address))
    return {"ways": ways}


def _by_status(
    model: type[models.Model],
    statuses: type[models.TextChoices],
    counts: dict[str, int],
    request: HttpRequest,
    event: Event,
) -> dict[str, Any]:
    """Return how many rows have which status, each with the list of them for who may see it."""
    opts = model._meta
    listed = ""
    if admin.site.is_registered(model) and request.user.has_perm(
        f"{opts.app_label}.view_{opts.model_name}"
    ):
        listed = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        listed += f"?event__id__exact={event.pk}"
    return {
        "total": sum(counts.values()),
        "all_url": listed,
        "lines": [
            (label, counts[status], listed and f"{listed}&status__exact={status}")
            for status, label in statuses.choices
            if status in counts
        ],
    }


class MeetingsPage(EventPage):
    """The rules of the meetings under what they have come to.

    Until it is saved for the first time, the event offers none.
    """

    name = "meetings"
    change_form_template = "backoffice/workspace/meetings.html"
    inlines = [MeetingSettingsInline]
    panels = [lead_to_parts, sum_up, lead_to_people]
    history_parts = {MeetingSettings: "event_id"}
