"""What a call can ask for, and where each answer goes in a project.

The fields are those of the forms by which bureaus collect needs and projects. A call names by
their keys those that it asks for; what nobody asked for, or nobody answered, touches nothing.
"""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models import CooperationMode, Industry, Project, Sector
from projects.models.details import SolutionMode, Stage
from projects.models.disclosure import Disclosure
from submissions.kinds import CallKind
from submissions.targets import (
    InColumn,
    InIndustry,
    InPrice,
    InSection,
    InTerms,
    InText,
    InYears,
    Target,
)
from summit.lib.i18n.languages import Words
from summit.lib.i18n.likeness import one_line

type Options = Callable[[], list[tuple[str, Words]]]

NEED, TALENT, OFFER = CallKind.NEED, CallKind.TALENT, CallKind.OFFER


_CONTENT = {
    *("problem", "key_technology", "goal"),
    *("tasks", "headcount", "requirements", "offered"),
    *("summary", "advantages", "description"),
}


class Widget(enum.StrEnum):
    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    YEARS = "years"
    MONEY = "money"
    KEYWORDS = "keywords"
    PICTURE = "picture"
    FILE = "file"


@dataclass(frozen=True)
class Field:
    key: str
    label: Words
    widget: Widget
    target: Target
    kinds: tuple[CallKind, ...]
    help: Words = ""
    # How many characters a text may have.
    most: int = 0
    options: Options | None = None
    # Whether each call of its kinds asks for it.
    is_always_asked: bool = False
    # The row that it is of, in words, and its own language, where either has to be said.
    part: str = ""
    language: str = ""

    @property
    def whole_label(self) -> str:
        """The label, with the row that the field is of where that has to be said."""
        return f"{self.part} · {self.label}" if self.part else str(self.label)

    def as_sent_back(self, value: Any) -> Any:
        """Return a value as its box sends it back untouched."""
        if isinstance(value, str) and self.widget == Widget.TEXT:
            return value.replace("\r\n", "\n").strip()
        if isinstance(value, str) and self.widget in (Widget.LINE, Widget.KEYWORDS):
            return one_line(value)
        return value

    @property
    def is_about_content(self) -> bool:
        """Whether it is of the first part of the form: what one kind of call is about."""
        return self.is_always_asked or (len(self.kinds) == 1 and self.key in _CONTENT)


def _terms(model: type[Sector] | type[CooperationMode]) -> Options:
    return lambda: [(term.slug, term.name) for term in model.objects.all()]


def _industries() -> list[tuple[str, Words]]:
    return [(each.code, str(each)) for each in Industry.objects.order_by("code")]


def _disclosures() -> list[tuple[str, Words]]:
    return [
        (Disclosure.PUBLIC, _("Everything may be public")),
        (Disclosure.TITLE, _("Only the title may be public")),
        (Disclosure.PARTICIPANTS, _("Only participants of the event may see it")),
        (Disclosure.BUREAU, _("Only the organizers may see it")),
    ]


FIELDS = (
    # Needs
    Field(
        "need_title",
        _("Name of the need"),
        Widget.LINE,
        InText("title"),
        (NEED,),
        _("Such as: rapid blood test at the bedside."),
        most=200,
        is_always_asked=True,
    ),
    Field(
        "problem",
        _("Main problem"),
        Widget.TEXT,
        InText("summary"),
        (NEED,),
        _("What you cannot solve today, and where it occurs."),
        most=500,
    ),
    Field(
        "key_technology",
        _("Key technology needed"),
        Widget.TEXT,
        InSection({"en": "Key technology needed", "zh-hans": "技术关键"}),
        (NEED,),
        _("Which technology you look for, and what it has to do."),
        most=500,
    ),
    Field(
        "goal",
        _("Expected results"),
        Widget.TEXT,
        InSection({"en": "Expected results", "zh-hans": "预期目标"}),
        (NEED,),
        _("What is new about it, and what it is worth to you."),
        most=500,
    ),
    # Talent needs
    Field(
        "position",
        _("Position"),
        Widget.LINE,
        InText("title"),
        (TALENT,),
        _("Such as: head of diagnostics development."),
        most=200,
        is_always_asked=True,
    ),
    Field(
        "tasks",
        _("Tasks"),
        Widget.TEXT,
        InText("summary"),
        (TALENT,),
        _("What the person is to work on."),
        most=500,
    ),
    Field(
        "headcount",
        _("Number of people"),
        Widget.LINE,
        InSection({"en": "Number of people", "zh-hans": "需求人数"}),
        (TALENT,),
        most=20,
    ),
    Field(
        "requirements",
        _("Requirements"),
        Widget.TEXT,
        InSection({"en": "Requirements", "zh-hans": "任职要求"}),
        (TALENT,),
        _("Field, degree, experience, languages."),
        most=500,
    ),
    Field(
        "offered",
        _("What you offer"),
        Widget.TEXT,
        InSection({"en": "What is offered", "zh-hans": "提供的条件"}),
        (TALENT,),
        _("Salary, housing, laboratory, full time or part time."),
        most=500,
    ),
    # Offers
    Field(
        "offer_title",
        _("Name of the project"),
        Widget.LINE,
        InText("title"),
        (OFFER,),
        most=200,
        is_always_asked=True,
    ),
    Field(
        "summary",
        _("Summary"),
        Widget.TEXT,
        InText("summary"),
        (OFFER,),
        _("What it is and who it is for, in a few sentences."),
        most=600,
    ),
    Field(
        "advantages",
        _("Advantages and what is new"),
        Widget.TEXT,
        InText("advantages"),
        (OFFER,),
        _("What it does better than what is on the market."),
        most=1000,
    ),
    Field(
        "description",
        _("Full description"),
        Widget.TEXT,
        InText("description"),
        (OFFER,),
        most=5000,
    ),
    # What needs and offers have in common
    Field(
        "key_indicators",
        _("Key indicators"),
        Widget.TEXT,
        InText("key_indicators"),
        (NEED, OFFER),
        _("What can be measured, with numbers and units."),
        most=1000,
    ),
    Field(
        "existing_basis",
        _("Existing basis"),
        Widget.TEXT,
        InText("existing_basis"),
        (NEED,),
        _("Production lines, samples, data and staff that you have already."),
        most=500,
    ),
    Field(
        "keywords",
        _("Keywords"),
        Widget.KEYWORDS,
        InText("keywords"),
        (NEED, TALENT, OFFER),
        _("One to five, separated by commas."),
        most=300,
    ),
    Field(
        "stage",
        _("Stage"),
        Widget.CHOICE,
        InColumn("stage"),
        (OFFER,),
        options=lambda: [(value, label) for value, label in Stage.choices],
    ),
    Field(
        "maturity",
        _("Technology readiness level (TRL)"),
        Widget.CHOICE,
        InColumn("maturity"),
        (OFFER,),
        _("Leave it empty if you do not know it."),
        options=lambda: [(str(value), label) for value, label in Project.Maturity.choices],
    ),
    Field(
        "property_status",
        _("Intellectual property"),
        Widget.CHOICE,
        InColumn("property_status"),
        (OFFER,),
        options=lambda: [(value, label) for value, label in Project.PropertyStatus.choices],
    ),
    Field(
        "patent_numbers",
        _("Patent numbers"),
        Widget.TEXT,
        InColumn("patent_numbers"),
        (OFFER,),
        _("One on each line."),
        most=500,
    ),
    Field(
        "inventors",
        _("Inventors"),
        Widget.LINE,
        InSection({"en": "Inventors", "zh-hans": "主要完成人"}),
        (OFFER,),
        _("Only people who agree to be named."),
        most=300,
    ),
    Field(
        "sectors",
        pgettext_lazy("of technology", "Field"),
        Widget.CHOICES,
        InTerms("sectors", Sector),
        (NEED, TALENT, OFFER),
        options=_terms(Sector),
    ),
    Field(
        "industry",
        _("Industry"),
        Widget.CHOICE,
        InIndustry(),
        (NEED, OFFER),
        options=_industries,
    ),
    Field(
        "budget",
        _("Planned investment"),
        Widget.MONEY,
        InPrice(),
        (NEED,),
        _(
            "In units of 10,000 CNY, or with another currency: USD 20,000. The public page does "
            "not show it."
        ),
    ),
    Field(
        "price",
        _("Asking price"),
        Widget.MONEY,
        InPrice(),
        (OFFER,),
        _(
            "In units of 10,000 CNY, or with another currency: USD 20,000. The public page does "
            "not show it."
        ),
    ),
    Field(
        "needed",
        _("Needed from and until"),
        Widget.YEARS,
        InYears(),
        (NEED,),
    ),
    Field(
        "solution_mode",
        _("How the need is to be met"),
        Widget.CHOICE,
        InColumn("solution_mode"),
        (NEED,),
        options=lambda: [(value, label) for value, label in SolutionMode.choices],
    ),
    Field(
        "modes",
        _("Cooperation sought"),
        Widget.CHOICES,
        InTerms("modes", CooperationMode),
        (NEED, OFFER),
        options=_terms(CooperationMode),
    ),
    Field(
        "ownership_rule",
        _("Ownership of the results"),
        Widget.LINE,
        InText("ownership_rule"),
        (NEED,),
        _("Such as: joint ownership."),
        most=300,
    ),
    Field(
        "partner_conditions",
        _("Conditions for the partner"),
        Widget.TEXT,
        InText("partner_conditions"),
        (NEED, OFFER),
        _("What the other side must bring along."),
        most=500,
    ),
    Field(
        "disclosure",
        _("What may be public"),
        Widget.CHOICE,
        InColumn("disclosure"),
        (OFFER, NEED),
        options=_disclosures,
    ),
)
BY_KEY = {field.key: field for field in FIELDS}
TITLES = {NEED: "need_title", TALENT: "position", OFFER: "offer_title"}


def fields_of_kind(kind: str) -> list[Field]:
    """Return what a call of a kind can ask for, in the order of its form."""
    return [field for field in FIELDS if kind in field.kinds]


def fields_asked(kind: str, keys: Iterable[str]) -> list[Field]:
    """Return what a call asks for that names these keys, with what each one asks for."""
    named = set(keys)
    return [each for each in fields_of_kind(kind) if each.is_always_asked or each.key in named]
