"""The published schedule on the page of a participant and of an interpreter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.models import Event
from meetings.calendar import known_of, place_of, schedule_file
from meetings.domain.calling_off import call_off as call_meeting_off
from meetings.domain.own_schedule import (
    Appointment,
    appointments_of,
    appointments_of_interpreter,
)
from meetings.models import Interpreter, Meeting, MeetingPerson, MeetingSettings, Participant
from projects.models import Project
from registrations.models import Registration
from summit.lib.i18n import clock
from summit.lib.i18n.languages import listed
from summit.lib.web.signed_links import INTERPRETER
from website.proven_here import page_key
from website.views.guards import View
from website.views.personal import keyed, personal


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as its page shows it."""

    number: int
    day: SafeString | str
    times: SafeString
    second: SafeString | str
    place: str
    people: Sequence[tuple[str, str, str]]
    with_interpreter: bool
    state: str
    may_call_off: bool
    projects: Sequence[Project]


def of_participant(view: Callable[..., HttpResponseBase]) -> View:
    """Find who takes part in meetings by the key of the registration; 404 for all others."""

    @personal
    @wraps(view)
    def load(request: HttpRequest, registration: Registration, **more: Any) -> HttpResponseBase:
        participant = Participant.objects.filter(registration=registration).first()
        if participant is None:
            raise Http404
        participant.event, participant.registration = registration.event, registration
        return view(request, participant, **more)

    return load


@of_participant
@require_safe
def schedule(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Show the own meetings: the next one first and large, then the others day by day."""
    second = participant.zone if participant.time_zone else participant.event.second_zone
    found = appointments_of(participant)
    context = {
        **_context(participant.event, found, second, _listed(found)),
        "code": page_key(participant.registration),
    }
    return TemplateResponse(request, "website/my_meeting_schedule.html", context)


@of_participant
def call_off(request: HttpRequest, participant: Participant, number: int) -> HttpResponse:
    """Ask for a reason, and call one of the own meetings off before it begins."""
    found = appointments_of(participant)
    appointment = next((each for each in found if each.meeting.pk == number), None)
    if appointment is None or not appointment.may_be_called_off:
        return redirect("my-meetings-schedule", code=page_key(participant.registration))
    error, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            call_meeting_off(appointment.meeting, reason=reason)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
        else:
            return redirect("my-meetings-schedule", code=page_key(participant.registration))
    context = {
        "event": participant.event,
        "code": page_key(participant.registration),
        "entry": _entry(appointment, participant.event, None, frozenset()),
        "error": error,
        "reason": reason,
        "longest": Meeting._meta.get_field("off_reason").max_length,
    }
    status = 422 if error else 200
    return TemplateResponse(request, "website/my_meeting_call_off.html", context, status=status)


@of_participant
@require_safe
def calendar(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Return all own meetings that are still to come, for a calendar."""
    found = [each for each in appointments_of(participant) if not each.is_over]
    rows = MeetingPerson.objects.filter(participant=participant)
    sequences = dict(rows.values_list("meeting", "sequence"))
    way = _way(participant.event)
    data = schedule_file([known_of(each, way) for each in found], sequences=sequences)
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = content_disposition_header(True, "meetings.ics")
    return response


def _interpreter(code: str) -> Interpreter | None:
    return Interpreter.objects.select_related("event").filter(code=code).first()


def of_interpreter(view: View) -> View:
    """Find the interpreter of a signed code. The link proves nothing."""
    return keyed(view, INTERPRETER, _interpreter, lambda _interpreter: None)


@of_interpreter
@require_safe
def interpreter(request: HttpRequest, person: Interpreter) -> HttpResponse:
    """Show an interpreter the own meetings: where, between which languages, and about what."""
    found = appointments_of_interpreter(person)
    context = {
        **_context(person.event, found, None, _listed(found)),
        "languages": listed(person.languages_in_words),
    }
    return TemplateResponse(request, "website/interpreter.html", context)


def _context(
    event: Event, found: list[Appointment], second: ZoneInfo | None, shown: frozenset[int]
) -> dict[str, Any]:
    """Return the next meeting, the others of each day from today on, and those that are over."""
    now = timezone.now()
    ahead = [each for each in found if not each.is_over and each.ends_at > now]
    over = [each for each in found if each not in ahead]
    entries = [_entry(each, event, second, shown) for each in ahead]
    days: dict[str, list[Entry]] = {}
    for entry in entries[1:]:
        days.setdefault(str(entry.day), []).append(entry)
    today = clock.day(event.today)
    return {
        "event": event,
        "zone": clock.zone_name(event.zone, event.starts_at),
        "second_city": clock.city_name(second) if second else "",
        "next": entries[0] if entries else None,
        "next_is_today": bool(entries) and str(entries[0].day) == today,
        "days": [(day, day == today, rows) for day, rows in days.items()],
        "over": [_entry(each, event, second, shown) for each in over],
        "way": _way(event),
    }


def _entry(
    appointment: Appointment, event: Event, second: ZoneInfo | None, shown: frozenset[int]
) -> Entry:
    span = clock.Span.of(appointment.starts_at, appointment.ends_at, event.zone)
    meeting = appointment.meeting
    is_agreed = meeting.status == Meeting.Status.AGREED
    return Entry(
        number=meeting.pk,
        day=clock.day(span.start.date()),
        times=clock.times(span),
        second=clock.in_second_zone(span, second) if second else "",
        place=place_of(appointment.table),
        people=[_person(each) for each in appointment.others],
        with_interpreter=appointment.interpreter is not None,
        state="" if is_agreed else str(Meeting.Status(meeting.status).label),
        may_call_off=appointment.may_be_called_off,
        projects=[each for each in appointment.projects if each.pk in shown],
    )


def _person(participant: Participant) -> tuple[str, str, str]:
    """Return name, organization and languages; never a contact."""
    registration = participant.registration
    if registration.erased_at:
        return _("somebody whose data was erased"), "", ""
    languages = listed(participant.languages_in_words)
    return registration.name, registration.organization_name, languages


def _listed(found: Iterable[Appointment]) -> frozenset[int]:
    """Return which of the projects everybody may see. At most one query."""
    keys = {project.pk for each in found for project in each.projects}
    if not keys:
        return frozenset()
    return frozenset(Project.objects.listed().filter(pk__in=keys).values_list("pk", flat=True))


def _way(event: Event) -> str:
    how = MeetingSettings.objects.filter(event=event).first()
    return how.way_to_tables if how else ""
