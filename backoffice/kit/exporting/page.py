"""The page on which a list of the admin is exported: what it will hold, and as what file."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from audit import trail
from backoffice.audited import Action
from backoffice.kit.actions import ALL
from backoffice.kit.exporting.table import ExportList
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n.languages import listed
from summit.lib.spreadsheets import TooManyRows
from summit.lib.spreadsheets.answer import file_answer
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import LineField

if TYPE_CHECKING:
    from backoffice.kit.model_admin import SummitAdmin

# What the value of a filter may look like that is recorded: a key, a code, a day.
_ENDING = re.compile(r"(?:__id)?__exact\Z")
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9_.:, +-]{1,60}")


class ExportForm(forms.Form):
    file_format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[
            (
                "xlsx",
                gettext_lazy("Excel (.xlsx): dates and numbers are such, long numbers stay whole"),
            ),
            ("csv", gettext_lazy("CSV (.csv): text for any program")),
        ],
        initial="xlsx",
        widget=forms.RadioSelect,
    )


class PeopleExportForm(ExportForm):
    """Personal data leaves the site for a purpose, and for somebody."""

    purpose = LineField(
        label=gettext_lazy("Purpose"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("What the list is needed for, such as: invitations to the forum."),
    )
    recipient = LineField(
        label=gettext_lazy("Recipient"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Who gets the list: an office, or a partner outside."),
    )
    field_order = ["purpose", "recipient", "file_format"]


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
        of_kind = PeopleExportForm if asked else ExportForm
        form = of_kind(self.request.POST if self.request.method == "POST" else None)
        if form.is_valid():
            try:
                return self._file(changelist, rows, count, **form.cleaned_data)
            except TooManyRows as error:
                form.add_error("file_format", error.messages)
        return self._ask(form, count)

    def _find(self, changelist: ChangeList) -> QuerySet[Any]:
        """Return the rows in the order of the list."""
        rows = changelist.get_queryset(self.request)
        return rows if self.keys == ALL else rows_by_keys(rows, self.keys.split(","))

    def _file(
        self,
        changelist: ChangeList,
        rows: QuerySet[Any],
        count: int,
        *,
        file_format: str,
        **reasons: str,
    ) -> HttpResponseBase:
        """Record the export, then answer with it: the record stands before the first row.

        ``reasons`` are what a list of people is for, and for whom.
        """
        what, opts = self.what, self.model_admin.opts
        filters = recorded_filters(changelist)
        if self.keys != ALL:
            filters["selected"] = True
        trail.record(
            Action.LIST_EXPORTED,
            by=self.request.user,
            request=self.request,
            subject=f"list · {opts.label_lower}",
            file_format=file_format,
            rows=count,
            filters=filters or None,
            **reasons,
        )
        cells = what.cells(rows, get_language() or "")
        if file_format == "csv":
            return file_answer(what.csv(cells), what.file_name("csv"), rows=cells)
        sheet = str(opts.verbose_name_plural)
        return file_answer(what.xlsx(cells, sheet=sheet), what.file_name("xlsx"), rows=cells)

    def _ask(self, form: ExportForm, count: int) -> TemplateResponse:
        opts = self.model_admin.opts
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "title": _("Export this list") if self.keys == ALL else _("Export the selected rows"),
            "subtitle": capfirst(opts.verbose_name_plural),
            "opts": opts,
            "form": form,
            "count": count,
            "is_of_people": bool(self.what.permission),
            "columns": listed(self.what.header()),
            "list_url": self._list_url(),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(self.request, "backoffice/export_list.html", context, status=status)

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
