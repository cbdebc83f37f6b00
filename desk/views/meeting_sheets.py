"""Schedules of the meetings on paper: for the hall, and per table, person and interpreter.

They hold what the screens hold, from one source, and name the version and the time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from desk.views.access import at_meetings_desk
from desk.views.meeting_desk import frame
from events.models import Event
from meetings.domain import hall as halls
from meetings.domain import screen, timetable
from meetings.domain.timetable import Sitting
from meetings.models import Participant, ScheduleVersion
from registrations.domain import export_record as exports
from registrations.models import ExportRecord
from summit.lib.drawing.qr import qr
from summit.lib.i18n.languages import TAGS, current
from summit.lib.web.requests import StaffRequest

HALL, TABLES, PEOPLE, INTERPRETERS = "hall", "tables", "people", "interpreters"


@dataclass(frozen=True)
class Sheet:
    """What is printed on a page of its own: of whom or what, and the meetings."""

    title: str
    about: str
    sittings: list[Sitting]
    language: str
    # Opens what is on at the table, whichever meeting that is by then.
    code: SafeString = SafeString()
    # Whether each meeting has a code of its own, which opens its page.
    has_codes: bool = False

    @property
    def tag(self) -> str:
        return TAGS[self.language]

    @property
    def is_changed(self) -> bool:
        return any(sitting.moved_at for sitting in self.sittings)

    @property
    def rows(self) -> list[tuple[Sitting, SafeString]]:
        """Return each meeting with the code that opens its page at the table."""
        return [(each, _code(each) if self.has_codes else SafeString()) for each in self.sittings]


@at_meetings_desk
def sheets(request: StaffRequest, event: Event) -> HttpResponse:
    """Offer what is printed; that of the hall is read, those with names are posted and recorded."""
    version = timetable.published(event)
    what = (request.POST if request.method == "POST" else request.GET).get("sheet", "")
    if version is not None and what == HALL:
        return _hall(request, event, version)
    if version is not None and what in SHEETS and request.method == "POST":
        return _named(request, event, version, what)
    path = screen.path_of(event.meeting_settings)
    context = frame(event, version) | {
        "tables": list(event.meeting_tables.values_list("name", flat=True)),
        "screen_address": settings.SITE_URL + path if path else "",
        "may_open": request.user.has_perm("meetings.change_meetingsettings"),
    }
    return TemplateResponse(request, "desk/meeting_paper.html", context)


def _hall(request: StaffRequest, event: Event, version: ScheduleVersion) -> HttpResponse:
    context = _head(event, version) | {"blocks": halls.whole_day(version), "sheet": "hall"}
    return _private(TemplateResponse(request, "desk/print_hall.html", context))


def _named(
    request: StaffRequest, event: Event, version: ScheduleVersion, what: str
) -> HttpResponse:
    """Answer with sheets that name people, recorded before they are made."""
    found = timetable.sittings(version, timetable.is_seen(), _asked(request))
    made = SHEETS[what](found)
    if what == TABLES:
        made = [_with_codes(event, sheet, is_alone=len(made) == 1) for sheet in made]
    ticket = request.POST.get("ticket", "")
    if ticket:
        person = Participant.objects.filter(event=event, registration__ticket=ticket[:20]).first()
        made = of_people(found, only=person.pk if person else 0)
    only_changed = "changed" in request.POST
    if only_changed:
        made = [sheet for sheet in made if sheet.is_changed]
    if not made:
        messages.error(request, _("There is nothing to print."))
        return redirect("meetings-sheets", slug=event.slug)
    people = {seat.person.pk for sheet in made for each in sheet.sittings for seat in each.seats}
    record = exports.begin(
        event,
        by=request.user,
        user_name=request.user.get_username(),
        source=ExportRecord.Source.DESK,
        file_format="print",
        file_name=f"meetings-{what}-{event.slug}",
        columns=["name", "organization"],
        filters={"purpose": "meetings"},
        expected=len(people),
        request=request,
    )
    for _each in exports.counted(record, people):
        pass
    context = _head(event, version) | {
        "sheets": made,
        "sheet": what,
    }
    return _private(TemplateResponse(request, "desk/print_meetings.html", context))


def _asked(request: StaffRequest) -> Q:
    table = request.POST.get("table", "")
    return Q(table__name=table[:20]) if table else Q()


def _private(response: TemplateResponse) -> HttpResponse:
    response.render()
    response.headers["Cache-Control"] = "no-store"
    return response


def _head(event: Event, version: ScheduleVersion) -> dict[str, object]:
    return {
        "event": event,
        "version": version,
        "titles": [event.title],
        "now": timezone.now(),
        "page_url": reverse("meetings-sheets", args=[event.slug]),
        "is_wide": False,
    }


def _with_codes(event: Event, sheet: Sheet, *, is_alone: bool) -> Sheet:
    """Return a sheet with the code of its table; that of each meeting costs too much for many."""
    query = urlencode({"table": sheet.title})
    path = reverse("meetings-desk", args=[event.slug])
    return replace(sheet, code=qr(f"{settings.SITE_URL}{path}?{query}"), has_codes=is_alone)


def _code(sitting: Sitting) -> SafeString:
    meeting = sitting.meeting
    path = reverse("meetings-meeting", args=[meeting.event.slug, meeting.code])
    return qr(settings.SITE_URL + path)


def of_tables(found: list[Sitting]) -> list[Sheet]:
    groups: dict[int, list[Sitting]] = {}
    for each in sorted(found, key=lambda one: (one.table.order, one.table.name)):
        groups.setdefault(each.table.pk, []).append(each)
    return [
        Sheet(
            group[0].table.name,
            str(group[0].table.room),
            _in_time(group),
            current(),
        )
        for group in groups.values()
    ]


def of_people(found: list[Sitting], only: int | None = None) -> list[Sheet]:
    """Return a sheet for each person, in the language of their mails, by their names."""
    groups: dict[int, tuple[Participant, list[Sitting]]] = {}
    for each in found:
        for seat in each.seats:
            if only in (None, seat.person.pk):
                groups.setdefault(seat.person.pk, (seat.person, []))[1].append(each)
    ordered = sorted(groups.values(), key=lambda group: group[0].registration.sort_name)
    return [
        Sheet(
            person.registration.name,
            person.registration.organization_name,
            _in_time(group),
            person.registration.language,
        )
        for person, group in ordered
    ]


def of_interpreters(found: list[Sitting]) -> list[Sheet]:
    groups: dict[int, list[Sitting]] = {}
    for each in found:
        if each.interpreter is not None:
            groups.setdefault(each.interpreter.pk, []).append(each)
    made = []
    for group in groups.values():
        interpreter = group[0].interpreter
        if interpreter is not None:
            with translation.override(interpreter.language):
                about = " – ".join(interpreter.languages_in_words)
            made.append(Sheet(interpreter.name, about, _in_time(group), interpreter.language))
    return sorted(made, key=lambda sheet: sheet.title)


def _in_time(group: list[Sitting]) -> list[Sitting]:
    return sorted(group, key=lambda each: (each.starts_at, each.table.order))


SHEETS: dict[str, Callable[[list[Sitting]], list[Sheet]]] = {
    TABLES: of_tables,
    PEOPLE: of_people,
    INTERPRETERS: of_interpreters,
}
