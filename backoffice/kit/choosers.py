"""The choosers of forms, which search as one types: what they offer, and how they name it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.db.models import Exists, ForeignKey, Model, OuterRef, Q, QuerySet

from events.models import Event
from summit.lib.database.numbers import fits_bigint
from summit.lib.i18n.languages import columns

# The parameter of a search that names the event within which it finds.
WITHIN = "within"
# The one that names the event whose rows it finds first.
NEAR = "near"


class _Chooser(AutocompleteMixin):
    """Names what is chosen as the search does. Of keys that were sent it shows what can be one.

    ``known`` has by their keys the labels of rows that the page has read already.
    """

    known: Mapping[str, str] = {}

    @property
    def media(self) -> forms.Media:
        # Named with Django's own, which it has to follow.
        ours = forms.Media(js=["admin/js/autocomplete.js", "admin-summit/choosers.js"])
        return super().media + ours

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        if _has_event(self.field.model) and _has_event(self.field.remote_field.model):
            attrs["data-within"] = "event"
        return attrs

    def optgroups(
        self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        chosen = [str(key) for key in value if key]
        if all(key in self.known for key in chosen):
            return _name_known(self, name, chosen)
        page = self.admin_site.get_model_admin(self.field.remote_field.model)
        self.choices.queryset = chooser_rows(page, self.choices.queryset)
        self.choices.field.label_from_instance = lambda row: chooser_label(page, row)
        return super().optgroups(name, [key for key in value if fits_bigint(str(key))], attr)


class KeySelect(_Chooser, AutocompleteSelect):
    pass


class KeySelectMultiple(_Chooser, AutocompleteSelectMultiple):
    pass


def _name_known(
    box: Any, name: str, chosen: Sequence[str]
) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
    """Return the options that are chosen, without asking the database for them again."""
    options = [
        box.create_option(name, key, box.known[key], True, number)
        for number, key in enumerate(chosen, 1)
    ]
    if not box.is_required and not box.allow_multiple_selected:
        options.insert(0, box.create_option(name, "", "", False, 0))
    return [(None, options, 0)]


def chooser_rows(page: ModelAdmin, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return rows with what their labels tell: the page's ``chooser_rows``, if it has one."""
    add_facts = getattr(page, "chooser_rows", None)
    return add_facts(rows) if add_facts else rows


def chooser_label(page: ModelAdmin, row: Model) -> str:
    """Return how a chooser names a row: the page's ``chooser_label``, if it has one."""
    label: str = getattr(page, "chooser_label", str)(row)
    return label


def rows_within(rows: QuerySet[Any], event: str) -> QuerySet[Any]:
    """Return of the rows of events those of one, whose key may be anything that was sent."""
    if not _has_event(rows.model):
        return rows
    return rows.filter(event=event) if fits_bigint(event) else rows.none()


def nearest_first(page: ModelAdmin, rows: QuerySet[Any], event: str) -> QuerySet[Any]:
    """Return the rows with those first that have a part in an event, as ``part_in`` of a page says.

    The key of the event may be anything that was sent.
    """
    part_in = getattr(page, "part_in", None)
    if part_in is None or not fits_bigint(event):
        return rows
    order = rows.query.order_by or rows.model._meta.ordering
    return rows.annotate(is_near=Exists(part_in(int(event)))).order_by("-is_near", *order)


def mark_namesakes(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    """Mark with ``has_namesake`` each row whose ``name`` another one bears, in either language."""
    alike = Q()
    for column in columns(name):
        alike |= Q(**{column: OuterRef(column)}) & ~Q(**{column: ""})
    others = rows.model._default_manager.filter(alike).exclude(pk=OuterRef("pk"))
    return rows.annotate(has_namesake=Exists(others))


def tell_apart(row: Any, *facts: object) -> str:
    """Return ``row · fact · fact``, with the address of the row's page where its name is not alone.

    The rows come from ``mark_namesakes``.
    """
    address = [row.slug] if row.has_namesake else []
    return " · ".join(str(each) for each in (row, *facts, *address) if each)


def _has_event(model: type[Model]) -> bool:
    found = next((field for field in model._meta.fields if field.name == "event"), None)
    return isinstance(found, ForeignKey) and found.remote_field.model is Event
