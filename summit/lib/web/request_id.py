"""Which request, so that a line of the log, an entry of the audit trail and an error meet."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")
# What proxies make: UUIDs and hexadecimal or URL-safe random texts.
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)


def current() -> str:
    """Return the id of the request that this thread answers, or nothing outside of one."""
    return _current.get()


def new() -> str:
    return secrets.token_hex(8)


def is_well_formed(text: str) -> bool:
    return bool(_WELL_FORMED.fullmatch(text))


@contextmanager
def work(given: str = "") -> Iterator[str]:
    """Let what runs inside have the id ``given``, or the one around it, or a new one."""
    ours = given or current() or new()
    token = _current.set(ours)
    try:
        yield ours
    finally:
        _current.reset(token)
