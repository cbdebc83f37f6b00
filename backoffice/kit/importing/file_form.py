"""The form in which somebody chooses the file of an import."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.kit.importing import sheet, unread
from backoffice.kit.importing.resource import SheetResource
from summit.lib.files import uploads
from summit.lib.i18n.languages import listed


class FileForm(forms.Form):
    file = forms.FileField(label=_("CSV, XLSX or Word file"), allow_empty_file=True)

    def __init__(self, *args: Any, resource: type[SheetResource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resource = resource
        self.notes: list[str] = []
        self.fields |= resource.options()
        attrs = self.fields["file"].widget.attrs
        attrs |= {"accept": ".csv,.xlsx,.docx", **uploads.limits(sheet.MAX_BYTES_OF_DOCUMENT)}

    @property
    def options(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.resource.options()}

    def clean_file(self) -> sheet.Sheet:
        table = sheet.read(
            self.cleaned_data["file"], self.resource.headings(), spread=self.resource.spread
        )
        self.notes = table.notes
        return table

    def clean(self) -> dict[str, Any]:
        table = self.cleaned_data.get("file")
        if table is not None:
            try:
                self._check_columns(table)
                table.refuse_long(self.resource.has_lines)
            except forms.ValidationError as error:
                self.add_error("file", error)
        return self.cleaned_data

    def _check_columns(self, table: sheet.Sheet) -> None:
        columns = [*self.resource.order(), *self.resource.texts()]
        named = [header for header in table.headers if header in columns]
        unknown = [
            title
            for header, title in zip(table.headers, table.titles, strict=True)
            if header not in columns
        ]
        needed = self.resource.needed()
        if unknown and needed.isdisjoint(named):
            raise forms.ValidationError(
                [
                    forms.ValidationError(
                        _(
                            "No column says what the rows are about. One of these is needed: "
                            "%(needed)s. These columns are not known: %(unknown)s."
                        ),
                        params={
                            "unknown": listed(unread.named(unknown)),
                            "needed": listed(
                                self.resource.label(name) for name in columns if name in needed
                            ),
                        },
                    ),
                    forms.ValidationError(
                        _("Line %(line)d was read as the column names."),
                        params={"line": table.heading},
                    ),
                ]
            )
        if twice := {header for header in named if named.count(header) > 1}:
            raise forms.ValidationError(
                _("These columns appear twice: %(twice)s. Keep one of each."),
                params={
                    "twice": listed(
                        title or header
                        for header, title in zip(table.headers, table.titles, strict=True)
                        if header in twice
                    )
                },
            )
        table.keep(lambda _place, header: header in columns)
        table.notes += unread.notes(unknown)
