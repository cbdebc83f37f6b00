"""Counts the figures of meetings for a report."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Avg, Count
from django.utils.translation import gettext_lazy as _

from meetings.models import MeetingSettings, MeetingTotals
from meetings.report import figures, populations
from meetings.report.typed import add_up, totals_of
from meetings.report.use import Use, use_of
from projects.report.figures.base import Figure, Ratio
from projects.report.subject import Subject
from summit.lib.i18n.languages import Words

# Of fewer answers an average would tell what one person said.
FEWEST_ANSWERS = 5


@dataclass(frozen=True)
class Share:
    """A number that is worked out of more than rows of one kind."""

    key: str
    label: Words
    definition: Words
    # In per cent, or an average from 1 to 5.
    unit: Words


TABLES = Share(
    "meetings_use_of_tables",
    _("Use of tables"),
    _(
        "Places taken in the published schedule as a share of slots × tables; places of meetings "
        "to which somebody did not come are free again."
    ),
    "%",
)
INTERPRETERS = Share(
    "meetings_use_of_interpreters",
    _("Use of interpreters"),
    _(
        "Meetings with an interpreter in the published schedule as a share of the slots in which "
        "interpreters are there."
    ),
    "%",
)
AVERAGE = Share(
    "meetings_feedback_average",
    _("Usefulness, average"),
    _(
        "Average of the answers, from 1 to 5, of people whose other side came; it is told from "
        "five such answers on."
    ),
    _("of 5"),
)

# The order in which the report tells them.
ORDER: tuple[Figure | Ratio | Share, ...] = (
    *(figures.requested, figures.accepted, figures.acceptance_rate),
    *(figures.agreed, figures.scheduled, figures.over, figures.over_held, figures.held_rate),
    *(figures.held, figures.no_show, figures.replaced, figures.called_off),
    *(figures.participants, figures.participants_scheduled, figures.participants_met),
    *(TABLES, INTERPRETERS),
    *(figures.ended_with_intention, figures.first_contact, figures.keep_talking),
    *(figures.no_interest, figures.not_told),
    *(figures.drafted, figures.signed, figures.converted),
    *(figures.unwanted, figures.feedback, AVERAGE),
)


@dataclass(frozen=True)
class Number:
    """A figure with its number; ``typed`` is what of it was entered by hand."""

    figure: Figure | Ratio | Share
    number: int | float | None
    typed: int = 0

    @property
    def unit(self) -> str:
        if isinstance(self.figure, Share):
            return str(self.figure.unit)
        if isinstance(self.figure, Ratio):
            return "%"
        return str(self.figure.model._meta.verbose_name_plural)

    @property
    def is_percent(self) -> bool:
        return self.unit == "%"


@dataclass(frozen=True)
class MeetingsReport:
    """What a report tells of meetings. ``totals`` are those entered by hand."""

    numbers: list[Number]
    totals: list[MeetingTotals]
    is_offered: bool

    @property
    def is_told(self) -> bool:
        """Whether there is anything to tell: else a page leaves the section out."""
        return self.is_offered or bool(self.totals) or any(each.number for each in self.numbers)


def read(subject: Subject) -> MeetingsReport:
    """Count everything. Twelve queries, however many rows there are; three of no meetings."""
    totals = list(totals_of(subject))
    typed = add_up(totals)
    offered = MeetingSettings.objects.filter(subject.events("event")).exists()
    if offered or populations.MEETINGS.rows(subject).exists():
        counted, worked_out = _count(subject), _work_out(subject)
    else:
        counted = dict.fromkeys(figures.FIGURES, 0)
        worked_out = dict.fromkeys((TABLES.key, INTERPRETERS.key, AVERAGE.key))
    return MeetingsReport(list(_tell(counted, typed, worked_out)), totals, offered)


def _count(subject: Subject) -> dict[str, int]:
    """Count all figures: one query for each kind of row."""
    counted: dict[str, int] = {}
    for pool in dict.fromkeys(figure.pool for figure in figures.FIGURES.values()):
        of_pool = [each for each in figures.FIGURES.values() if each.pool is pool]
        told = {
            f"n{place}": Count("pk", filter=each.where(subject) or None)
            for place, each in enumerate(of_pool)
        }
        found = pool.rows(subject).order_by().aggregate(**told)
        counted |= {each.key: found[f"n{place}"] for place, each in enumerate(of_pool)}
    return counted


def _work_out(subject: Subject) -> dict[str, float | None]:
    use: Use = use_of(subject)
    answers = populations.FEEDBACK.rows(subject).filter(other_came=True).order_by()
    said = answers.aggregate(average=Avg("rating"), number=Count("pk"))
    average = round(said["average"], 1) if said["number"] >= FEWEST_ANSWERS else None
    return {
        TABLES.key: _percent(use.at_tables, use.places),
        INTERPRETERS.key: _percent(use.interpreted, use.presences),
        AVERAGE.key: average,
    }


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _tell(
    counted: dict[str, int], typed: dict[str, int], worked_out: dict[str, float | None]
) -> Iterator[Number]:
    for each in ORDER:
        if isinstance(each, Share):
            yield Number(each, worked_out[each.key])
        elif isinstance(each, Ratio):
            yield Number(each, each.of(counted))
        else:
            by_hand = typed.get(each.key, 0)
            yield Number(each, counted[each.key] + by_hand, by_hand)
