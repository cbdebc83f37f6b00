"""Search forms whose state lives in the address of a page."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.choices import flatten_choices, normalize_choices
from django.utils.translation import pgettext_lazy
from django_countries import countries

from summit.lib.i18n.languages import Words
from summit.lib.i18n.likeness import one_line
from summit.lib.i18n.names import sort_key

MAX_QUERY = 200
MAX_TERMS = 8


class SearchField(forms.CharField):
    """A line to search for: any text at all is taken, cut where it would only cost time."""

    def clean(self, value: str | None) -> str:
        return " ".join(one_line((value or "")[:MAX_QUERY]).split()[:MAX_TERMS])


def country_choices(rows: QuerySet[Any]) -> list[tuple[str, Words]]:
    """Return “All” and the countries in which ``rows`` are, as their names are read. One query."""
    codes = rows.exclude(country="").order_by("country").values_list("country", flat=True)
    names = [(code, countries.name(code)) for code in codes.distinct()]
    return [
        ("", pgettext_lazy("countries", "All")),
        *sorted(names, key=lambda pair: sort_key(pair[1])),
    ]


class Active(NamedTuple):
    """A filter in force, with the query that leads to the page without it."""

    label: Words
    value: Words
    query_without: str


class FilterForm(forms.Form):
    """A form sent by GET that leaves out what it does not know, and names it in ``unknown``.

    An address may be old, cut off or made up: what is understood of it still
    filters. Fields are ``SearchField`` or (multiple) choice fields, none required.
    """

    data: QueryDict

    def __init__(self, query: QueryDict) -> None:
        super().__init__(QueryDict())
        self.query = query
        self.prepare()
        self.unknown: list[tuple[str, str]] = []
        self.data = self._understood(query)

    def prepare(self) -> None:
        """Set choices that come from the database; ``query`` has what was asked for."""

    def _understood(self, query: QueryDict) -> QueryDict:
        known = QueryDict(mutable=True)
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                values = [value for value in query.getlist(name) if value]
                if not isinstance(field, forms.MultipleChoiceField):
                    values = values[-1:]
                accepted = [value for value in dict.fromkeys(values) if field.valid_value(value)]
                self.unknown += [
                    (str(field.label), value[:60]) for value in values if value not in accepted
                ][:5]
            else:
                accepted = [text for text in [field.clean(query.get(name))] if text]
            if accepted:
                known.setlist(name, accepted)
        return known

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        """The fields that offer something to choose."""
        return [
            bound
            for bound in self
            if isinstance(bound.field, forms.ChoiceField) and any(_labels(bound.field))
        ]

    def chosen(self, name: str) -> list[str]:
        return self.data.getlist(name)

    @property
    def typed(self) -> str:
        """What to search for."""
        return self.data.get("q", "")

    @property
    def is_active(self) -> bool:
        return bool(self.data)

    def active(self) -> Iterable[Active]:
        """Yield the filters in force, for links that remove one each."""
        for name, values in self.data.lists():
            field = self.fields[name]
            labels = _labels(field) if isinstance(field, forms.ChoiceField) else {}
            for value in values:
                rest = self.data.copy()
                rest.setlist(name, [kept for kept in values if kept != value])
                yield Active(field.label or "", labels.get(value, value), rest.urlencode())


def _labels(field: forms.ChoiceField) -> dict[str, Words]:
    pairs: Iterator[tuple[Any, Words]] = flatten_choices(normalize_choices(field.choices))
    return {str(value): label for value, label in pairs}
