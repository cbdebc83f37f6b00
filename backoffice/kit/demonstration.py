"""The tick box “demonstration data”: for a demonstration, not for the forms of a real site."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

_MARK = "is_demonstration"


def without_mark(fieldsets: Iterable[Any], obj: object) -> list[Any]:
    """Return the fieldsets without the tick box, but for a demonstration or a row that has it."""
    if settings.DEMONSTRATION or getattr(obj, _MARK, False):
        return list(fieldsets)
    found = []
    for name, options in fieldsets:
        fields = [_without(line) for line in options["fields"] if line != _MARK]
        found.append((name, {**options, "fields": fields}))
    return found


def _without(line: Any) -> Any:
    # A name, a function, or several beside each other.
    if isinstance(line, list | tuple):
        return tuple(each for each in line if each != _MARK)
    return line
