"""What the page that asks before deleting lists."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.utils import NestedObjects, quote
from django.db import router
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import pgettext


class RowsToDelete(NestedObjects):
    """Leaves out rows that only tie two things together: "Project_sectors object (44)"."""

    def add_edge(self, source: Model | None, target: Model) -> None:
        if not target._meta.auto_created:
            super().add_edge(source, target)


def list_deleted(
    rows: Sequence[Model] | QuerySet[Model], request: HttpRequest, site: AdminSite
) -> tuple[list[Any], dict[str, int], set[str], list[SafeString]]:
    """Return what Django's ``get_deleted_objects`` does, with the colon of the language.

    The rows in a nested list, how many there are of each kind, the kinds that this person may
    not delete, and what stands in the way.
    """
    collector = RowsToDelete(using=router.db_for_write(type(rows[0])), origin=rows)
    collector.collect(rows)
    perms_needed: set[str] = set()

    def show(row: Model) -> SafeString:
        page = site._registry.get(type(row))
        if page and not page.has_delete_permission(request, row):
            perms_needed.add(str(row._meta.verbose_name))
        return link_to(row) if page else _line(row, str(row))

    to_delete = collector.nested(show)
    of_models = ((next(iter(found))._meta, found) for found in collector.model_objs.values())
    counts = {
        str(opts.verbose_name_plural): len(found)
        for opts, found in of_models
        if not opts.auto_created
    }
    return to_delete, counts, perms_needed, [show(row) for row in collector.protected]


def page_of(row: Model) -> str:
    """Return the address of the page that changes a row."""
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(row.pk)])


def link_to(row: Model) -> SafeString:
    """Return the kind of a row and its name, which leads to its page."""
    return _line(row, format_html('<a href="{}">{}</a>', page_of(row), row))


def _line(row: Model, name: str) -> SafeString:
    colon = pgettext("after the kind of a row", ": ")
    return format_html("{}{}{}", capfirst(row._meta.verbose_name), colon, name)
