"""The days of an event, on each of which a person arrives once."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from events.models import Event
from registrations.models import CheckIn
from registrations.models.check_in import CheckInQuerySet
from summit.lib.i18n.clock import Span

# Until then a night belongs to the evening before it: a dinner that ends at one is of one day.
NIGHT = dt.timedelta(hours=4)
# What lasts no longer is of one day, on whichever side of midnight.
ONE_DAY = dt.timedelta(hours=12)


def days_of(event: Event) -> list[dt.date]:
    """Return the days of the event in its zone; a night that ends before four is no other day.

    An event of twelve hours at most has one day.
    """
    span = Span.of(event.starts_at, event.ends_at, event.zone)
    days = span.days
    if event.ends_at - event.starts_at <= ONE_DAY:
        return days[:1]
    ends_at_night = (span.end - NIGHT).date() < days[-1]
    return days[:-1] if len(days) > 1 and ends_at_night else days


def day_at(event: Event, moment: dt.datetime | None = None) -> dt.date:
    """Return of which day an arrival is that is recorded at ``moment``, by default now.

    Who comes before the first day is there on the first, and after the last day on the last.
    """
    days = days_of(event)
    local = (moment or timezone.now()).astimezone(event.zone)
    return min(max((local - NIGHT).date(), days[0]), days[-1])


def counted_day(event: Event, moment: dt.datetime | None = None) -> dt.date | None:
    """Return the day whose arrivals a door counts; ``None`` where the event has one day.

    At an event of one day an arrival counts whenever it was recorded.
    """
    return day_at(event, moment) if len(days_of(event)) > 1 else None


def shown_day(event: Event) -> dt.date | None:
    """Return the day whose arrivals are shown: none once the event is over, for all count then."""
    return counted_day(event) if timezone.now() < event.ends_at + NIGHT else None


@transaction.atomic
def fill_days(check_ins: CheckInQuerySet | None = None) -> int:
    """Give each check-in without a day the day on which it was made; return how many.

    The release before wrote none. Some queries an event that has such check-ins.
    """
    rows = CheckIn.objects.all() if check_ins is None else check_ins
    rows = rows.filter(day=None).order_by()
    filled = 0
    for pk in list(rows.values_list("registration__event", flat=True).distinct()):
        event = Event.objects.only("starts_at", "ends_at", "time_zone").get(pk=pk)
        of_event = rows.filter(registration__event=pk)
        *earlier, last = days_of(event)
        for day in earlier:
            night = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), event.zone) + NIGHT
            filled += of_event.filter(checked_in_at__lt=night).update(day=day)
        filled += of_event.update(day=last)
    return filled
