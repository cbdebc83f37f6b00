"""Lines of the log, for programs (JSON) and for people, with nobody's data in either.

Redaction stands in the formatters and not in a filter, so that whatever reaches a
handler passes it: Django's lines, the server's, those of packages.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from summit.lib.process import redaction
from summit.lib.web import request_id

FORMATS = ("json", "text")
# What a line may carry beside its message. Anything else that a package adds stays
# out: Django's own lines carry the whole request.
EXTRAS = ("method", "route", "status", "duration_ms")


def message_of(record: logging.LogRecord) -> str:
    """Return the message of a record without what it may say of anybody."""
    args = record.args
    if isinstance(args, tuple):
        args = tuple(_argument(each) for each in args)
    text = str(record.msg) % args if args else str(record.msg)
    request = getattr(record, "request", None)
    if request is not None and getattr(request, "path", "/") != "/":
        text = text.replace(request.path, route_of(request))
    return redaction.redact(text)


def _argument(given: object) -> object:
    if isinstance(given, BaseException):
        words = redaction.words_of(given)
        return f"{redaction.name_of(given)}{': ' if words else ''}{words}"
    return given


def route_of(request: Any) -> str:
    """Return the name of the page that was asked for, or its pattern, never its address."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route) if match else "none"


def _exception_of(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    return redaction.traceback_of(error) if error else ""


def _extras_of(record: logging.LogRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}


def _time_of(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, tz=UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JsonLines(JsonFormatter):
    """One object a line: time, level, logger, message, request_id, and what EXTRAS names."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _time_of(record),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "request_id": request_id.current(),
            **_extras_of(record),
        }
        if exception := _exception_of(record):
            line["exception"] = exception
        return self.serialize_log_record(line)


class TextLines(logging.Formatter):
    """The same for people who read along: one line, and the traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        # A line break in the message would let a visitor write lines of their own.
        message = message_of(record).replace("\n", "\\n").replace("\r", "\\r")
        which = f" [{request_id.current()}]" if request_id.current() else ""
        line = f"{_time_of(record)} {record.levelname} {record.name}{which} {message}"
        exception = _exception_of(record)
        return f"{line}\n{exception}" if exception else line


def configuration(line_format: str, level: str, *, loggers: dict[str, Any]) -> dict[str, Any]:
    """Return what ``logging.config.dictConfig`` wants: everything to standard error.

    ``line_format`` is one of ``FORMATS``.
    """
    lines = {"json": JsonLines, "text": TextLines}[line_format]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": lines}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": loggers,
        "root": {"handlers": ["console"], "level": level},
    }
