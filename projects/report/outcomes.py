"""What everybody may know of what came of a series: public facts, and totals of those alone."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from events.models import Appearance, EventSeries, Expert
from projects.models import CooperationIntention, Project, Recommendation
from projects.report.breakdowns import CENT, Row
from projects.report.charts import Chart, stacks
from projects.report.figures.register import converted, lapsed, standing, terminated
from projects.report.periods import Period, signing_periods

Status = CooperationIntention.Status


@dataclass(frozen=True)
class Fact:
    """A number of the public page, and one sentence that says what it counts."""

    label: str
    number: int
    definition: str


@dataclass(frozen=True)
class Outcomes:
    facts: list[Fact]
    intended: list[Row]
    contracted: list[Row]
    periods: list[Period]
    chart: Chart


def outcomes(series: EventSeries, events: Sequence[int]) -> Outcomes | None:
    """Count what is public; nothing where nothing was signed in public. At most 3 queries.

    ``events`` are the keys of those that are published. Drafts, confidential
    intentions, invisible events, experts and projects count nowhere; amounts only
    where both parties agreed that they are shown.
    """
    found = list(
        CooperationIntention.objects.visible()
        .filter(event__series=series)
        .order_by("signed_on")
        .values_list(
            *("signed_on", "status", "shows_amounts", "intended_currency", "contracted_currency")
        )
        .annotate(Count("pk"), Sum("intended_amount"), Sum("contracted_amount"))
    )
    if not found:
        return None
    days: Counter[tuple[dt.date, str]] = Counter()
    intended, contracted = _Sums(), _Sums()
    for day, status, shows_amounts, *currencies, number, intention_sum, contract_sum in found:
        days[day, status] += number
        if shows_amounts:
            intended.add(currencies[0], number, intention_sum)
            contracted.add(currencies[1], number, contract_sum)
    periods = signing_periods.periods([(*key, number) for key, number in days.items()])
    return Outcomes(
        _facts(events, days),
        intended.rows(),
        contracted.rows(),
        periods,
        stacks("outcomes", _("When they were signed, and what has come of them"), periods),
    )


class _Sums:
    """Sums of money, each currency by itself."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self._amounts: dict[str, Decimal] = {}

    def add(self, currency: str, number: int, amount: Decimal | None) -> None:
        if currency and amount is not None:
            self._numbers[currency] += number
            self._amounts[currency] = self._amounts.get(currency, Decimal(0)) + amount

    def rows(self) -> list[Row]:
        return [
            Row(currency, currency, self._numbers[currency], amount.quantize(CENT))
            for currency, amount in sorted(self._amounts.items())
        ]


def _facts(events: Sequence[int], days: Counter[tuple[dt.date, str]]) -> list[Fact]:
    appearances = Appearance.objects.filter(session__event__in=events).order_by()
    experts = Expert.objects.visible().filter(pk__in=appearances.values("expert"))
    recommended = Recommendation.objects.visible().filter(event__in=events).order_by()
    projects = Project.objects.filter(pk__in=recommended.values("project"))
    became: Counter[str] = Counter()
    for (_day, status), number in days.items():
        became[status] += number
    return [
        Fact(_("Events"), len(events), _("Events of this series; cancelled ones are left out.")),
        Fact(
            _("Experts"),
            experts.count(),
            _("Experts in the programmes of these events, each counted once."),
        ),
        Fact(
            _("Projects recommended"),
            projects.count(),
            _("Projects of the catalogue recommended at these events, each counted once."),
        ),
        Fact(
            _("Intentions signed"),
            became.total(),
            _("Cooperation intentions that were signed and are public; others are not counted."),
        ),
        Fact(_("Converted to a contract"), became[Status.CONVERTED], str(converted.definition)),
        Fact(_("In force"), became[Status.SIGNED], str(standing.definition)),
        Fact(_("Lapsed"), became[Status.LAPSED], str(lapsed.definition)),
        Fact(_("Terminated"), became[Status.TERMINATED], str(terminated.definition)),
    ]
