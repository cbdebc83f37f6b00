"""Figures by kind, country, sector and the like: rows that each stand for a part of a figure.

A row is named by a value that stays the same in every language: ``keynote``, ``GB``,
the slug of a sector. The empty value stands for rows that do not say.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from events.models import Organization
from projects.models import FollowUp, Project, Sector
from projects.report.figures import attendance, gatherings, recommended, register
from projects.report.figures.base import Figure
from projects.report.populations import places_of_experts
from projects.report.subject import Subject
from registrations.models import Registration
from summit.lib.given import given
from summit.lib.i18n.bilingual import Text, pick
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words, column
from summit.lib.i18n.money import Currency, money

CENT = Decimal("0.01")


class UnknownRow(LookupError):
    """A breakdown has no such row."""


@dataclass(frozen=True)
class Row:
    """A part of a figure: how many rows of its model, and for sums of money how much."""

    value: str
    label: str
    number: int
    amount: Decimal | None = None

    @property
    def amount_in_words(self) -> str:
        """The sum of a row whose value is a currency: ``1,200,000 CNY``."""
        return money(self.amount, self.value)


@dataclass(frozen=True)
class Breakdown(ABC):
    """A figure by some property of its rows.

    ``options`` are the rows that are known beforehand and counted with the figure;
    ``grouped`` finds those that only the database knows, in one query.
    """

    key: str
    of: Figure
    label: Words
    definition: Words

    def options(self) -> list[tuple[str, Words]]:
        return []

    def grouped(self, subject: Subject) -> list[Row]:
        return []

    @abstractmethod
    def where(self, subject: Subject, value: str) -> Q:
        """The condition of one row within a subject. Raises ``UnknownRow``."""

    @abstractmethod
    def name(self, value: str) -> str:
        """What a row is called, as ``Row.label`` has it. Raises ``UnknownRow``."""

    def rows(self, subject: Subject, value: str) -> QuerySet[Any]:
        """The rows of the model that one row of the breakdown counts. Raises ``UnknownRow``."""
        return self.of.rows(subject).filter(self.where(subject, value))

    def ordered(self, rows: list[Row]) -> list[Row]:
        return rows


@dataclass(frozen=True)
class ByChoice(Breakdown):
    """By a field with choices, in their order."""

    field: str = ""

    def options(self) -> list[tuple[str, Words]]:
        [field] = [each for each in self.of.model._meta.fields if each.name == self.field]
        choices: Iterator[tuple[Any, Words]] = flatten_choices(given(field.choices))
        found = [(str(value), label) for value, label in choices]
        return [*found, ("", _("not given"))] if field.null else found

    def where(self, subject: Subject, value: str) -> Q:
        self.name(value)
        return Q(**{self.field: value or None})

    def name(self, value: str) -> str:
        return _known(dict(self.options()), value)


@dataclass(frozen=True)
class ByStatus(ByChoice):
    """By what has become of a registration, which an invitation is not."""

    def options(self) -> list[tuple[str, Words]]:
        return [each for each in super().options() if each[0] != Registration.Status.INVITED]


@dataclass(frozen=True)
class ByFinding(ByChoice):
    """By what a look at an intention found."""

    def options(self) -> list[tuple[str, Words]]:
        return [option for option in super().options() if option[0] in FollowUp.FINDINGS]


@dataclass(frozen=True)
class ByCountry(Breakdown):
    """By country or region, the most frequent first."""

    def grouped(self, subject: Subject) -> list[Row]:
        found = self.of.rows(subject).order_by().values_list("country").annotate(Count("pk"))
        return _most_first(Row(code, self.name(code), number) for code, number in found)

    def where(self, subject: Subject, value: str) -> Q:
        self.name(value)
        return Q(country=value)

    def name(self, value: str) -> str:
        if not value:
            return str(_("not given"))
        if value not in countries:
            raise UnknownRow(value)
        return str(countries.name(value))


@dataclass(frozen=True)
class ByOrganization(Breakdown):
    """Experts by the organizations at which they were then, the most frequent first."""

    def grouped(self, subject: Subject) -> list[Row]:
        names = [f"organization__{name}" for name in _names()]
        found = (
            places_of_experts(subject)
            .values_list("organization__slug", *names)
            .annotate(Count("expert", distinct=True))
        )
        return _most_first(Row(slug, _text(name), number) for slug, *name, number in found)

    def where(self, subject: Subject, value: str) -> Q:
        places = places_of_experts(subject).filter(organization__slug=value)
        return Q(pk__in=places.values("expert"))

    def name(self, value: str) -> str:
        return _name_of(Organization.objects.filter(slug=value), value)


@dataclass(frozen=True)
class BySector(Breakdown):
    """Projects by sector, the most frequent first; those without one at the end."""

    def options(self) -> list[tuple[str, Words]]:
        return [("", _("no sector given"))]

    def grouped(self, subject: Subject) -> list[Row]:
        names = [f"sector__{name}" for name in _names()]
        found = (
            Project.sectors.through.objects.filter(
                project__in=self.of.rows(subject).order_by().values("pk")
            )
            .order_by()
            .values_list("sector__slug", *names)
            .annotate(Count("pk"))
        )
        return _most_first(Row(slug, _text(name), number) for slug, *name, number in found)

    def where(self, subject: Subject, value: str) -> Q:
        ties = Project.sectors.through.objects.order_by()
        if value:
            return Q(pk__in=ties.filter(sector__slug=value).values("project"))
        return ~Q(pk__in=ties.values("project"))

    def name(self, value: str) -> str:
        if not value:
            return str(_("no sector given"))
        return _name_of(Sector.objects.filter(slug=value), value)

    def ordered(self, rows: list[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: not row.value)


@dataclass(frozen=True)
class Amounts(Breakdown):
    """Sums of money, each currency by itself: they are never added to each other."""

    field: str = ""

    @property
    def currency(self) -> str:
        return self.field.replace("amount", "currency")

    def grouped(self, subject: Subject) -> list[Row]:
        found = (
            self.of.rows(subject)
            .filter(**{f"{self.field}__isnull": False})
            .order_by(self.currency)
            .values_list(self.currency)
            .annotate(Count("pk"), Sum(self.field))
        )
        # SQLite adds fractions in binary, which leaves crumbs.
        return [
            Row(code, self.name(code), number, amount.quantize(CENT))
            for code, number, amount in found
        ]

    def where(self, subject: Subject, value: str) -> Q:
        self.name(value)
        return Q(**{self.currency: value, f"{self.field}__isnull": False})

    def name(self, value: str) -> str:
        return _known(dict(Currency.choices), value)


def _known(names: Mapping[str, Words], value: str) -> str:
    if value not in names:
        raise UnknownRow(value)
    return str(names[value])


def _names() -> list[str]:
    return [column("name", language) for language in CONTENT_LANGUAGES]


def _text(names: Iterable[str]) -> Text:
    return pick(dict(zip(CONTENT_LANGUAGES, names, strict=True)))


def _name_of(found: QuerySet[Organization] | QuerySet[Sector], value: str) -> str:
    row = found.first()
    if row is None:
        raise UnknownRow(value)
    return row.name


def _most_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.number, str(row.label)))


session_kinds = ByChoice(
    "session_kinds", gatherings.sessions, _("Sessions by kind"), _("What each session is."), "kind"
)
expert_countries = ByCountry(
    "expert_countries",
    gatherings.experts,
    _("Experts by country or region"),
    _("The country or region given in the expert’s profile."),
)
expert_organizations = ByOrganization(
    "expert_organizations",
    gatherings.experts,
    _("Experts by organization"),
    _(
        "The experts who belonged to each organization on the first day of the event; people "
        "with several affiliations count once per organization."
    ),
)
sectors = BySector(
    "sectors",
    recommended.projects,
    _("Projects by sector"),
    _("The projects recommended in each sector; one of several sectors counts in each."),
)
maturity = ByChoice(
    "maturity",
    recommended.projects,
    _("Projects by maturity"),
    _("The technology readiness level (TRL 1 to 9) of each project recommended."),
    "maturity",
)
registration_statuses = ByStatus(
    "registration_statuses",
    attendance.registrations,
    _("Registrations by status"),
    _("What has become of each registration."),
    "status",
)
registration_categories = ByChoice(
    "registration_categories",
    attendance.confirmed,
    _("Confirmed places by category"),
    _("What the people with a confirmed place said they are."),
    "category",
)
follow_up_outcomes = ByFinding(
    "follow_up_outcomes",
    register.follow_ups_done,
    _("Follow-ups done by outcome"),
    _("What each follow-up found."),
    "outcome",
)
intended_amounts = Amounts(
    "intended_amounts",
    register.signed,
    _("Intended amounts"),
    _(
        "The total of the amounts in signed intentions, as amended, for each currency, "
        "whatever the outcome."
    ),
    "intended_amount",
)
contracted_amounts = Amounts(
    "contracted_amounts",
    register.converted,
    _("Contracted amounts"),
    _("The sum of the amounts of the contracts that followed, for each currency by itself."),
    "contracted_amount",
)
