"""Which request, so that a line of the log, an entry of the audit trail and an error meet."""

from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the id of the request that this thread answers, or nothing outside of one."""
    return _current.get()
