"""Where what somebody proposes goes in a project: how it is read there, and written.

Those of experts are in ``submissions/expert_fields.py``.

A value is what JSON holds: a text, a list, or an amount as ``submissions/prices.py`` has it.
``read`` returns ``None`` where the project has nothing. ``write`` saves nothing but what refers
to a saved project (``is_after_save``).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from projects.models import Industry, Project
from projects.price_words import Price
from submissions.prices import price_of, value_of_price
from submissions.sections import read_section, write_section
from summit.lib.i18n.languages import column

type Value = Any


class Target(Protocol):
    # Whether it needs a project that is saved.
    is_after_save: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the fields of a project, for errors of its form."""

    def read(self, record: Any, language: str, /) -> Value: ...
    def write(self, record: Any, language: str, value: Value, /) -> None: ...


@dataclass(frozen=True)
class InText:
    """A text in the language of the submission."""

    name: str
    is_after_save = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, project: Project, language: str) -> Value:
        return getattr(project, column(self.name, language)) or None

    def write(self, project: Project, language: str, value: Value) -> None:
        setattr(project, column(self.name, language), value)


@dataclass(frozen=True)
class InSection:
    """A part of the description, under a heading in the language of the submission."""

    heading: Mapping[str, str]
    is_after_save = False
    columns = ("description",)

    def __hash__(self) -> int:
        return hash(tuple(self.heading.items()))

    def read(self, project: Project, language: str) -> Value:
        text = getattr(project, column("description", language))
        return read_section(text, self.heading[language]) or None

    def write(self, project: Project, language: str, value: Value) -> None:
        name = column("description", language)
        text = write_section(getattr(project, name), self.heading[language], value)
        setattr(project, name, text)


@dataclass(frozen=True)
class InColumn:
    """A value that is the same in both languages."""

    name: str
    is_after_save = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, project: Project, language: str) -> Value:
        value = getattr(project, self.name)
        return None if value in (None, "") else str(value)

    def write(self, project: Project, language: str, value: Value) -> None:
        field = Project._meta.get_field(self.name)
        setattr(project, self.name, field.to_python(value))  # type: ignore[union-attr]  # a column


@dataclass(frozen=True)
class InTerms:
    """Terms of a list that organizers edit, by their slugs."""

    name: str
    model: type[Model]
    is_after_save = True

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, project: Project, language: str) -> Value:
        if project.pk is None:
            return None
        return sorted(getattr(project, self.name).values_list("slug", flat=True)) or None

    def write(self, project: Project, language: str, value: Value) -> None:
        terms = list(self.model._default_manager.filter(slug__in=value))
        if len(terms) != len(set(value)):
            raise ValidationError(
                {self.name: _("A term was renamed or deleted meanwhile. Choose again.")},
                code="unknown_term",
            )
        getattr(project, self.name).set(terms)


class InIndustry:
    """The industry, by its code."""

    is_after_save = False
    columns = ("industry",)

    def read(self, project: Project, language: str) -> Value:
        return project.industry.code if project.industry else None

    def write(self, project: Project, language: str, value: Value) -> None:
        found = Industry.objects.filter(code=value).first()
        if found is None:
            raise ValidationError(
                {"industry": _("A term was renamed or deleted meanwhile. Choose again.")},
                code="unknown_term",
            )
        project.industry = found


class InYears:
    """From when until when a solution is needed, as years: from January until December."""

    is_after_save = False
    columns = ("needed_from", "needed_until")

    def read(self, project: Project, language: str) -> Value:
        days = (project.needed_from, project.needed_until)
        return [day.year if day else None for day in days] if any(days) else None

    def write(self, project: Project, language: str, value: Value) -> None:
        first, last = value
        project.needed_from = dt.date(first, 1, 1) if first else None
        project.needed_until = dt.date(last, 12, 31) if last else None


class InPrice:
    """What it may cost, or what is asked for it."""

    is_after_save = False
    columns = ("price_from", "price_to", "price_currency", "price_band")

    def read(self, project: Project, language: str) -> Value:
        if project.price_band:
            return value_of_price(Price(band=project.price_band))
        if not project.price_currency:
            return None
        return value_of_price(Price(project.price_from, project.price_to, project.price_currency))

    def write(self, project: Project, language: str, value: Value) -> None:
        price = price_of(value)
        if price is None:
            raise ValidationError(
                {
                    "price_from": _(
                        "This was not understood as an amount. Change it before you accept it, "
                        "such as to 50万元, 50-80万元, USD 20,000 or 面议; or leave it out."
                    )
                },
                code="no_amount",
            )
        project.price_from, project.price_to = price.first, price.last
        project.price_currency, project.price_band = price.currency, price.band
