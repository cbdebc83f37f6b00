"""The grid of a schedule in its two views, what has no place, and what is broken."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from backoffice.workspace.schedule_board import Board, Cell
from meetings.models import Meeting, MeetingSlot

# So many people or tables stand on one page of the grid.
PER_PAGE = 50
# As many open meetings stand beside the grid; a page of their own has all of them.
BESIDE = 12
_OVER = {Meeting.Status.HELD, Meeting.Status.NO_SHOW}


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting in a cell: whom it is with, where it is, and what is wrong with it."""

    key: int
    text: str
    more: str
    state: str
    problem: str

    @property
    def link(self) -> SafeString:
        """Return it as a link to the page of the meeting. By hand: a page has hundreds of these."""
        more = f'<span class="quiet">{escape(self.more)}</span>' if self.more else ""
        mark = f'<span class="mark">{escape(_marks()[self.state])}</span>' if self.state else ""
        title = f' title="{escape(self.problem)}"' if self.problem else ""
        return SafeString(
            f'<a class="cell {self.state}" href="?meeting={self.key}"{title}>'
            f"{escape(self.text)}{more}{mark}</a>"
        )


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    more: str
    cells: list[list[Line]]


def _marks() -> dict[str, str]:
    return {
        "broken": _("breaks a rule"),
        "locked": pgettext("meeting", "locked"),
        "over": pgettext("meeting", "over"),
    }


def show_grid(request: HttpRequest, board: Board) -> dict[str, Any]:
    """Return a page of rows for one day, and the open meetings beside it."""
    is_by_table = request.GET.get("show") == "tables"
    day = _day(request, board)
    slots = board.slots_of(day)
    keys = [each.pk for each in board.tables] if is_by_table else _people_in_order(board)
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    rows = _table_rows(board, slots, page) if is_by_table else _people_rows(board, slots, page)
    return {
        "is_by_table": is_by_table,
        "day": day,
        "days": [(each, each == day) for each in board.days],
        "slots": [_time(slot, board) for slot in slots],
        "rows": rows,
        "lists": _lists(board, slots, rows),
        "page": page,
        "beside": _open_lines(board, board.open[:BESIDE]),
        "open_count": len(board.open),
        "broken_count": board.broken_count,
    }


def show_open(request: HttpRequest, board: Board) -> dict[str, Any]:
    page = Paginator(board.open, PER_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "lines": _open_lines(board, page)}


def show_rules(request: HttpRequest, board: Board) -> dict[str, Any]:
    """Return every broken rule in a sentence, with the meetings that it is about."""
    page = Paginator(board.broken, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "sentences": [
            (sentence, [(key, board.title(key)) for key in keys[:3]]) for sentence, keys in page
        ],
    }


def _day(request: HttpRequest, board: Board) -> dt.date | None:
    """Return the day that was asked for; by default today, else the first."""
    asked = request.GET.get("day", "")
    known = {day.isoformat(): day for day in board.days}
    if asked in known:
        return known[asked]
    today = board.event.today
    return today if today in board.days else next(iter(board.days), None)


def _people_in_order(board: Board) -> list[int]:
    people = {key for met in board.meetings.values() for side in met.sides for key in side}
    people |= {key for met in board.meetings.values() for side in met.may for key in side}
    return sorted(people, key=lambda key: (board.people[key].sort_name, key))


def _people_rows(board: Board, slots: list[MeetingSlot], keys: Iterable[int]) -> list[Row]:
    wanted = list(keys)
    of_person: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    shown = set(wanted)
    for cell in board.cells.values():
        for person in cell.people & shown:
            of_person[person, cell.slot].append(cell)
    tables = {each.pk: each.name for each in board.tables}

    def line(person: int, cell: Cell) -> Line:
        others = board.who(_others(board, cell, person))
        more = _("Table %(table)s") % {"table": tables.get(cell.table, "?")}
        if cell.interpreter_name:
            more = f"{more} · {cell.interpreter_name}"
        return _line(board, cell, others, more)

    return [
        Row(
            board.names.person(person),
            board.people[person].organization,
            [[line(person, cell) for cell in of_person[person, slot.pk]] for slot in slots],
        )
        for person in wanted
    ]


def _table_rows(board: Board, slots: list[MeetingSlot], keys: Iterable[int]) -> list[Row]:
    at_table: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    for cell in board.cells.values():
        at_table[cell.table, cell.slot].append(cell)
    tables = {each.pk: each for each in board.tables}
    return [
        Row(
            tables[key].name,
            str(tables[key].room or ""),
            [
                [
                    _line(board, cell, board.title(cell.meeting), cell.interpreter_name)
                    for cell in at_table[key, slot.pk]
                ]
                for slot in slots
            ],
        )
        for key in keys
    ]


def _others(board: Board, cell: Cell, person: int) -> list[int]:
    """Return who comes from the other side of a person."""
    met = board.meetings.get(cell.meeting)
    if met is None:
        return sorted(cell.people - {person})
    first = {*met.sides[0], *met.may[0]}
    own = first if person in first else {*met.sides[1], *met.may[1]}
    return sorted(cell.people - own)


def _line(board: Board, cell: Cell, text: str, more: str) -> Line:
    problems = board.problems_of.get(cell.meeting, [])
    met = board.meetings.get(cell.meeting)
    state = "broken" if problems else "locked" if cell.is_locked else ""
    if met is not None and met.status in _OVER:
        state = "over"
    return Line(cell.meeting, text, more, state, " ".join(problems))


def _lists(board: Board, slots: list[MeetingSlot], rows: list[Row]) -> list[tuple[str, list[Line]]]:
    """Return the meetings of the same rows as a list for each slot, for a phone."""
    tables = {each.pk: each.name for each in board.tables}

    def line(cell: Cell) -> Line:
        more = [_("Table %(table)s") % {"table": tables.get(cell.table, "?")}]
        more += [cell.interpreter_name] if cell.interpreter_name else []
        return _line(board, cell, board.title(cell.meeting), " · ".join(more))

    found = []
    for number, slot in enumerate(slots):
        keys = dict.fromkeys(line.key for row in rows for line in row.cells[number])
        if keys:
            found.append((_time(slot, board), [line(board.cells[key]) for key in keys]))
    return found


def _time(slot: MeetingSlot, board: Board) -> str:
    zone = board.event.zone
    return f"{slot.starts_at.astimezone(zone):%H:%M}–{slot.ends_at.astimezone(zone):%H:%M}"


def _open_lines(board: Board, meetings: Iterable[Any]) -> list[tuple[int, str, str, bool]]:
    return [
        (each.key, board.title(each.key), board.why(each.key), each.priority > 0)
        for each in meetings
    ]
