"""Exporting rows: the page says what the file will hold and asks which kind of file it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.options import Options
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from audit import trail
from backoffice.audited import Action
from backoffice.kit.exporting.again import ForImport
from backoffice.kit.exporting.table import Table
from backoffice.kit.importing.sheet import MAX_ROWS
from summit.lib.i18n.languages import Words, listed
from summit.lib.spreadsheets import TooManyRows
from summit.lib.spreadsheets.answer import file_answer
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import LineField

# What a file holds, and what it is for.
AS_SHOWN, AGAIN = "shown", "again"
CONTENTS = {
    AS_SHOWN: gettext_lazy("the list, to read and to print"),
    AGAIN: gettext_lazy("all columns, to edit and to import again"),
}


class ExportForm(forms.Form):
    content = forms.ChoiceField(
        label=gettext_lazy("What it is for"), widget=forms.RadioSelect, required=False
    )
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

    def __init__(self, *args: Any, tables: Mapping[str, Table], count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tables, self.count = tables, count
        if len(tables) == 1:
            del self.fields["content"]
        else:
            content = self.fields["content"]
            content.choices = [(name, CONTENTS[name]) for name in tables]  # type: ignore[attr-defined]  # of choices
            content.initial = next(iter(tables))

    @property
    def table(self) -> Table:
        return self.tables[self.cleaned_data.get("content") or next(iter(self.tables))]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and isinstance(self.table, ForImport) and self.count > MAX_ROWS:
            words = _(
                "There are %(count)d rows, and an import takes at most %(most)d. Filter the "
                "list first, or choose the list for reading."
            )
            self.add_error(None, words % {"count": self.count, "most": MAX_ROWS})
        return cleaned


class PeopleExportForm(ExportForm):
    """Personal data leaves the site for a purpose, and for somebody."""

    REASONS: ClassVar[tuple[str, ...]] = ("purpose", "recipient")

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
    field_order = ["purpose", "recipient", "content", "file_format"]


@dataclass
class Exporter:
    """A view for one request. ``tables`` are what the rows can be exported as.

    Each export is recorded before its first row: who, what, ``filters`` and how many, and of
    people for what and for whom.
    """

    request: StaffRequest
    rows: QuerySet[Any]
    count: int
    tables: Mapping[str, Table]
    opts: Options[Any]
    title: Words
    back: str
    filters: Mapping[str, object] = field(default_factory=dict)
    is_of_people: bool = False
    context: Mapping[str, Any] = field(default_factory=dict)

    def respond(self) -> HttpResponseBase:
        posted = self.request.POST if self.request.method == "POST" else None
        of_kind = PeopleExportForm if self.is_of_people else ExportForm
        form = of_kind(posted, tables=self.tables, count=self.count)
        if form.is_valid():
            given = form.cleaned_data
            reasons = {name: given[name] for name in PeopleExportForm.REASONS if name in given}
            try:
                return self._file(form.table, given["file_format"], reasons)
            except TooManyRows as error:
                form.add_error("file_format", error.messages)
        return self._ask(form)

    def _file(self, table: Table, file_format: str, reasons: Mapping[str, str]) -> HttpResponseBase:
        is_again = isinstance(table, ForImport)
        trail.record(
            Action.LIST_EXPORTED,
            by=self.request.user,
            request=self.request,
            subject=f"list · {self.opts.label_lower}",
            file_format=file_format,
            rows=self.count,
            filters=dict(self.filters) or None,
            content=AGAIN if is_again else None,
            **reasons,
        )
        cells = table.cells(self.rows, get_language() or "")
        name = table.file_name(file_format)
        if file_format == "csv":
            return file_answer(table.csv(cells), name, rows=cells)
        sheet = str(self.opts.verbose_name_plural)
        return file_answer(table.xlsx(cells, sheet=sheet), name, rows=cells)

    def _ask(self, form: ExportForm) -> TemplateResponse:
        context = {
            **admin.site.each_context(self.request),
            "title": self.title,
            "subtitle": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "form": form,
            "count": self.count,
            "columns": [
                (CONTENTS[name] if len(self.tables) > 1 else "", listed(table.header()))
                for name, table in self.tables.items()
            ],
            "list_url": self.back,
            "is_of_people": self.is_of_people,
            **self.context,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(self.request, "backoffice/export_list.html", context, status=status)
