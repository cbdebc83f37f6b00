"""One meeting, where it could go, and what each move would break."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from backoffice.workspace.schedule_board import Board
from meetings.domain.loading import load_plan
from meetings.domain.options import Option, Options
from meetings.domain.plan import Span
from meetings.domain.words import Names, Speaker
from meetings.models import Meeting
from summit.lib.database.numbers import fits_bigint


def show_meeting(request: HttpRequest, board: Board) -> dict[str, Any]:
    """Return every slot with what moving there would break; of one slot, every table."""
    key = request.GET.get("meeting", "")
    met = board.meetings.get(int(key)) if fits_bigint(key) else None
    if met is None:
        raise Http404
    plan = load_plan(board.event, read=board.read)
    to_place = {meeting.key for meeting in plan.meetings}
    schedule = {each: cell.place for each, cell in board.cells.items() if each in to_place}
    cell = board.cells.get(met.key)
    names = Names.of(board.event, plan)
    context: dict[str, Any] = {
        "met": met,
        "meeting_title": board.title(met.key),
        "cell": cell,
        "where": _where(cell.place.slot, cell.table, cell.interpreter, names) if cell else "",
        "problems": board.problems_of.get(met.key, []),
        "why": board.why(met.key),
        "is_movable": met.status == Meeting.Status.AGREED and not (cell and cell.is_locked),
        "version": board.draft.changes if board.draft else "",
    }
    if met.status != Meeting.Status.AGREED or not plan.tables:
        return context
    options = Options(plan, schedule, met.key)
    said = _Said(board, plan, schedule, names, met.key)
    slot = _slot(request, board, options)
    context["comes"] = [(each, names.person(each)) for each in sorted(options.people)]
    if slot is None:
        context["options"] = [said.row(option) for option in options.in_slots()]
        context["others"] = _others(board, met.key)
        return context
    return context | _one_slot(request, board, options, said, slot)


def _one_slot(
    request: HttpRequest, board: Board, options: Options, said: "_Said", slot: Span
) -> dict[str, Any]:
    """Return the tables of one slot, and who could interpret and come."""
    interpreter = next(
        (each.place.interpreter for each in options.in_slots() if each.place.slot == slot), None
    )
    asked = request.GET.get("interpreter")
    if asked is not None:
        known = {str(each.key): each.key for each in options.plan.interpreters}
        interpreter = known.get(asked)
    met = board.meetings[options.meeting.key]
    may = [key for side in met.may for key in side]
    free = {each.key for each in options.free_interpreters(slot)}
    return {
        "slot": said.slot_keys[slot],
        "slot_time": said.names.time(slot),
        "tables": [
            said.row(option) for option in options.at_tables(slot, options.people, interpreter)
        ],
        "interpreters": [
            (
                each.key,
                each.name if each.key in free else _("%(name)s (not free)") % {"name": each.name},
                each.key == interpreter,
            )
            for each in options.plan.interpreters
        ],
        "interpreter": interpreter or "",
        "may": [(key, said.names.person(key), key in options.people) for key in may],
        "must": [key for side in met.sides for key in side],
    }


class _Said:
    """Says of each option where it is and what it would break."""

    def __init__(
        self, board: Board, plan: Any, schedule: dict[int, Any], names: Names, key: int
    ) -> None:
        self.plan, self.schedule, self.names, self.key = plan, schedule, names, key
        self.slot_keys = {Span(each.starts_at, each.ends_at): each.pk for each in board.slots}

    def row(self, option: Option) -> dict[str, Any]:
        speaker = Speaker(self.plan, self.schedule | {self.key: option.place}, self.names)
        place = option.place
        return {
            "slot": self.slot_keys.get(place.slot, ""),
            "time": self.names.label(place.slot),
            "table": place.table,
            "table_name": self.names.table(place.table),
            "interpreter": place.interpreter or "",
            "interpreter_name": self.names.interpreter(place.interpreter)
            if place.interpreter
            else "",
            "broken": list(dict.fromkeys(speaker.say(each) for each in option.broken)),
            "is_here": self.schedule.get(self.key) == place,
        }


def _slot(request: HttpRequest, board: Board, options: Options) -> Span | None:
    asked = request.GET.get("slot", "")
    for each in board.slots:
        span = Span(each.starts_at, each.ends_at)
        if str(each.pk) == asked and span in options.slots:
            return span
    return None


def _where(slot: Span, table: int, interpreter: int | None, names: Names) -> str:
    parts = [names.label(slot), _("Table %(table)s") % {"table": names.table(table)}]
    if interpreter is not None:
        parts.append(names.interpreter(interpreter))
    return " · ".join(parts)


def _others(board: Board, key: int) -> list[tuple[int, str]]:
    """Return the meetings of the same people, with which it could change places."""
    cell = board.cells.get(key)
    if cell is None:
        return []
    shared = [
        each for each in board.cells.values() if each.meeting != key and each.people & cell.people
    ]
    shared.sort(key=lambda each: (each.span.start, each.meeting))
    return [
        (each.meeting, f"{board.names.label(each.span)} · {board.title(each.meeting)}")
        for each in shared
    ]
