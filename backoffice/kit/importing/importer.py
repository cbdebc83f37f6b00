"""An import: choose a file, look at what it would do, confirm.

What was previewed travels signed in the confirmation, so that exactly that is written, and no
file waits for it on a server.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import transaction
from django.db.models.options import Options
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from import_export.results import Result
from tablib.core import Dataset

from backoffice.kit.guard import try_twice
from backoffice.kit.importing import sheet
from backoffice.kit.importing.file_form import FileForm
from backoffice.kit.importing.resource import SheetResource
from backoffice.kit.labels import pair
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

# How long a preview can be confirmed, in seconds.
CONFIRM_WITHIN = 24 * 60 * 60
# What is done with rows like those that exist: see ``SheetResource``.
ALIKE = ("", "add", "change", "beyond")
# What is wrong with rows only until somebody says that it is meant.
MAY_BE_MEANT = ("alike", "no_seat")


@dataclass
class Importer:
    """The pages of one import, for one request.

    ``make`` makes the resource, with what is done with rows alike; ``urls`` are those of the
    pages ``import``, ``process_import``, ``import_template`` and ``import_workbook``. ``back`` is
    where somebody stands afterwards, ``about`` what the rows belong to.
    """

    request: StaffRequest
    resource: type[SheetResource]
    make: Callable[..., SheetResource]
    urls: dict[str, str]
    back: str
    opts: Options[Any]
    subtitle: Words
    about: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    def choose(self) -> HttpResponse:
        """Show the form, or what the file that was sent would do."""
        request = self.request
        if request.method == "POST" and "alike" in request.POST:
            return self._preview_alike()
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = FileForm(*posted, resource=self.resource)
        context: dict[str, Any] = {}
        if request.method == "POST" and form.is_valid():
            context = self._preview(form.cleaned_data["file"], alike="", options=form.options)
        return self._page(form=form, **({"notes": form.notes} | context))

    def confirm(self) -> HttpResponse:
        """Write what was previewed, all of it or nothing."""
        if self.request.method != "POST":
            return HttpResponseRedirect(self.urls["import"])
        table, alike, options = self._signed(self.request.POST.get("payload", ""))
        if table is None:
            return HttpResponseRedirect(self.urls["import"])
        context = try_twice(partial(self._write, table, alike=alike, options=options))
        if context["errors"]:
            # Somebody changed what the preview was compared with; nothing is written.
            return self._page(form=FileForm(resource=self.resource), **context)
        self._tell(context["rows"])
        return HttpResponseRedirect(self.back)

    def _preview_alike(self) -> HttpResponse:
        """Preview the same file once more, with rows alike added or taken for those that exist."""
        table, _alike, options = self._signed(self.request.POST["alike"])
        if table is None:
            return HttpResponseRedirect(self.urls["import"])
        take = self.request.POST.get("take", "add")
        alike = take if take in ALIKE else "add"
        context = self._preview(table, alike=alike, options=options)
        return self._page(form=FileForm(resource=self.resource), **context)

    def _preview(
        self, table: sheet.Sheet, *, alike: str, options: dict[str, Any]
    ) -> dict[str, Any]:
        """Return what the sheet would do, and what confirms it: all of it, or what is meant."""
        context = self._run(table, dry_run=True, alike=alike, options=options)
        if not context["errors"] or context["may_be_meant"]:
            confirms = "alike" if context["may_be_meant"] else "payload"
            cells = [table.headers, table.rows, table.lines, table.problems, table.notes]
            said = [table.heading, table.reading, table.titles]
            context[confirms] = signing.dumps(
                [*cells, *said, alike, options],
                salt=self._salt,
                compress=True,
            )
        return context

    def _signed(self, text: str) -> tuple[sheet.Sheet | None, str, dict[str, Any]]:
        """Return the sheet of a preview, what is done with rows alike, and what was asked.

        No sheet for an old one.
        """
        try:
            *cells, alike, options = signing.loads(text, salt=self._salt, max_age=CONFIRM_WITHIN)
        except signing.BadSignature:
            messages.error(self.request, _("This preview is too old. Choose the file again."))
            return None, "", {}
        return sheet.Sheet(*cells), alike, options

    def _write(self, table: sheet.Sheet, *, alike: str, options: dict[str, Any]) -> dict[str, Any]:
        """Import the sheet while nobody else imports rows of that kind.

        Of a file that is sent twice at once the second finds the rows of the first.
        """
        with transaction.atomic():
            kind = ContentType.objects.get_for_model(self.opts.model)
            ContentType.objects.select_for_update(no_key=True).get(pk=kind.pk)
            return self._run(table, dry_run=False, alike=alike, options=options)

    def _run(
        self, table: sheet.Sheet, *, dry_run: bool, alike: str, options: dict[str, Any]
    ) -> dict[str, Any]:
        """Import the sheet, or see what it would do; a single error undoes all of it."""
        resource = self.make(alike=alike, **options)
        columns = [*resource.order(), *resource.texts()]
        place = {header: number for number, header in enumerate(table.headers)}
        filled = [
            [row[place[name]] if name in place else "" for name in columns] for row in table.rows
        ]
        result = resource.import_data(
            Dataset(*filled, headers=columns),
            dry_run=dry_run,
            user=self.request.user,
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
                    "changes": row.changes,
                    "cells": [
                        resource.understood(name, given[name], row.instance) for name in shown
                    ],
                    "instance": row.instance,
                }
            )
        errors = _with_problems(_errors(result, table.lines), table)
        names = {
            line: resource.name_in(dict(zip(columns, cells, strict=True)))
            for line, cells in zip(table.lines, filled, strict=True)
        }
        return {
            "rows": rows,
            "columns_shown": shown,
            "labels_shown": [resource.label(name) for name in shown],
            "errors": errors,
            "told_errors": [
                (
                    line,
                    table.title_of(name) or resource.label_of_error(name),
                    names.get(line or 0, ""),
                    text,
                )
                for line, name, text in errors
            ],
            "may_be_meant": "" if table.problems else _may_be_meant(result),
            "notes": [*table.notes, *resource.remarks],
            "reading": table.reading,
        }

    def _tell(self, rows: list[dict[str, Any]]) -> None:
        for kind, flag in (("new", ADDITION), ("update", CHANGE)):
            written = [row["instance"] for row in rows if row["kind"] == kind]
            if written:
                LogEntry.objects.log_actions(
                    self.request.user.pk,
                    written,
                    flag,
                    change_message=gettext("Imported from a file."),
                )
        added = sum(row["kind"] == "new" for row in rows)
        changed = sum(row["kind"] == "update" for row in rows)
        messages.success(
            self.request,
            ngettext("%(count)d row was added.", "%(count)d rows were added.", added)
            % {"count": added}
            + " "
            + ngettext("%(count)d row was changed.", "%(count)d rows were changed.", changed)
            % {"count": changed},
        )

    def _page(self, **context: Any) -> HttpResponse:
        return TemplateResponse(
            self.request,
            "backoffice/importing/import.html",
            {
                **admin.site.each_context(self.request),
                "title": _("Import from a file"),
                "subtitle": self.subtitle,
                "opts": self.opts,
                "columns": self.resource.columns(),
                "import_url": self.urls["import"],
                "template_url": self.urls["import_template"],
                "workbook_url": self.urls["import_workbook"],
                "process_url": self.urls["process_import"],
                "back_url": self.back,
                "max_rows": sheet.MAX_ROWS,
                "identified_by": self.resource.identified_by(),
                **self.context,
                **context,
            },
        )

    @property
    def _salt(self) -> str:
        return f"import {self.opts.label} {self.about} by {self.request.user.pk}"


def _may_be_meant(result: Result) -> str:
    """Return what alone is wrong with the rows, where somebody may say that it is meant."""
    if result.base_errors or result.error_rows or not result.invalid_rows:
        return ""
    wrong = [
        error
        for row in result.invalid_rows
        for errors in row.error.error_dict.values()
        for error in errors
    ]
    codes = {error.code for error in wrong}
    return next((code for code in MAY_BE_MEANT if codes == {code}), "")


def _with_problems(
    errors: list[tuple[int | None, str, str]], table: sheet.Sheet
) -> list[tuple[int | None, str, str]]:
    """Return the errors with those of the cells, which take the place of what follows of them."""
    places = {
        (line, each) for line, column, _text in table.problems for each in (column, *pair(column))
    }
    others = [error for error in errors if error[:2] not in places]
    problems = [(line, name, text) for line, name, text in table.problems]
    return sorted([*others, *problems], key=lambda error: error[0] or 0)


def _errors(result: Result, lines: list[int]) -> list[tuple[int | None, str, str]]:
    """Return every error as (line, column, message), in the order of the file."""
    found: list[tuple[int | None, str, str]] = [
        (None, "", _in_words(error.error)) for error in result.base_errors
    ]
    for row in result.invalid_rows:
        for column, texts in row.error_dict.items():
            name = "" if column == "__all__" else column
            found.extend((lines[row.number - 1], name, text) for text in texts)
    for row in result.error_rows:
        found.extend((lines[row.number - 1], "", _in_words(error.error)) for error in row.errors)
    return sorted(found, key=lambda error: error[0] or 0)


def _in_words(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, forms.ValidationError) else str(error)
