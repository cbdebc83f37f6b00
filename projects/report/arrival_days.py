"""Arrivals at an event of several days, by day."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from projects.report.breakdowns import Breakdown, Row, UnknownRow
from projects.report.figures import attendance
from projects.report.subject import Subject
from registrations.domain.event_days import days_of
from registrations.models import CheckIn
from registrations.models.check_in import CheckInQuerySet
from summit.lib.i18n import clock


@dataclass(frozen=True)
class ByDay(Breakdown):
    """By day of an event that has several, each day with those who came; nothing of a series."""

    def grouped(self, subject: Subject) -> list[Row]:
        event = subject.row
        if not isinstance(event, Event) or len(days_of(event)) == 1:
            return []
        people = self.of.rows(subject).order_by().values("pk")
        arrivals = _at_the_door().filter(registration__in=people).order_by()
        counted = dict(arrivals.values_list("day").annotate(Count("registration", distinct=True)))
        if not counted:
            return []
        days = [day.isoformat() for day in days_of(event)]
        numbers = {str(day or ""): number for day, number in counted.items()}
        return [Row(day, self.name(day), numbers.get(day, 0)) for day in days]

    def where(self, subject: Subject, value: str) -> Q:
        return Q(Exists(_at_the_door().filter(registration=OuterRef("pk"), day=_day(value))))

    def name(self, value: str) -> str:
        return clock.day(_day(value))


def _at_the_door() -> CheckInQuerySet:
    return CheckIn.objects.standing().at_the_door()


def _day(value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise UnknownRow(value) from error


arrival_days = ByDay(
    "arrival_days",
    attendance.arrived,
    _("People who arrived, by day"),
    _("Of an event of several days: how many people were checked in at the door on each."),
)
