"""How many people a door expects, and how many of them came, today or in a session."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from events.models import Event, Session
from registrations.domain.event_days import days_of, shown_day
from registrations.models import CheckIn, Registration
from registrations.models.registration_queryset import IN_PERSON

Status = Registration.Status


@dataclass(frozen=True)
class Counts:
    """How many hold a place, how many of those came, and how many wait for a place.

    At a hybrid event these are in person; ``online`` hold a place online, where nobody arrives.
    """

    expected: int
    arrived: int
    waiting: int
    online: int = 0


def counts(event: Event, session: Session | None = None) -> Counts:
    """Count the event's people, today's arrivals at the door or all in ``session``. Two queries."""
    return counts_of([event], session)[event.pk]


def counts_of(events: Iterable[Event], session: Session | None = None) -> dict[int, Counts]:
    """Count the people of each event, by its primary key. Two queries."""
    events = list(events)
    pks = [event.pk for event in events]
    arrived = _came(events, session) if events else {}
    numbers = {
        row["event"]: (row["expected"], row["waiting"], row["online"])
        for row in Registration.objects.filter(event__in=pks)
        .order_by()
        .values("event")
        .annotate(
            expected=Count("pk", filter=IN_PERSON & Q(status__in=Registration.SEATED)),
            waiting=Count("pk", filter=IN_PERSON & Q(status=Status.WAITLISTED)),
            online=Count("pk", filter=~IN_PERSON & Q(status__in=Registration.SEATED)),
        )
    }
    return {
        pk: Counts(expected=expected, arrived=arrived.get(pk, 0), waiting=waiting, online=online)
        for pk in pks
        for expected, waiting, online in [numbers.get(pk, (0, 0, 0))]
    }


def _came(events: list[Event], session: Session | None) -> dict[int, int]:
    check_ins = CheckIn.objects.standing().filter(
        session=session, registration__status__in=Registration.SEATED
    )
    wanted = Q()
    for event in events:
        day = None if session else shown_day(event)
        here = Q(registration__event=event.pk)
        wanted |= here & Q(day=day) if day else here
    found = check_ins.filter(wanted).order_by().values("registration__event")
    counted = found.annotate(number=Count("registration", distinct=True))
    return dict(counted.values_list("registration__event", "number"))


def arrivals_by_day(event: Event) -> dict[dt.date, int]:
    """Count who arrived on each day of an event of several days, of those who hold a seat.

    Nothing for an event of one day. One query.
    """
    days = days_of(event)
    if len(days) == 1:
        return {}
    of_event = CheckIn.objects.standing().at_the_door().filter(registration__event=event)
    seated = of_event.filter(registration__status__in=Registration.SEATED).order_by()
    counted = dict(seated.values_list("day").annotate(Count("pk")))
    return {day: counted.get(day, 0) for day in days}
