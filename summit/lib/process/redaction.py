"""Keeping people out of the logs: their addresses, the keys of their pages, what they typed."""

import re
import traceback
from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.db import DatabaseError
from django.db.utils import DataError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

_PERSONAL = re.compile(r"(/(?:my|follow-ups|staff/welcome)/)[^/\s?\"']+")
# A text of any length may be logged, so that each pattern reads it once: a run of characters
# is taken whole, and what is in it looked at after.
_RUN = re.compile(r"[^\s<>\"'(),;:/\[\]{}]++")
_AT = re.compile(r"[@＠﹫]|%40")
_ENDING = re.compile(r"\.[^\W_]{2,}+")
# PostgreSQL repeats the row in these: DETAIL:  Key (email)=(somebody@example.org) already exists.
_DETAIL = re.compile(r"^[ \t]*+(?:DETAIL|CONTEXT|HINT|LINE \d+|STATEMENT): ", re.M)
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"']*+")

# Their words are written by whoever wrote the program; all others may repeat a value.
_PLAIN = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    MemoryError,
    NameError,
    NotImplementedError,
    ObjectDoesNotExist,
    OSError,
    RecursionError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    TypeError,
)


def redact(text: str) -> str:
    """Return ``text`` without e-mail addresses, query strings, row values and personal keys."""
    if detail := _DETAIL.search(text):
        text = text[: detail.start()].rstrip()
    text = _PERSONAL.sub(r"\1…", text)
    text = _QUERY.sub(lambda found: "?…" if "=" in found[0] else found[0], text)
    return _RUN.sub(lambda found: _without_address(found[0]), text)


def _without_address(run: str) -> str:
    """Return a run of characters without the address in it, and what stands around that."""
    at = _AT.search(run)
    endings = list(_ENDING.finditer(run, at.end() + 1)) if at else []
    if not at or not endings:
        return run
    before = run[: run.rfind("=", 0, at.start()) + 1]
    return f"{before}…@…{run[endings[-1].end() :]}"


def words_of(error: BaseException) -> str:
    """Return what an exception says, as far as it cannot say what somebody typed.

    A database names the constraint in its first line, and the values after it; where a
    value is wrong by itself the first line ends with it.
    """
    if isinstance(error, DataError):
        return redact(str(error).partition("\n")[0].partition(": ")[0])
    if isinstance(error, DatabaseError):
        return redact(str(error).partition("\n")[0])
    # An SMTP error is an OSError, and repeats the recipients.
    if isinstance(error, _PLAIN) and not type(error).__module__.startswith("smtplib"):
        return redact(str(error))
    return ""


def name_of(error: BaseException) -> str:
    """Return the class of an exception with its module, as tracebacks name it."""
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else (f"{kind.__module__}.{kind.__qualname__}")
    )


def traceback_of(error: BaseException) -> str:
    """Return the traceback of an exception and of what led to it: places, types, safe words."""
    return "".join(_traceback(error, set())).rstrip("\n")


def _traceback(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before, leads = error.__cause__, "caused"
    if before is None and not error.__suppress_context__:
        before, leads = error.__context__, "was followed by"
    if before is not None and id(before) not in seen:
        yield from _traceback(before, seen)
        yield f"\nwhich {leads}\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    words = words_of(error)
    yield f"{name_of(error)}{': ' if words else ''}{words}\n"
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _traceback(each, seen)
