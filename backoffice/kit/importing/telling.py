"""What is said about how a file was read, from the answer of ``sheet_probe``."""

from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from summit.lib.files.limited_reader import Refused
from summit.lib.i18n.languages import listed

ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030"}
SEPARATORS = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs"), "|": _("vertical bars")}


def reading(told: dict[str, Any], heading: int, rows: int) -> list[str]:
    """Say in sentences from where and how the table was read, and how many of its rows."""
    left_out = sum(len(told.get(name, [])) for name in ("repeated", "marked"))
    count = {
        "line": heading,
        "read": rows,
        "rows": rows + left_out,
    }
    if told.get("encoding"):
        separator = str(told.get("separator"))
        said = gettext(
            "CSV in %(encoding)s with %(separators)s between the cells, column names in line "
            "%(line)d: %(read)d of %(rows)d rows read."
        ) % {
            "encoding": ENCODINGS.get(str(told["encoding"]), ""),
            "separators": SEPARATORS.get(separator, f"“{separator[:1]}”"),
            **count,
        }
        return [said]
    if told.get("is_document") is True:
        said = ngettext(
            "Word document: %(rows)d form or row read. Line %(first)d stands for the first one.",
            "Word document: %(rows)d forms or rows read. Line %(first)d stands for the first one.",
            rows,
        )
        return [said % {"rows": rows, "first": heading + 1}]
    said = gettext(
        "Sheet “%(sheet)s”, column names in line %(line)d: %(read)d of %(rows)d rows read."
    ) % {"sheet": str(told.get("sheet"))[:80], **count}
    sentences = [said]
    if concealed := [str(each)[:80] for each in told.get("concealed", [])]:
        hidden = ngettext(
            "The sheet %(names)s is hidden and was not read.",
            "The sheets %(names)s are hidden and were not read.",
            len(concealed),
        )
        sentences.append(hidden % {"names": listed(concealed[:20])})
    return sentences


def notes(told: dict[str, Any], heading: int) -> list[str]:
    """Return in words what an answer says about how the table was read."""
    notes = []
    match told:
        case {"sheet": str(sheet), "unread": [_, *_] as unread}:
            notes.append(
                gettext("The sheet “%(sheet)s” was read. Not read: %(others)s.")
                % {"sheet": sheet[:80], "others": listed(str(each)[:80] for each in unread[:20])}
            )
    if told.get("strict") is True:
        notes.append(
            gettext(
                "This workbook is saved as “Strict Open XML Spreadsheet”. It was read; if "
                "something is missing, save it as “Excel Workbook (*.xlsx)”."
            )
        )
    if told.get("encoding") == "gb18030":
        notes.append(
            gettext(
                "The text was read as GB18030. If it looks wrong, save the file as “CSV "
                "UTF-8 (Comma delimited)” or as XLSX."
            )
        )
    if told.get("above"):
        notes.append(
            gettext("Line %(line)d was read as the column names. What is above it was not read.")
            % {"line": heading}
        )
    repeated = [each for each in told.get("repeated", []) if isinstance(each, int)]
    if repeated:
        lines = ngettext(
            "Line %(lines)s repeats the column names and was not read.",
            "Lines %(lines)s repeat the column names and were not read.",
            len(repeated),
        )
        notes.append(lines % {"lines": listed(repeated[:20])})
    notes += _marked(told)
    match told.get("hidden"):
        case [int(rows), int(columns)]:
            if rows:
                hidden = ngettext(
                    "%(count)d hidden row was read as well.",
                    "%(count)d hidden rows were read as well.",
                    rows,
                )
                notes.append(hidden % {"count": rows})
            if columns:
                hidden = ngettext(
                    "%(count)d hidden column was read as well.",
                    "%(count)d hidden columns were read as well.",
                    columns,
                )
                notes.append(hidden % {"count": columns})
    return notes


def _marked(told: dict[str, Any]) -> list[str]:
    """Name the lines that say themselves that they are no rows."""
    of = {"example": list[int](), "total": list[int]()}
    for each in told.get("marked", []):
        match each:
            case [int(line), str(mark)] if mark in of:
                of[mark].append(line)
            case _:
                raise Refused("too_complex")
    notes = []
    for mark, lines in of.items():
        if not lines:
            continue
        said = (
            ngettext(
                "Line %(lines)s is marked as an example and was not read.",
                "Lines %(lines)s are marked as examples and were not read.",
                len(lines),
            )
            if mark == "example"
            else ngettext(
                "Line %(lines)s is a total and was not read.",
                "Lines %(lines)s are totals and were not read.",
                len(lines),
            )
        )
        notes.append(said % {"lines": listed(lines[:20])})
    return notes
