"""Where a meeting could go, and what each move would break."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from meetings.domain.plan import Interpreter, Meeting, Place, Plan, Schedule, Span, Table
from meetings.domain.validation import Broken, broken_rules


@dataclass(frozen=True, slots=True)
class Option:
    """A place for a meeting, and the rules that the meeting would break there."""

    place: Place
    broken: tuple[Broken, ...]


class Options:
    """The places that one meeting could have in a schedule. Only reads plain values."""

    def __init__(self, plan: Plan, schedule: Schedule, key: int) -> None:
        self.plan = plan
        self.meeting: Meeting = next(each for each in plan.meetings if each.key == key)
        self.rest = {other: place for other, place in schedule.items() if other != key}
        self.now = schedule.get(key)
        self.people = self.now.people if self.now else self._who_comes()
        self.meetings = {each.key: each for each in plan.meetings}
        self.tables = {each.key: each for each in plan.tables}

    def _who_comes(self) -> frozenset[int]:
        comes: list[int] = []
        for side in self.meeting.sides:
            missing = max(side.least - len(side.must), 0)
            comes += [*side.must, *side.may[:missing]]
        return frozenset(comes)

    @property
    def slots(self) -> tuple[Span, ...]:
        """Those that have not begun."""
        now = self.plan.now
        return tuple(slot for slot in self.plan.slots if now is None or slot.start > now)

    def option(self, place: Place) -> Option:
        """Return what the meeting would break there. Looks only at what it would meet there."""
        key = self.meeting.key
        near = {
            other: each
            for other, each in self.rest.items()
            if each.people & place.people or _collides(each, place)
        }
        plan = replace(
            self.plan,
            meetings=(self.meeting, *(self.meetings[o] for o in near if o in self.meetings)),
            tables=tuple(self._tables_of({place.table, *(each.table for each in near.values())})),
            locked={},
        )
        found = broken_rules(plan, near | {key: place})
        return Option(place, tuple(each for each in found if key in each.meetings))

    def in_slots(self) -> Iterator[Option]:
        """Give out the best place of each slot: the table and the interpreter that break least."""
        for slot in self.slots:
            interpreter = self._interpreter(slot)
            yield self.option(Place(slot, self._table(slot, interpreter), self.people, interpreter))

    def at_tables(
        self, slot: Span, people: frozenset[int], interpreter: int | None
    ) -> Iterator[Option]:
        """Give out every table in one slot."""
        for table in self.plan.tables:
            yield self.option(Place(slot, table.key, people, interpreter))

    def free_tables(self, slot: Span) -> list[Table]:
        taken = {place.table for place in self.rest.values() if _meet(place.slot, slot)}
        return [
            table
            for table in self.plan.tables
            if table.key not in taken and not any(_meet(slot, each) for each in table.closed)
        ]

    def free_interpreters(self, slot: Span) -> list[Interpreter]:
        """Return who is there in a slot, interprets between the sides, and is not elsewhere."""
        one, other = self.languages()
        busy = {place.interpreter for place in self.rest.values() if _meet(place.slot, slot)}
        return [
            each
            for each in self.plan.interpreters
            if each.key not in busy
            and one & each.languages
            and other & each.languages
            and any(span.start <= slot.start and slot.end <= span.end for span in each.present)
            and not any(_meet(slot, span) for span in each.away)
        ]

    def languages(self) -> tuple[set[str], set[str]]:
        """Return what each side speaks, of those who come."""
        first, second = (
            {
                language
                for key in side.must + side.may
                if key in self.people and key in self.plan.people
                for language in self.plan.people[key].languages
            }
            for side in self.meeting.sides
        )
        return first, second

    def _tables_of(self, keys: set[int]) -> Iterator[Table]:
        return (self.tables[key] for key in sorted(keys) if key in self.tables)

    def _interpreter(self, slot: Span) -> int | None:
        one, other = self.languages()
        if one & other:
            return None
        free = [each.key for each in self.free_interpreters(slot)]
        if self.now and self.now.interpreter in free:
            return self.now.interpreter
        present = self.now.interpreter if self.now else None
        return free[0] if free else present

    def _table(self, slot: Span, interpreter: int | None) -> int:
        chairs = len(self.people) + (interpreter is not None)
        free = [table for table in self.free_tables(slot) if table.seats >= chairs]
        if self.now and any(table.key == self.now.table for table in free):
            return self.now.table
        if free:
            return min(free, key=lambda table: (table.seats, table.key)).key
        return self.now.table if self.now else self.plan.tables[0].key


def _collides(one: Place, other: Place) -> bool:
    is_one_interpreter = one.interpreter is not None and one.interpreter == other.interpreter
    return (one.table == other.table or is_one_interpreter) and _meet(one.slot, other.slot)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
