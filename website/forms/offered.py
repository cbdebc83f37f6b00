"""What the catalogue offers to filter by: terms of lists, and what its projects have."""

from collections import defaultdict
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Value
from django.db.models.functions import Left

from events.models import District
from projects.models import CooperationMode, Industry, Project, Sector
from projects.models.details import Stage
from summit.lib.i18n.bilingual import text_of
from summit.lib.i18n.languages import Words, columns

type Choices = list[tuple[str, Words]]

_COLUMNS = ("of", "value", *columns("name"), "place")


def offered() -> dict[str, Choices]:
    """Return the choices of sectors, modes, stages, districts and sections of industries.

    Of the last three those that public projects of the catalogue have. One query.
    """
    projects = Project.objects.visible().open().order_by()
    sections = projects.annotate(section=Left("industry__code", 1)).values("section")
    of_districts = projects.filter(district=OuterRef("pk"))
    lists = [
        _terms("sector", Sector.objects.all()),
        _terms("mode", CooperationMode.objects.all()),
        _terms("district", District.objects.filter(Exists(of_districts))),
        _terms("industry", Industry.objects.filter(code__in=sections), value="code"),
        _stages(projects),
    ]
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in lists[0].union(*lists[1:], all=True).order_by():
        found[row["of"]].append(row)
    choices: dict[str, Choices] = {
        of: [(row["value"], text_of(row, "name")) for row in sorted(rows, key=_place)]
        for of, rows in found.items()
    }
    had = {value for value, _name in choices.pop("stage", [])}
    return choices | {"stage": [each for each in Stage.choices if each[0] in had]}


def _place(row: dict[str, Any]) -> tuple[int, str]:
    return row["place"], row["value"]


def _terms(of: str, rows: QuerySet[Any], value: str = "slug") -> QuerySet[Any]:
    named = rows.order_by().annotate(of=Value(of), value=F(value), place=F("order"))
    return named.values(*_COLUMNS)


def _stages(projects: QuerySet[Any]) -> QuerySet[Any]:
    """Return the stages of projects as rows of the same columns."""
    names = {name: Value("") for name in columns("name")}
    rows = projects.exclude(stage="").annotate(
        of=Value("stage"), value=F("stage"), place=Value(0, IntegerField()), **names
    )
    return rows.values(*_COLUMNS).distinct()
