"""A workbook to be filled in: headings, lists to choose from, an example, and instructions."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from summit.lib.spreadsheets.table import Kind, width


@dataclass(frozen=True)
class FormColumn:
    """``choices`` are offered in a list; what else is typed is taken as well."""

    heading: str
    example: str = ""
    hint: str = ""
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class SheetNames:
    table: str
    instructions: str
    choices: str


def xlsx_form(
    columns: Sequence[FormColumn],
    *,
    names: SheetNames,
    instructions: Sequence[str],
    instruction_headings: tuple[str, str],
    rows: int,
) -> bytes:
    """Return the workbook. Every cell of the table is text, so that Excel changes nothing typed.

    The example stands in the first row below the headings. ``rows`` is how many can be chosen
    in; ``instructions`` stand above how to write each column, on a sheet of their own.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        table = book.add_worksheet(names.table)
        text = book.add_format({"num_format": "@"})
        bold = book.add_format(
            {"num_format": "@", "bold": True, "text_wrap": True, "valign": "top", "border": 1}
            | {"bg_color": "#E8EEEC"}
        )
        quiet = book.add_format({"num_format": "@", "italic": True, "font_color": "#6B6B6B"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for place, column in enumerate(columns):
            lines = column.heading.split("\n")
            wide = max(width(each, Kind.TEXT, content=14) for each in (*lines, column.example[:30]))
            table.set_column(place, place, wide, text)
            table.write_string(0, place, column.heading, bold)
            table.write_string(1, place, column.example, quiet)
        table.set_row(0, 34)
        table.freeze_panes(1, 0)
        table.set_landscape()
        table.set_paper(9)
        table.fit_to_pages(1, 0)
        table.repeat_rows(0)

        page = book.add_worksheet(names.instructions)
        page.set_column(0, 0, 34, wrapped)
        page.set_column(1, 1, 90, wrapped)
        for line, instruction in enumerate(instructions):
            page.merge_range(line, 0, line, 1, instruction, wrapped)
            page.set_row(line, 32)
        first = len(instructions) + 1
        page.write_row(first, 0, instruction_headings, bold)
        for line, column in enumerate(columns, first + 1):
            page.write_string(line, 0, column.heading.replace("\n", " · "), wrapped)
            page.write_string(line, 1, column.hint, wrapped)

        lists = [(place, column) for place, column in enumerate(columns) if column.choices]
        if lists:
            page = book.add_worksheet(names.choices)
            for at, (place, column) in enumerate(lists):
                page.set_column(at, at, 26, text)
                page.write_string(0, at, column.heading, bold)
                page.write_column(1, at, column.choices, text)
                column_of_list = xl_col_to_name(at, col_abs=True)
                source = f"{column_of_list}$2:{column_of_list}${len(column.choices) + 1}"
                table.data_validation(
                    *(1, place, rows + 1, place),
                    {
                        "validate": "list",
                        "source": f"='{names.choices}'!{source}",
                        "show_error": False,
                    },
                )
            page.set_row(0, 34)
    return file.getvalue()
