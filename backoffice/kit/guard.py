"""What no page of the admin lets anybody ask for."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters, InlineModelAdmin
from django.contrib.admin.utils import lookup_spawns_duplicates, quote
from django.contrib.admin.views.main import ChangeList
from django.db import DataError, IntegrityError
from django.db.models import IntegerField, Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from backoffice.kit.search import found_by_words
from summit.lib.database.numbers import fits_bigint

# Rows of an inline beyond those that were sent: numbers may be left out between them.
SPARE_ROWS = 10


class GuardedChangeList(ChangeList):
    """A list whose address takes the parameters of its own filters, and no other lookup.

    Django takes any lookup on any column: an expensive one keeps the database busy, such as
    ``?name__regex=``, and others tell letter by letter what no page shows.
    """

    def get_filters(self, request: HttpRequest) -> tuple:
        try:
            found = super().get_filters(request)
        except (OverflowError, ValueError) as error:
            # The years of Python end with 9999.
            raise IncorrectLookupParameters from error
        # Each filter has taken out of them what is its own.
        remaining = set(found[2])
        day = self.date_hierarchy
        if day and f"{day}__year" in self.filter_params:
            remaining -= {f"{day}__gte", f"{day}__lt"}
        if remaining:
            raise DisallowedModelAdminLookup("No filter of this list takes such a parameter.")
        return found

    # Of the pages of a row the one that the list leads to.
    leads_to = "change"

    @cached_property
    def _list_address(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def url_for_result(self, result: Model) -> str:
        """Return the address of a row, without looking a pattern up for each."""
        return f"{self._list_address}{quote(result.pk)}/{self.leads_to}/"

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except (DataError, OverflowError) as error:
            # A number that is too large, or the first day of the year 1 in a zone of the east.
            raise IncorrectLookupParameters from error


class GuardedAdmin(ModelAdmin):
    """The guard of every page of the admin; ``SummitAdminSite.register`` takes no other.

    Overrides ``get_changelist``, ``get_object``, ``get_search_results``, ``changeform_view``,
    ``get_formsets_with_inlines``, ``history_view`` and ``to_field_allowed``.

    A page on which people and the product change the same row says in ``lock_row(key)`` what
    it locks before it reads the row that is about to be saved.
    """

    # What a page puts in its place is a ``GuardedChangeList`` as well.
    changelist_class: type[GuardedChangeList] = GuardedChangeList

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return self.changelist_class

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Search for few words by likeness: each is looked for in every column."""
        columns = self.get_search_fields(request)
        if not columns:
            return queryset, False
        repeats = any(lookup_spawns_duplicates(self.opts, column) for column in columns)
        return found_by_words(queryset, columns, search_term), repeats

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        """Read a row; lock it first for somebody who posts and may change or delete it.

        Who may neither locks nothing. Called in a transaction: a page that only shows a row
        calls ``read_row``.
        """
        row = self.read_row(request, object_id, from_field)
        lock = getattr(self, "lock_row", None)
        if lock is None or row is None or request.method != "POST":
            return row
        permissions = (self.has_change_permission, self.has_delete_permission)
        if not any(has_permission(request, row) for has_permission in permissions):
            return row
        lock(row.pk)
        return self.read_row(request, object_id, from_field)

    def read_row(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        """Read a row without a lock. What is no key of a row finds none."""
        is_by_number = from_field is None and isinstance(self.opts.pk, IntegerField)
        if is_by_number and not fits_bigint(str(object_id)):
            return None
        return super().get_object(request, object_id, from_field)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Take a column alone for that by which a row is chosen: relations have names as well."""
        is_column = to_field in {field.name for field in self.opts.concrete_fields}
        return is_column and super().to_field_allowed(request, to_field)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Take a form once more that the database refused, which now says why."""
        save = super().changeform_view
        return try_twice(lambda: save(request, object_id, form_url, extra_context))

    def get_formsets_with_inlines(
        self, request: HttpRequest, obj: Model | None = None
    ) -> Iterator[tuple[type[BaseInlineFormSet], InlineModelAdmin]]:
        """Make as many rows of an inline as were sent; a number alone would make thousands."""
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            if request.method == "POST":
                sent = count_rows(request.POST, formset.get_default_prefix())
                formset.absolute_max = min(formset.absolute_max, sent + SPARE_ROWS)
            yield formset, inline

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return super().history_view(request, object_id, extra_context)


def try_twice[Done](call: Callable[[], Done]) -> Done:
    """Return what a call does that checks and writes, which is repeated if the database refuses it.

    A row that is chosen may be merged or deleted between the check and the end of the
    transaction, where the database looks. The second time the check finds it.
    """
    try:
        return call()
    except IntegrityError:
        return call()


def count_rows(sent: QueryDict, prefix: str) -> int:
    row = re.compile(rf"{re.escape(prefix)}-([0-9]+)-")
    return len({found[1] for found in map(row.match, sent) if found})
