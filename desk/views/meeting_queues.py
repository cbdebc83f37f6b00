"""Queues at the tables (流水席): an overview of the hall, and the queue of one table."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.forms.meetings import PersonForm
from desk.views.access import at_meetings_desk
from desk.views.door import is_fetched
from desk.views.meeting_desk import MOST, frame, search_participants
from events.models import Event
from meetings.domain import queue
from meetings.models import MeetingTable, Participant, QueueEntry
from summit.lib.database.numbers import fits_bigint
from summit.lib.web.requests import StaffRequest

Status = QueueEntry.Status


@dataclass
class Line:
    """A table with who sits at it or is called, and who waits, each with a guess of minutes."""

    table: MeetingTable
    minutes: int
    standing: QueueEntry | None = None
    waiting: list[tuple[QueueEntry, int]] = field(default_factory=list)
    missed: list[QueueEntry] = field(default_factory=list)

    @property
    def begun_at(self) -> dt.datetime | None:
        meeting = self.standing.meeting if self.standing else None
        return meeting.begun_at if meeting else None

    @property
    def longest(self) -> int:
        """How many minutes somebody waits who comes now."""
        return queue.waiting_minutes(len(self.waiting), self.minutes, self.begun_at)


@at_meetings_desk
def queues(request: StaffRequest, event: Event) -> HttpResponse:
    """Show every queue; ``?table=A1`` that of one table, with the taps."""
    if request.method == "POST":
        return _posted(request, event)
    return _page(request, event, request.GET.get("table", ""))


def lines_of(event: Event) -> list[Line]:
    """Return the queues of all tables. Four queries, however many wait."""
    minutes = queue.minutes_of_tables(event)
    tables = MeetingTable.objects.filter(event=event).select_related("host__registration")
    lines = {table.pk: Line(table, minutes[table.pk]) for table in tables}
    entries = (
        QueueEntry.objects.filter(table__event=event)
        .exclude(status__in=[Status.DONE, Status.LEFT])
        .select_related("participant__registration", "meeting")
        .order_by("joined_at", "pk")
    )
    for entry in entries:
        line = lines[entry.table_id]
        if entry.status in (Status.CALLED, Status.AT_TABLE):
            line.standing = entry
        elif entry.status == Status.MISSED:
            line.missed.append(entry)
        else:
            line.waiting.append((entry, 0))
    for line in lines.values():
        line.waiting = [
            (entry, queue.waiting_minutes(before, line.minutes, line.begun_at))
            for before, (entry, _guess) in enumerate(line.waiting)
        ]
    return list(lines.values())


def _page(
    request: StaffRequest,
    event: Event,
    name: str,
    *,
    q: str = "",
    notes: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = lines_of(event)
    line = next((each for each in lines if each.table.name == name), None)
    found = _found(event, q) if line and q else []
    context = frame(event, None) | {
        "lines": lines,
        "line": line,
        "q": q[:200],
        "found": found[:MOST],
        "has_more": len(found) > MOST,
        "notes": notes or ([_("No one found.")] if q and not found else []),
    }
    template = "desk/queue.html" if line else "desk/queues.html"
    if is_fetched(request):
        template = "desk/queue_line.html" if line else "desk/queues_list.html"
    return TemplateResponse(request, template, context, status=status)


def _found(event: Event, text: str) -> list[Participant]:
    form = PersonForm({"q": text})
    return search_participants(event, form.cleaned_data["q"]) if form.is_valid() else []


def _call(line: MeetingTable) -> str:
    call = queue.call_next(line)
    passed = [
        _("Number %(number)d is at another table and was passed over.") % {"number": each.number}
        for each in call.passed_over
    ]
    if call.entry is None:
        return " ".join([*passed, _("Nobody can be called.")])
    said = _("Number %(number)d, %(name)s: please come to table %(table)s.") % {
        "number": call.entry.number,
        "name": call.entry.participant.registration.name,
        "table": line.name,
    }
    return " ".join([said, *passed])


ENTRY_TAPS: dict[str, Callable[[QueueEntry], QueueEntry]] = {
    "came": queue.came,
    "not-came": queue.take_back_came,
    "missed": queue.missed,
    "again": queue.wait_again,
    "not-called": queue.take_back_call,
    "leave": queue.leave,
    "finish": queue.finish,
}


def _posted(request: StaffRequest, event: Event) -> HttpResponse:
    name = request.POST.get("table", "")
    table = MeetingTable.objects.filter(event=event, name=name).first()
    if table is None:
        messages.error(request, _("This table is no longer there. Reload the page."))
        return redirect("meetings-queues", slug=event.slug)
    table.event = event
    if "q" in request.POST:
        return _page(request, event, name, q=request.POST["q"])
    try:
        said = _done(request, event, table)
    except ValidationError as refusal:
        return _page(request, event, name, notes=refusal.messages, status=409)
    if is_fetched(request):
        return _page(request, event, name, notes=[said] if said else [])
    if said:
        messages.success(request, said)
    address = reverse("meetings-queues", args=[event.slug])
    return redirect(f"{address}?{urlencode({'table': name})}")


def _done(request: StaffRequest, event: Event, table: MeetingTable) -> str:
    """Do what a button says, and return what is to be said aloud."""
    what, _colon, about = request.POST.get("do", "").partition(":")
    if what == "call":
        return _call(table)
    if what == "join":
        rows = Participant.objects.filter(event=event, registration__ticket=about[:20])
        person = rows.with_person().first()
        if person is None:
            raise ValidationError(_("No one found."), code="unknown")
        entry = queue.join(table, person)
        return _("%(name)s has number %(number)d.") % {
            "name": person.registration.name,
            "number": entry.number,
        }
    number = int(about) if fits_bigint(about) else 0
    waiting = QueueEntry.objects.filter(table=table, number=number).first()
    if waiting is None or what not in ENTRY_TAPS:
        raise ValidationError(_("This number is not in the queue."), code="unknown")
    waiting.table = table
    entry = ENTRY_TAPS[what](waiting)
    return f"{entry.number}: {entry.get_status_display()}"
