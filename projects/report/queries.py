"""Counting: one query for each model, and one for each breakdown that only the database knows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Model, Q

from events.models import Appearance, Event
from projects.models import Recommendation
from projects.report.breakdowns import Breakdown, Row
from projects.report.figures import attendance, gatherings, recommended
from projects.report.figures.base import Figure
from projects.report.layout import BREAKDOWNS, FIGURES, OF_EACH_EVENT
from projects.report.populations import POOLS, Pool
from projects.report.subject import Subject


@dataclass(frozen=True)
class EventLine:
    """One event of a series, with the figures of its own report that the series' tells."""

    event: Event
    numbers: dict[str, int]


@dataclass(frozen=True)
class Report:
    """All numbers of a subject, by the keys of their figures, and rows by those of breakdowns.

    ``events`` are those of a series, the earliest first; ``typed`` are the events at which
    nobody registered here, and whose attendance was typed.
    """

    subject: Subject
    numbers: dict[str, int]
    rows: dict[str, list[Row]]
    events: list[EventLine]
    typed: list[Event]


def read(subject: Subject) -> Report:
    """Count everything. At most 19 queries, however many rows there are."""
    of_events: dict[int, Counter[str]] = {}
    numbers: Counter[str] = Counter()
    for pool in POOLS:
        for event, counted in _counts(pool, subject):
            numbers.update(counted)
            if event is not None:
                of_events.setdefault(event, Counter()).update(counted)
    told = [each for each in FIGURES.values() if each.is_told_of(subject)]
    return Report(
        subject,
        {each.key: numbers[each.key] for each in told},
        {each.key: _rows(each, subject, numbers) for each in BREAKDOWNS.values()},
        _events(subject, of_events) if subject.is_series else [],
        list(attendance.typed(subject)),
    )


def _counts(pool: Pool, subject: Subject) -> Iterable[tuple[int | None, dict[str, int]]]:
    """Yield the numbers of one model, event by event where a series' rows belong to one each."""
    conditions = dict(_conditions(pool, subject))
    if not conditions:
        return
    # The names that a database takes for columns are fewer than those of our figures.
    counted = {
        f"n{place}": Count("pk", filter=condition or None)
        for place, condition in enumerate(conditions.values())
    }
    rows = pool.rows(subject).order_by()
    if subject.is_series and pool.event:
        found = rows.values_list(pool.event).annotate(**counted)
        yield from (
            (event, dict(zip(conditions, of_event, strict=True))) for event, *of_event in found
        )
    else:
        yield None, dict(zip(conditions, rows.aggregate(**counted).values(), strict=True))


def _conditions(pool: Pool, subject: Subject) -> Iterable[tuple[str, Q]]:
    for figure in FIGURES.values():
        if figure.pool is pool and figure.is_told_of(subject):
            yield figure.key, figure.where(subject)
    for breakdown in BREAKDOWNS.values():
        if breakdown.of.pool is pool:
            for value, _label in breakdown.options():
                where = breakdown.of.where(subject) & breakdown.where(subject, value)
                yield f"{breakdown.key}:{value}", where


def _rows(breakdown: Breakdown, subject: Subject, numbers: Counter[str]) -> list[Row]:
    known = [
        Row(value, str(label), numbers[f"{breakdown.key}:{value}"])
        for value, label in breakdown.options()
    ]
    return breakdown.ordered([*known, *breakdown.grouped(subject)])


def _events(subject: Subject, of_events: dict[int, Counter[str]]) -> list[EventLine]:
    # People and projects of a series are counted once in all, and once at each event.
    for figure, model, event, counted in (
        (gatherings.experts, Appearance, "session__event", "expert"),
        (recommended.projects, Recommendation, "event", "project"),
    ):
        for pk, number in _distinct(subject, model, event, counted):
            of_events.setdefault(pk, Counter())[figure.key] = number
    events = Event.objects.filter(subject.events()).order_by("starts_at", "pk")
    told = ("slug", "title_en", "title_zh_hans", "status", "starts_at", "ends_at", "time_zone")
    return [
        EventLine(event, _count_reported(OF_EACH_EVENT, of_events.get(event.pk, Counter())))
        for event in events.only(*told)
    ]


def _distinct(
    subject: Subject, model: type[Model], event: str, counted: str
) -> Iterable[tuple[int, int]]:
    rows = model._default_manager.filter(subject.published(event)).order_by()
    return rows.values_list(event).annotate(Count(counted, distinct=True))


def _count_reported(keys: Iterable[Figure], numbers: Counter[str]) -> dict[str, int]:
    return {figure.key: numbers[figure.key] for figure in keys}
