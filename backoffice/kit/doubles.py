"""Rows that look alike, side by side with what tells them apart."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.kit.choosers import KeySelectMultiple, chooser_label, chooser_rows
from events.domain.merging import MOST
from events.domain.references import references_to
from events.domain.told_apart import still_alike, without_told_apart
from events.models.limits import Person
from events.models.scope import readable
from summit.lib.web.requests import StaffRequest

if TYPE_CHECKING:
    from backoffice.kit.model_admin import SummitAdmin

GROUPS_PER_PAGE = 25


class ChooseOthers(forms.Form):
    """Chooses the rows with which one is merged."""

    rows: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=None, label=gettext_lazy("Merge with")
    )

    def __init__(self, page: "SummitAdmin", row: Model) -> None:
        super().__init__()
        # Any field that chooses such rows.
        through = next(
            each.field for each in references_to(page.model) if not each.model._meta.auto_created
        )
        others = page.model._default_manager.exclude(pk=row.pk)
        field = self.fields["rows"]
        field.widget = KeySelectMultiple(through, page.admin_site)
        field.queryset = others  # type: ignore[attr-defined]  # of a choice among rows


@dataclass
class Double:
    """One of the rows of a group, with the cells of its line."""

    row: Any
    label: str
    cells: list[Any]


@dataclass
class Group:
    doubles: list[Double]
    # How many more there are than are shown.
    more: int


def alike_to(page: "SummitAdmin", row: Any, reader: Person) -> list[tuple[Any, str]]:
    """Return the rows that look like one, each with what tells it apart, at most ``MOST``.

    A query that reads all of them, and those of the labels.
    """
    others = readable(without_told_apart(page.model._default_manager.all(), row), reader)
    keys = [each.pk for each in others.alike(*row.likeness_keys())[:MOST]]
    rows = chooser_rows(page, others.filter(pk__in=keys)).order_by("pk") if keys else ()
    return [(each, _label(page, each)) for each in rows]


def show_doubles(page: "SummitAdmin", request: StaffRequest, may_merge: bool) -> HttpResponse:
    """Answer with the rows of a page that look alike, in groups, a page of groups at a time.

    Costs a query that reads the names of all rows, and the same few however many there are.
    """
    if not page.has_view_permission(request):
        raise PermissionDenied
    found: list[list[int]] = readable(page.model._default_manager.all(), request.user).doubles()
    groups = still_alike(page.model, found)
    shown = Paginator(groups, GROUPS_PER_PAGE).get_page(request.GET.get("p"))
    keys = [key for group in shown for key in group[:MOST]]
    rows = chooser_rows(page, page.get_queryset(request)).in_bulk(keys)
    # The first column is the name, of which the label tells more; the last one the languages.
    names = list(page.get_list_display(request))[1:-1]
    opts = page.opts
    return TemplateResponse(
        request,
        "backoffice/doubles.html",
        {
            **page.admin_site.each_context(request),
            "title": _("Possible duplicates"),
            "opts": opts,
            "page": shown,
            "may_merge": may_merge,
            "headings": [capfirst(str(label_for_field(name, page.model, page))) for name in names],
            "groups": [
                Group(
                    [_double(page, rows[key], names) for key in group[:MOST] if key in rows],
                    max(len(group) - MOST, 0),
                )
                for group in shown
            ],
        },
    )


def _double(page: "SummitAdmin", row: Any, names: list[Any]) -> Double:
    return Double(row, _label(page, row), [_cell(page, row, name) for name in names])


def _label(page: "SummitAdmin", row: Any) -> str:
    """Name a row as a chooser does where another one bears its name: with its address."""
    row.has_namesake = True
    return chooser_label(page, row)


def _cell(page: "SummitAdmin", row: Any, name: Any) -> Any:
    field, _attribute, value = lookup_field(name, row, page)
    return value if field is None else display_for_field(value, field, "—")
