"""The page on which a list of the admin is exported: the whole list, or the rows ticked."""

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from backoffice.kit.actions import ALL
from backoffice.kit.exporting.again import ForImport
from backoffice.kit.exporting.exporter import AGAIN, AS_SHOWN, Exporter
from backoffice.kit.exporting.table import ExportList, Table
from summit.lib.database.numbers import rows_by_keys
from summit.lib.web.requests import StaffRequest

if TYPE_CHECKING:
    from backoffice.kit.model_admin import SummitAdmin

_ENDING = re.compile(r"(?:__id)?__exact\Z")
# What the value of a filter may look like that is recorded: a key, a code, a day.
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9_.:, +-]{1,60}")


class ExportPage:
    """A view for one request. ``keys`` are those of the rows that were ticked, or ``all``."""

    def __init__(
        self, model_admin: "SummitAdmin", request: StaffRequest, keys: str, what: ExportList
    ) -> None:
        self.model_admin, self.request, self.keys, self.what = model_admin, request, keys, what

    def respond(self) -> HttpResponseBase:
        asked = self.what.permission
        may_export = not asked or self.request.user.has_perm(asked)
        if not (may_export and self.model_admin.has_view_permission(self.request)):
            raise PermissionDenied
        try:
            changelist = self.model_admin.get_changelist_instance(self.request)
            rows = self._find(changelist)
        except IncorrectLookupParameters:
            # The list says so, and shows all of it.
            return HttpResponseRedirect(self._list_url())
        count = rows.count()
        if not count:
            messages.warning(self.request, _("There are no rows to export."))
            return HttpResponseRedirect(self._list_url())
        is_all = self.keys == ALL
        return Exporter(
            self.request,
            rows,
            count,
            tables=self._tables(),
            opts=self.model_admin.opts,
            title=_("Export this list") if is_all else _("Export the selected rows"),
            back=self._list_url(),
            filters=recorded_filters(changelist) | ({} if is_all else {"selected": True}),
            is_of_people=bool(asked),
        ).respond()

    def _find(self, changelist: ChangeList) -> QuerySet[Any]:
        """Return the rows in the order of the list."""
        rows = changelist.get_queryset(self.request)
        return rows if self.keys == ALL else rows_by_keys(rows, self.keys.split(","))

    def _tables(self) -> dict[str, Table]:
        """Return what the rows can be exported as: the list, and what its import reads again."""
        tables: dict[str, Table] = {AS_SHOWN: self.what}
        resource = getattr(self.model_admin, "resource", None)
        # Of pages that import: whoever may not has no use for the other file.
        if resource is not None and self.model_admin.has_import_permission(self.request):  # type: ignore[attr-defined]
            tables[AGAIN] = ForImport(self.what.name, resource())
        return tables

    def _list_url(self) -> str:
        opts = self.model_admin.opts
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        query = self.request.GET.urlencode()
        return f"{address}?{query}" if query else address


def recorded_filters(changelist: ChangeList) -> dict[str, object]:
    """Return what a list is filtered by, without any text that was typed.

    The value of a filter is kept where it is one that the filter offers and looks like a key,
    a code or a day; of all else, such as a search, only that it was used.
    """
    used: dict[str, object] = {}
    for spec in changelist.filter_specs:
        is_offered = any(choice["selected"] for choice in list(spec.choices(changelist))[1:])
        for name in map(str, spec.expected_parameters()):
            if value := str(changelist.params.get(name, "")):
                is_kept = is_offered and _PLAIN_VALUE.fullmatch(value)
                used[_ENDING.sub("", name)] = value if is_kept else True
    if changelist.params.get(SEARCH_VAR):
        used["search"] = True
    for name, value in changelist.params.items():
        day = changelist.date_hierarchy
        if day and name in {f"{day}__{part}" for part in ("year", "month", "day")}:
            used[name] = value if value.isdecimal() else True
    return used


def addresses(model_admin: "SummitAdmin") -> list[URLPattern]:
    """Return the address of the page for a list that is exported."""
    what = model_admin.list_export
    if what is None:
        return []

    def view(request: StaffRequest, keys: str) -> HttpResponseBase:
        return ExportPage(model_admin, request, keys, what).respond()

    opts = model_admin.opts
    name = f"{opts.app_label}_{opts.model_name}_export"
    return [path("export/<str:keys>/", model_admin.admin_site.admin_view(view), name=name)]
