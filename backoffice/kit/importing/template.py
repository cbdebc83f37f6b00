"""The workbook to fill in for an import: headings in both languages, and how to fill them in."""

from django.http import HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from backoffice.kit.importing import sheet
from backoffice.kit.importing.columns import Choice, Country, YesNo
from backoffice.kit.importing.resource import SheetResource
from backoffice.kit.importing.rows import ByName, ManyByName
from summit.lib.i18n.bilingual import other
from summit.lib.i18n.languages import current
from summit.lib.spreadsheets.form import FormColumn, SheetNames, xlsx_form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# More rows than these are no list to choose from.
MOST_CHOICES = 300
# In the column of numbers, by which an import knows the example.
NUMBER, EXAMPLE = "序号\nNo.", "示例 Example"


def response(resource: type[SheetResource], name: str) -> HttpResponse:
    answer = HttpResponse(workbook(resource), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx")
    answer["Cache-Control"] = "no-store"
    return answer


def workbook(resource: type[SheetResource]) -> bytes:
    """Return an empty file of a resource, which an import reads once rows are filled in."""
    columns = [
        FormColumn(
            heading=_in_both(resource, name),
            example=str(resource.example.get(name, "")),
            hint=resource.hint(name),
            choices=_choices(resource, name),
        )
        for name in resource.written()
    ]
    number = FormColumn(NUMBER, EXAMPLE, _("Optional. A row that says “example” is not read."))
    return xlsx_form(
        [number, *columns],
        names=SheetNames(_("To fill in"), _("Instructions"), _("Choices")),
        instructions=[
            _("Fill in the sheet “%(sheet)s”, one row for each entry.")
            % {"sheet": _("To fill in")},
            resource.identified_by(),
            _("Columns that you do not need can be left out. At most %(rows)d rows.")
            % {"rows": sheet.MAX_ROWS},
        ],
        instruction_headings=(_("Column"), _("How to write it")),
        rows=sheet.MAX_ROWS,
    )


def _in_both(resource: type[SheetResource], name: str) -> str:
    with translation.override(other(current())):
        second = resource.label(name)
    return f"{resource.label(name)}\n{second}"


def _choices(resource: type[SheetResource], name: str) -> list[str]:
    """Return what may be chosen in a column, as far as it is a list."""
    widget = resource.fields[name].widget
    if isinstance(widget, Choice | Country):
        return widget.offered()
    if isinstance(widget, YesNo):
        return [_("yes"), _("no")]
    if isinstance(widget, ByName | ManyByName):
        rows = widget.model._default_manager.all()[: MOST_CHOICES + 1]
        names = [str(getattr(row, row.required_texts[0])) for row in rows]
        return names if len(names) <= MOST_CHOICES else []
    return []
