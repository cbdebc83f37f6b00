"""One meeting at its table: how it goes, where it moves, and what it ended with."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from desk.forms.meetings import OutcomeForm
from desk.views.access import at_meetings_desk
from desk.views.meeting_desk import frame
from desk.views.meeting_taps import offered
from events.models import Event
from meetings.domain import day_places, outcome, timetable
from meetings.domain.plan import Place
from meetings.models import Interpreter, Meeting, MeetingOutcome, MeetingSlot, MeetingTable
from summit.lib.database.numbers import fits_bigint
from summit.lib.i18n import clock
from summit.lib.web.requests import StaffRequest


def find_meeting(event: Event, code: str) -> Meeting:
    meeting = (
        Meeting.objects.filter(event=event, code=code).select_related("outcome").with_people()
    ).first()
    if meeting is None:
        raise Http404
    meeting.event = event
    return meeting


@at_meetings_desk
def meeting(request: StaffRequest, event: Event, code: str) -> HttpResponse:
    """Show a meeting, and record its outcome: one tap on this page, and it is saved."""
    found = find_meeting(event, code)
    stored: MeetingOutcome | None = getattr(found, "outcome", None)
    if request.method != "POST":
        return _page(request, event, found, OutcomeForm(initial=_initial(stored)))
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, event, found, form, status=422)
    given = form.cleaned_data
    try:
        made = outcome.record(found, by=request.user, **given)
    except outcome.OutcomeChanged as refusal:
        # Saved again, it takes the place of what somebody else recorded.
        again = request.POST.copy()
        again["version"] = str(MeetingOutcome.objects.get(meeting=found).version)
        form = OutcomeForm(again)
        form.full_clean()
        form.add_error(None, refusal.messages)
        return _page(request, event, find_meeting(event, code), form, status=409)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _page(request, event, find_meeting(event, code), form, status=409)
    messages.success(request, _("Recorded: %(kind)s") % {"kind": made.get_kind_display()})
    return redirect("meetings-meeting", slug=event.slug, code=code)


def _initial(stored: MeetingOutcome | None) -> dict[str, Any]:
    if stored is None:
        return {"version": 0}
    names = ("kind", "note", "next_step", "next_step_by", "due_on", "version")
    return {name: getattr(stored, name) for name in names}


def _page(
    request: StaffRequest,
    event: Event,
    found: Meeting,
    form: OutcomeForm,
    status: int | None = None,
) -> HttpResponse:
    version = timetable.published(event)
    placed = timetable.sittings(version, timetable.is_meeting(found)) if version else []
    context = frame(event, version) | {
        "meeting": found,
        "sitting": placed[0] if placed else None,
        "form": form,
        "outcome": getattr(found, "outcome", None),
        "kinds": MeetingOutcome.Kind.choices,
        "page": "meeting",
        "part": found.code,
        "may_have_outcome": found.status not in (Meeting.Status.CANCELLED, Meeting.Status.NO_SHOW),
        "stand_ins": offered(found),
    }
    return TemplateResponse(request, "desk/meeting.html", context, status=status)


@at_meetings_desk
def move(request: StaffRequest, event: Event, code: str) -> HttpResponse:
    """Move a meeting to another slot and table; the places offered break no rule."""
    found = find_meeting(event, code)
    notes: list[str] = []
    if request.method == "POST":
        try:
            slot, table = chosen_place(event, request.POST.get("place", ""))
            day_places.move_today(found, slot, table)
        except ValidationError as refusal:
            notes = refusal.messages
        else:
            messages.success(request, _("Moved. Its people are told by e-mail."))
            return redirect("meetings-meeting", slug=event.slug, code=code)
    try:
        places = day_places.places_to_move_to(found)
    except ValidationError as refusal:
        places, notes = [], refusal.messages
    version = timetable.published(event)
    placed = timetable.sittings(version, timetable.is_meeting(found)) if version else []
    context = frame(event, version) | {
        "meeting": found,
        "sitting": placed[0] if placed else None,
        "places": in_words(event, places),
        "notes": notes,
    }
    status = 409 if notes and request.method == "POST" else 200
    return TemplateResponse(request, "desk/meeting_move.html", context, status=status)


def in_words(event: Event, places: list[Place]) -> list[tuple[str, str]]:
    """Return each place as a form sends it and as a person reads it. Three queries."""
    slots = {slot.starts_at: slot for slot in MeetingSlot.objects.filter(event=event)}
    tables = {table.pk: table for table in MeetingTable.objects.filter(event=event)}
    interpreters = dict(Interpreter.objects.filter(event=event).values_list("pk", "name"))
    days = {slot.starts_at.astimezone(event.zone).date() for slot in slots.values()}
    told = []
    for place in places:
        slot, table = slots[place.slot.start], tables[place.table]
        local = slot.starts_at.astimezone(event.zone)
        when = clock.hours(local)
        if len(days) > 1:
            when = f"{clock.date(local.date())} {when}"
        parts = [when, table.name, str(table.room), interpreters.get(place.interpreter or 0, "")]
        told.append((f"{slot.pk}-{table.pk}", " · ".join(filter(None, parts))))
    return told


def chosen_place(event: Event, value: str) -> tuple[MeetingSlot, MeetingTable]:
    """Return the slot and table of ``in_words``. Raises ``ValidationError`` for anything else."""
    first, _dash, second = value[:40].partition("-")
    slot = table = None
    if fits_bigint(first) and fits_bigint(second):
        slot = MeetingSlot.objects.filter(event=event, pk=int(first)).first()
        table = MeetingTable.objects.filter(event=event, pk=int(second)).first()
    if slot is None or table is None:
        raise ValidationError(_("Choose a free place."), code="no_place")
    return slot, table
