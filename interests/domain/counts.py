"""Counting interests: those that are there, and those that were erased."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth

from interests.models import FromInterest, HandOver, Interest, InterestAnswer, InterestCount
from projects.models import CooperationIntention
from projects.report.subject import Subject

NUMBERS = ("received", "answered", "passed_on", "meetings")
# How far one came, as ``keep`` reads it.
_STEPS = ("is_answered", "is_passed_on", "meeting_requested_at")
Status = CooperationIntention.Status


def _is_answered() -> Exists:
    return Exists(InterestAnswer.objects.filter(interest=OuterRef("pk")))


def _is_passed_on() -> Exists:
    return Exists(HandOver.objects.filter(interest=OuterRef("pk")))


def keep(pks: Collection[int]) -> None:
    """Keep the numbers of interests that are about to be erased, but of spam. Two queries."""
    found = (
        Interest.objects.counted()
        .filter(pk__in=pks)
        .order_by()
        .annotate(month=TruncMonth("received_at"), is_answered=_is_answered())
        .annotate(is_passed_on=_is_passed_on())
        .values_list("month", "event", "project", "expert", *_STEPS)
    )
    counted: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for month, event, project, expert, is_answered, is_passed_on, met_at in found:
        counted[month, event, project, expert].update(
            received=1, answered=is_answered, passed_on=is_passed_on, meetings=met_at is not None
        )
    InterestCount.objects.bulk_create(
        InterestCount(
            month=month.date(), event_id=event, project_id=project, expert_id=expert, **numbers
        )
        for (month, event, project, expert), numbers in counted.items()
    )


@dataclass(frozen=True)
class Chain:
    """How far the interests of some events came, erased ones as well."""

    received: int
    answered: int
    passed_on: int
    meetings: int
    drafted: int
    signed: int
    converted: int


def chain_of(subject: Subject) -> Chain:
    """Count the chain from interest to contract for a report. Three queries."""
    there = (
        Interest.objects.counted()
        .filter(subject.events("event"))
        .annotate(is_answered=_is_answered(), is_passed_on=_is_passed_on())
        .order_by()
        .aggregate(
            received=Count("pk"),
            answered=Count("pk", filter=Q(is_answered=True)),
            passed_on=Count("pk", filter=Q(is_passed_on=True)),
            meetings=Count("pk", filter=Q(meeting_requested_at__isnull=False)),
        )
    )
    erased = InterestCount.objects.filter(subject.events("event")).aggregate(
        **{name: Sum(name, default=0) for name in NUMBERS}
    )
    drafted = FromInterest.objects.filter(subject.events("intention__event"))
    signed = ~Q(intention__status__in=CooperationIntention.UNCOUNTED)
    led_to = drafted.exclude(intention__status__in=[Status.ABANDONED, Status.VOIDED]).aggregate(
        drafted=Count("pk"),
        signed=Count("pk", filter=signed),
        converted=Count("pk", filter=Q(intention__status=Status.CONVERTED)),
    )
    return Chain(**{name: there[name] + erased[name] for name in NUMBERS}, **led_to)
