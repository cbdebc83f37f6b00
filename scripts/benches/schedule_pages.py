"""What the organizers' pages of a large schedule cost, beside the list of attendees."""

import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

from django.db import connection

from meetings.domain.plan import Plan, Schedule, Span
from scripts.benches.measuring import asking, count_queries, verdict

if TYPE_CHECKING:
    # They can be imported only once Django is set up.
    from events.models import Event

QUERIES_AIM, ROUNDS = 12, 3


def run(plan: Plan, schedule: Schedule) -> bool:
    """Store the schedule, ask for each page, and print queries and CPU; return if they are few."""
    from tests.cast import make_superuser

    event, some = _stored(plan, schedule)
    browser = make_superuser()
    base = f"/admin/events/event/{event.pk}/schedule/"
    attendees = asking(browser, f"/admin/registrations/registration/?event__id__exact={event.pk}")
    _queries, usual = _cost(attendees)
    print(f"  attendee list: {usual:.0f} ms of CPU, on {connection.vendor}")
    good = True
    listed = f"/admin/meetings/meeting/?event__id__exact={event.pk}"
    for name, address in {
        "by person": base,
        "by table": f"{base}?show=tables",
        "without a place": f"{base}?show=open",
        "broken rules": f"{base}?show=rules",
        "changes": f"{base}?show=changes",
        "versions": f"{base}?show=versions",
        "one meeting": f"{base}?meeting={some}",
        "meetings": listed,
        "no outcome": f"{listed}&outcome=missing",
    }.items():
        queries, cpu = _cost(asking(browser, address))
        few = queries <= QUERIES_AIM
        good = good and few
        print(
            f"  {name:16}{queries:3} queries (aim {QUERIES_AIM}: {verdict(few)}), "
            f"{cpu:5.0f} ms of CPU, {cpu / usual:.1f} times the attendee list"
        )
    return good


def _cost(call: Callable[[], None]) -> tuple[int, float]:
    call()
    taken = []
    for _round in range(ROUNDS):
        began = time.process_time()
        call()
        taken.append((time.process_time() - began) * 1000)
    return count_queries(call), median(taken)


def _stored(plan: Plan, schedule: Schedule) -> tuple["Event", int]:
    """Make rows of a plan and of its schedule, as a draft; return a meeting of it as well."""
    from meetings.domain.drafting import check
    from meetings.domain.placing import replace_schedule, take_draft
    from meetings.domain.plan import Place
    from meetings.models import MeetingSlot, Participant
    from tests import factories
    from tests.meetings import rows

    start, end = plan.slots[0].start, plan.slots[-1].end
    event = rows.meeting_event(slots=0, tables=0, starts_at=start, ends_at=end)
    for slot in plan.slots:
        factories.save(MeetingSlot(event=event, starts_at=slot.start, ends_at=slot.end))
    people = {
        person.key: rows.participant(
            event,
            registration=factories.registered(event, name=f"Person {person.key}"),
            languages=sorted(person.languages),
        ).pk
        for person in plan.people.values()
    }
    tables = {
        each.key: rows.table(event, name=f"A{each.key}", order=each.key).pk for each in plan.tables
    }
    interpreters = {each.key: rows.interpreter(event).pk for each in plan.interpreters}
    meetings = {}
    for each in plan.meetings:
        one, other = (Participant(pk=people[side.must[0]], event=event) for side in each.sides)
        meetings[each.key] = rows.meeting(one, other, priority=each.priority).pk
    draft = take_draft(event)
    places = {
        meetings[key]: Place(
            Span(place.slot.start, place.slot.end),
            tables[place.table],
            frozenset(people[person] for person in place.people),
            interpreters[place.interpreter] if place.interpreter is not None else None,
        )
        for key, place in schedule.items()
    }
    replace_schedule(draft, places, locked=())
    check(draft)
    return event, next(iter(places))
