"""The desk of an event's meetings: what is on at each table now and next, and who it is."""

from dataclasses import dataclass

from django.db.models import Case, Q, When
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.forms.meetings import PersonForm
from desk.views.access import at_meetings_desk
from desk.views.door import is_fetched
from events.models import Event
from meetings.domain import timetable
from meetings.domain.timetable import Sitting
from meetings.models import Participant, ScheduleVersion
from registrations.models import Registration
from summit.lib.i18n import clock
from summit.lib.i18n.likeness import fold
from summit.lib.web.requests import StaffRequest

# So many people of a search are shown.
MOST = 10
NOW, NEXT, EARLIER, OUTCOME = "now", "next", "earlier", "outcome"
SHOWS = (NOW, NEXT, EARLIER, OUTCOME)


@dataclass(frozen=True)
class Found:
    """Somebody whom a search found, with the meetings of the day."""

    person: Participant
    sittings: list[Sitting]


@at_meetings_desk
def meetings(request: StaffRequest, event: Event) -> HttpResponse:
    if event.meeting_settings.is_queue:
        return redirect("meetings-queues", slug=event.slug)
    version = timetable.published(event)
    if request.method == "POST":
        return _searched(request, event, version)
    show = request.GET.get("show", NOW)
    if show not in SHOWS:
        show = NOW
    # The code on the sheet of a table leads to it alone.
    table = request.GET.get("table", "")[:20]
    context = frame(event, version) | {"show": show, "only": table}
    if version is not None:
        context |= _list(version, show, table)
    return _answer(request, context)


def frame(event: Event, version: ScheduleVersion | None) -> dict[str, object]:
    """Return what every page of this desk says of the event, and when it was made."""
    now = timezone.now()
    return {
        "event": event,
        "version": version,
        "made_at": clock.hours(now.astimezone(event.zone)),
        "zone": clock.zone_name(event.zone, now),
        "refusal_of_event": _refusal_of(event),
    }


def _refusal_of(event: Event) -> str:
    if event.is_cancelled:
        return _("This event has been cancelled.")
    if event.is_postponed or event.is_draft:
        return _("This event is not published, so its meetings cannot be run.")
    return ""


def _list(version: ScheduleVersion, show: str, table: str) -> dict[str, object]:
    if show == NOW:
        rows = timetable.rows_of_now(version)
        return {"rows": [row for row in rows if table in ("", row.table.name)]}
    if show == NEXT:
        return {"sittings": timetable.next_call(version)}
    wanted = timetable.without_entry() if show == EARLIER else timetable.without_outcome()
    return {"sittings": timetable.sittings(version, wanted)}


def _answer(
    request: StaffRequest, context: dict[str, object], status: int | None = None
) -> HttpResponse:
    template = "desk/meetings_list.html" if is_fetched(request) else "desk/meetings.html"
    return TemplateResponse(request, template, context, status=status)


def _searched(request: StaffRequest, event: Event, version: ScheduleVersion | None) -> HttpResponse:
    form = PersonForm(request.POST)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    people = search_participants(event, q) if q else []
    shown = people[:MOST]
    all_sittings = timetable.sittings_of(version, (each.pk for each in shown)) if version else []
    found = [
        Found(
            person,
            [
                each
                for each in all_sittings
                if any(seat.person.pk == person.pk for seat in each.seats)
            ],
        )
        for person in shown
    ]
    context = frame(event, version) | {
        "show": "found",
        "found": found,
        # What was typed is shown again where the page is; it never enters an address.
        "q": request.POST.get("q", "")[:200],
        "has_more": len(people) > MOST,
    }
    template = "desk/meetings_found.html" if is_fetched(request) else "desk/meetings.html"
    return TemplateResponse(request, template, context)


def search_participants(event: Event, text: str) -> list[Participant]:
    """Return the admitted participants of a search, one more than is shown, by their names."""
    known = Registration.objects.filter(event=event, erased_at=None).search(text)
    begins = Q(registration__name__istartswith=text) | Q(
        registration__sort_name__startswith=fold(text)
    )
    return list(
        Participant.objects.admitted()
        .filter(event=event, registration__in=known.values("pk"))
        .with_person()
        .order_by(Case(When(begins, then=0), default=1), "registration__sort_name", "pk")[
            : MOST + 1
        ]
    )
