"""Counting: one query for each model, and one for each breakdown that only the database knows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Model, Q

from events.models import Appearance, Event
from projects.models import Recommendation
from projects.report import figures
from projects.report.breakdowns import Breakdown, Row
from projects.report.figures import Figure
from projects.report.pools import POOLS, Pool
from projects.report.scope import Scope
from projects.report.sections import BREAKDOWNS, FIGURES, OF_EACH_EVENT


@dataclass(frozen=True)
class EventLine:
    """One event of a series, with the figures of its own report that the series' tells."""

    event: Event
    numbers: dict[str, int]


@dataclass(frozen=True)
class Report:
    """All numbers of a scope, by the keys of their figures, and rows by those of breakdowns.

    ``events`` are those of a series, the earliest first.
    """

    scope: Scope
    numbers: dict[str, int]
    rows: dict[str, list[Row]]
    events: list[EventLine]


def read(scope: Scope) -> Report:
    """Count everything. At most 18 queries, however many rows there are."""
    of_events: dict[int, Counter[str]] = {}
    numbers: Counter[str] = Counter()
    for pool in POOLS:
        for event, counted in _counts(pool, scope):
            numbers.update(counted)
            if event is not None:
                of_events.setdefault(event, Counter()).update(counted)
    told = [each for each in FIGURES.values() if each.is_told_of(scope)]
    return Report(
        scope,
        {each.key: numbers[each.key] for each in told},
        {each.key: _rows(each, scope, numbers) for each in BREAKDOWNS.values()},
        _events(scope, of_events) if scope.is_series else [],
    )


def _counts(pool: Pool, scope: Scope) -> Iterable[tuple[int | None, dict[str, int]]]:
    """Yield the numbers of one model, event by event where a series' rows belong to one each."""
    conditions = dict(_conditions(pool, scope))
    if not conditions:
        return
    # The names that a database takes for columns are fewer than those of our figures.
    counted = {
        f"n{place}": Count("pk", filter=condition or None)
        for place, condition in enumerate(conditions.values())
    }
    rows = pool.rows(scope).order_by()
    if scope.is_series and pool.event:
        found = rows.values_list(pool.event).annotate(**counted)
        yield from (
            (event, dict(zip(conditions, of_event, strict=True))) for event, *of_event in found
        )
    else:
        yield None, dict(zip(conditions, rows.aggregate(**counted).values(), strict=True))


def _conditions(pool: Pool, scope: Scope) -> Iterable[tuple[str, Q]]:
    for figure in FIGURES.values():
        if figure.pool is pool and figure.is_told_of(scope):
            yield figure.key, figure.where(scope)
    for breakdown in BREAKDOWNS.values():
        if breakdown.of.pool is pool:
            for value, _label in breakdown.options():
                where = breakdown.of.where(scope) & breakdown.where(value)
                yield f"{breakdown.key}:{value}", where


def _rows(breakdown: Breakdown, scope: Scope, numbers: Counter[str]) -> list[Row]:
    known = [
        Row(value, str(label), numbers[f"{breakdown.key}:{value}"])
        for value, label in breakdown.options()
    ]
    return breakdown.ordered([*known, *breakdown.grouped(scope)])


def _events(scope: Scope, of_events: dict[int, Counter[str]]) -> list[EventLine]:
    # People and projects of a series are counted once in all, and once at each event.
    for figure, model, event, counted in (
        (figures.experts, Appearance, "session__event", "expert"),
        (figures.projects, Recommendation, "event", "project"),
    ):
        for pk, number in _distinct(scope, model, event, counted):
            of_events.setdefault(pk, Counter())[figure.key] = number
    events = Event.objects.filter(scope.events()).order_by("starts_at", "pk")
    told = ("slug", "title_en", "title_zh_hans", "status", "starts_at", "ends_at", "time_zone")
    return [
        EventLine(event, _told(OF_EACH_EVENT, of_events.get(event.pk, Counter())))
        for event in events.only(*told)
    ]


def _distinct(
    scope: Scope, model: type[Model], event: str, counted: str
) -> Iterable[tuple[int, int]]:
    rows = model._default_manager.filter(scope.published(event)).order_by()
    return rows.values_list(event).annotate(Count(counted, distinct=True))


def _told(keys: Iterable[Figure], numbers: Counter[str]) -> dict[str, int]:
    return {figure.key: numbers[figure.key] for figure in keys}
