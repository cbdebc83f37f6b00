"""What an app tells others that may not import it, or that it may not import.

Each registry is filled in ``AppConfig.ready()`` of the app that brings an entry, and only
read afterwards: ``ops`` reads the health checks and the periodic steps, ``events`` reads
what else a copy of an event brings, ``registrations`` what else ends with a person's place and
what else is erased of a person.
"""

import enum
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple


class Registry[Entry]:
    """Entries by their names, in the order in which they were added."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(self, name: str, entry: Entry) -> None:
        """Add an entry. Raises ``ValueError`` where another one has the name already."""
        if self._entries.setdefault(name, entry) != entry:
            raise ValueError(f"“{name}” is registered already.")

    def items(self) -> Iterator[tuple[str, Entry]]:
        yield from self._entries.items()

    def values(self) -> Iterator[Entry]:
        yield from self._entries.values()


class Check(NamedTuple):
    """Whether something that the site needs is there, and a note for operators."""

    ok: bool
    note: str = ""


class Stage(enum.IntEnum):
    """When a periodic step runs within its round."""

    ALIVE = 1
    CHANGE = 2
    SEND = 3
    DRAW = 4
    FORGET = 5
    LAST = 6


class PeriodicStep(NamedTuple):
    """A function that returns how much it did.

    It is safe to run twice at once, and to be cut off anywhere.
    """

    stage: Stage
    run: Callable[[], int | None]


health_checks: Registry[Callable[[], Check]] = Registry()
periodic_steps: Registry[PeriodicStep] = Registry()
# Called with the e-mail address of a person who is erased from everywhere. Each returns how
# many rows it erased, under a name that the command prints.
erasures: Registry[Callable[[str], int]] = Registry()
# The same by a mobile number, for what is kept under one.
erasures_by_phone: Registry[Callable[[str], int]] = Registry()
# Called with the keys of registrations whose people gave their place up, or lost it, and of those
# who are erased, each in the transaction in which that happens.
places_given_up: Registry[Callable[[list[int]], None]] = Registry()
people_erased: Registry[Callable[[list[int]], None]] = Registry()
# Called with the event, its copy, a function that moves a time along, and who copies.
copied_parts: Registry[Callable[..., Any]] = Registry()

# Called with an event whose programme has moved, ``shifted``, a function that moves a time along,
# and the ``day`` whose sessions moved, or None for all of them.
moved_parts: Registry[Callable[..., Any]] = Registry()


def sorted_steps() -> list[tuple[str, PeriodicStep]]:
    """Return the periodic steps in the order of their stages."""
    return sorted(periodic_steps.items(), key=lambda item: item[1].stage)
