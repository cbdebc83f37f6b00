"""The pages of an import: choose a file, look at what it would do, confirm."""

import csv
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.results import Result
from tablib.core import Dataset

from backoffice.kit.importing import sheet
from backoffice.kit.importing.resource import SheetResource
from summit.lib.files import uploads
from summit.lib.i18n.languages import listed
from summit.lib.web.requests import StaffRequest

# How long a preview can be confirmed, in seconds.
CONFIRM_WITHIN = 24 * 60 * 60


class FileForm(forms.Form):
    file = forms.FileField(label=_("CSV or XLSX file"), allow_empty_file=True)

    def __init__(self, *args: Any, resource: type[SheetResource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resource = resource
        self.notes: list[str] = []
        attrs = self.fields["file"].widget.attrs
        attrs |= {"accept": ".csv,.xlsx", **uploads.limits(sheet.MAX_BYTES)}

    def clean_file(self) -> sheet.Sheet:
        table = sheet.read(self.cleaned_data["file"], self.resource.headings())
        self.notes = table.notes
        columns = list(self.resource.fields)
        headers = [header for header in table.headers if header]
        unknown = [header for header in headers if header not in columns]
        twice = {header for header in headers if headers.count(header) > 1}
        if unknown or len(headers) < len(table.headers):
            raise forms.ValidationError(
                [
                    forms.ValidationError(
                        _("These columns are not known: %(unknown)s. Known are: %(known)s."),
                        params={"unknown": listed(unknown) or "“”", "known": listed(columns)},
                    ),
                    forms.ValidationError(
                        _("Line %(line)d was read as the column names."),
                        params={"line": table.heading},
                    ),
                ]
            )
        if twice:
            raise forms.ValidationError(
                _("These columns appear twice: %(twice)s."), params={"twice": listed(sorted(twice))}
            )
        return table


class ImportPage(ImportMixin, ModelAdmin):
    """Import for those who may add.

    What was previewed travels signed in the confirmation, so that exactly that is
    written, and no file waits for it on a server. Overrides ``get_urls``.
    """

    formats = [CSV, XLSX]
    import_export_change_list_template = "backoffice/importing/change_list.html"

    resource_classes: list[type[SheetResource]]

    def get_urls(self) -> list[URLPattern]:
        template = path(
            "import/template.csv",
            self.admin_site.admin_view(self.import_template),
            name=f"{self.opts.app_label}_{self.opts.model_name}_import_template",
        )
        return [template, *super().get_urls()]

    @property
    def resource(self) -> type[SheetResource]:
        return self.resource_classes[0]

    def import_template(self, request: HttpRequest) -> HttpResponse:
        """An empty file with the column names, which Chinese Excel opens as it is meant."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        name = f"{self.opts.model_name}.csv"
        response["Content-Disposition"] = content_disposition_header(True, name)
        csv.writer(response).writerow(self.resource.fields)
        return response

    def import_action(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "alike" in request.POST:
            return self._preview_alike(request)
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = FileForm(*posted, resource=self.resource)
        context: dict[str, Any] = {}
        if request.method == "POST" and form.is_valid():
            context = self._preview(request, form.cleaned_data["file"], adds_alike=False)
        return self._page(request, form=form, **({"notes": form.notes} | context))

    def _preview_alike(self, request: StaffRequest) -> HttpResponse:
        """Preview the same file once more, which may add rows like those that exist."""
        table, _adds_alike = self._signed(request, request.POST["alike"])
        if table is None:
            return HttpResponseRedirect(self._url("import"))
        context = self._preview(request, table, adds_alike=True)
        return self._page(request, form=FileForm(resource=self.resource), **context)

    def _preview(
        self, request: StaffRequest, table: sheet.Sheet, *, adds_alike: bool
    ) -> dict[str, Any]:
        """Return what the sheet would do, and what confirms it: all of it, or what is alike."""
        context = self._run_import(request, table, dry_run=True, adds_alike=adds_alike)
        if not context["errors"] or context["are_alike"]:
            confirms = "alike" if context["are_alike"] else "payload"
            context[confirms] = signing.dumps(
                [table.headers, table.rows, table.lines, table.problems, table.notes, adds_alike],
                salt=self._salt(request),
                compress=True,
            )
        return context

    def _signed(self, request: StaffRequest, text: str) -> tuple[sheet.Sheet | None, bool]:
        """Return the sheet of a preview and whether it adds rows alike; none for an old one."""
        try:
            *cells, adds_alike = signing.loads(
                text, salt=self._salt(request), max_age=CONFIRM_WITHIN
            )
        except signing.BadSignature:
            messages.error(request, _("This preview is too old. Choose the file again."))
            return None, False
        return sheet.Sheet(*cells), adds_alike

    def process_import(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(self._url("import"))
        table, adds_alike = self._signed(request, request.POST.get("payload", ""))
        if table is None:
            return HttpResponseRedirect(self._url("import"))
        context = self._run_import(request, table, dry_run=False, adds_alike=adds_alike)
        if context["errors"]:
            # Somebody changed what the preview was compared with; nothing is written.
            form = FileForm(resource=self.resource)
            return self._page(request, form=form, **context)
        self._tell(request, context["rows"])
        return HttpResponseRedirect(self._url("changelist"))

    def _run_import(
        self, request: StaffRequest, table: sheet.Sheet, *, dry_run: bool, adds_alike: bool
    ) -> dict[str, Any]:
        """Import the sheet, or see what it would do; a single error undoes all of it."""
        may_change = partial(self.has_change_permission, request)
        resource = self.resource(may_change=may_change, adds_alike=adds_alike)
        columns = list(resource.fields)
        place = {header: number for number, header in enumerate(table.headers)}
        filled = [
            [row[place[name]] if name in place else "" for name in columns] for row in table.rows
        ]
        result = resource.import_data(
            Dataset(*filled, headers=columns),
            dry_run=dry_run,
            user=request.user,
            rollback_on_validation_errors=True,
        )
        shown = [name for name in columns if name in place]
        rows = []
        for line, cells, row in zip(table.lines, filled, result.rows, strict=True):
            given = dict(zip(columns, cells, strict=True))
            rows.append(
                {
                    "line": line,
                    "kind": row.import_type,
                    "changed": row.changed,
                    "cells": [
                        resource.understood(name, given[name], row.instance) for name in shown
                    ],
                    "instance": row.instance,
                }
            )
        problems = _with_problems(_errors(result, table.lines), table)
        return {
            "rows": rows,
            "columns_shown": shown,
            "errors": problems,
            "are_alike": not table.problems and _are_alike(result),
            "notes": table.notes,
        }

    def _tell(self, request: StaffRequest, rows: list[dict[str, Any]]) -> None:
        for kind, flag in (("new", ADDITION), ("update", CHANGE)):
            written = [row["instance"] for row in rows if row["kind"] == kind]
            if written:
                LogEntry.objects.log_actions(
                    request.user.pk, written, flag, change_message=gettext("Imported from a file.")
                )
        added = sum(row["kind"] == "new" for row in rows)
        changed = sum(row["kind"] == "update" for row in rows)
        messages.success(
            request,
            ngettext("%(count)d row was added.", "%(count)d rows were added.", added)
            % {"count": added}
            + " "
            + ngettext("%(count)d row was changed.", "%(count)d rows were changed.", changed)
            % {"count": changed},
        )

    def _page(self, request: StaffRequest, **context: Any) -> HttpResponse:
        return TemplateResponse(
            request,
            "backoffice/importing/import.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Import from a file"),
                "subtitle": self.opts.verbose_name_plural,
                "opts": self.opts,
                "columns": self.resource.columns(),
                "template_url": self._url("import_template"),
                "process_url": self._url("process_import"),
                "max_rows": sheet.MAX_ROWS,
                **context,
            },
        )

    def _url(self, name: str) -> str:
        return reverse(
            f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{name}"
        )

    def _salt(self, request: StaffRequest) -> str:
        return f"import {self.opts.label} by {request.user.pk}"


def _are_alike(result: Result) -> bool:
    """Whether nothing else is wrong with the rows than that rows like them exist."""
    if result.base_errors or result.error_rows or not result.invalid_rows:
        return False
    wrong = [
        error
        for row in result.invalid_rows
        for errors in row.error.error_dict.values()
        for error in errors
    ]
    return all(error.code == "alike" for error in wrong)


def _with_problems(
    errors: list[tuple[int | None, str, str]], table: sheet.Sheet
) -> list[tuple[int | None, str, str]]:
    """Return the errors with those of the cells, which take the place of what follows of them."""
    places = {(line, column) for line, column, _text in table.problems}
    others = [error for error in errors if error[:2] not in places]
    return sorted([*others, *table.problems], key=lambda error: error[0] or 0)


def _errors(result: Result, lines: list[int]) -> list[tuple[int | None, str, str]]:
    """Return every error as (line, column, message), in the order of the file."""
    found: list[tuple[int | None, str, str]] = [
        (None, "", str(error.error)) for error in result.base_errors
    ]
    for row in result.invalid_rows:
        for column, texts in row.error_dict.items():
            name = "" if column == "__all__" else column
            found.extend((lines[row.number - 1], name, text) for text in texts)
    for row in result.error_rows:
        found.extend((lines[row.number - 1], "", str(error.error)) for error in row.errors)
    return sorted(found, key=lambda error: error[0] or 0)
