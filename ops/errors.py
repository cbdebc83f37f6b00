"""Errors of the program, told to who has to mend them: by mail, or to a Sentry.

Told are the kind, the place, the page and the request's id, with which the log tells
the rest. What anybody sent, typed or looked at is not told.
"""

import atexit
import logging
import queue
import threading
import time
from collections import Counter
from pathlib import Path
from traceback import extract_tb
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection

from summit.lib.process import redaction
from summit.lib.process.logs import route_of
from summit.lib.web import request_id
from throttle import rate_limit

log = logging.getLogger(__name__)

HOUR = 3600
# How long a process that ends waits for the mail about why.
PATIENCE = 15


class Failure(NamedTuple):
    """One error: what it was, where in our code, on which page and in which request."""

    kind: str
    place: str
    route: str
    request: str

    @classmethod
    def of(cls, record: logging.LogRecord) -> "Failure | None":
        """Return the failure that a record of the log reports, if it reports an exception."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if error is None:
            return None
        request = getattr(record, "request", None)
        return cls(
            redaction.name_of(error),
            _place(error),
            route_of(request) if request is not None else record.name,
            request_id.current(),
        )

    def mail(self) -> EmailMessage:
        return EmailMessage(
            subject=f"[Summit] {self.kind} in {self.route}",
            body=(
                f"{self.kind}\n\nPlace:   {self.place}\nPage:    {self.route}\n"
                f"Request: {self.request or 'none'}\nSite:    {settings.SITE_URL}\n\n"
                "The log has the traceback under the number of the request. At most "
                f"{settings.ERROR_MAILS_AN_HOUR} mails an hour are sent for one place.\n"
            ),
            from_email=settings.SERVER_EMAIL,
            to=settings.ERROR_MAIL_TO,
        )


def _place(error: BaseException) -> str:
    """Return the innermost line of our own code, of any code where it never came by ours."""
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)]
    if not frames:
        return "unknown"
    frame = (ours or frames)[-1]
    name = Path(frame.filename)
    shown = name.relative_to(settings.BASE_DIR) if _is_ours(frame.filename) else name.name
    return f"{shown}:{frame.lineno} in {frame.name}"


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts


class MailedErrors(logging.Handler):
    """Mails exceptions that the log hears of, from a thread of its own.

    A mail server that is down, or a database that is locked, holds no request up.
    While more errors come than can be mailed, the rest are in the log alone.
    """

    def __init__(self, level: int = logging.ERROR) -> None:
        super().__init__(level)
        self._waiting: queue.Queue[Failure] = queue.Queue(maxsize=50)
        self._thread: threading.Thread | None = None
        self._start = threading.Lock()
        atexit.register(self.flush)

    def emit(self, record: logging.LogRecord) -> None:
        # An error in mailing errors would be mailed.
        failure = None if record.name == __name__ else Failure.of(record)
        if failure is None:
            return
        try:
            self._waiting.put_nowait(failure)
        except queue.Full:
            return
        with self._start:
            # Not before there is something to do: a thread does not survive the fork
            # by which gunicorn makes its workers.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, daemon=True, name="error-mail")
                self._thread.start()

    def flush(self) -> None:
        """Wait until what is waiting has been mailed, but not for long."""
        until = time.monotonic() + PATIENCE
        while self._waiting.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.02)

    def _work(self) -> None:
        while True:
            failure = self._waiting.get()
            try:
                if may_mail(failure):
                    failure.mail().send()
            except Exception as error:
                log.warning("An error could not be mailed: %s", redaction.name_of(error))
            finally:
                self._waiting.task_done()


_mailed_here: Counter[tuple[str, str, int]] = Counter()


def may_mail(failure: Failure) -> bool:
    """Count a failure at its place; say whether this hour's mails for it are not yet used up.

    All processes count together in the database; where that is what failed, each by itself.
    """
    try:
        rate_limit.count("error", f"{failure.kind} {failure.place}")
    except ValidationError:
        return False
    except DatabaseError:
        key = failure.kind, failure.place, int(time.time()) // HOUR
        _mailed_here[key] += 1
        return _mailed_here[key] <= settings.ERROR_MAILS_AN_HOUR
    finally:
        # This thread's own; nobody else closes it.
        connection.close()
    return True


# Sentry


def start_sentry() -> None:
    """Report errors to the Sentry that ``SENTRY_DSN`` names, and to no other host."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        before_send=before_send,  # type: ignore[arg-type]  # its events are dictionaries
        include_local_variables=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        send_client_reports=False,
        send_default_pii=False,
        auto_session_tracking=False,
        traces_sample_rate=None,
        server_name="",
    )


_OF_EVENT = ("event_id", "level", "platform", "release", "sdk", "timestamp")
_OF_FRAME = ("abs_path", "filename", "function", "in_app", "lineno", "module")


def before_send(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any] | None:
    """Return what Sentry is told of an event: kinds and places, from a list of what may leave.

    Nothing is told of an event without an exception: its words are all it has.
    """
    exceptions = event.get("exception", {}).get("values")
    if not exceptions:
        return None
    told = {name: event[name] for name in _OF_EVENT if name in event}
    told["exception"] = {"values": [_exception(each) for each in exceptions]}
    told["tags"] = {"request_id": request_id.current()}
    return told


def _exception(given: dict[str, Any]) -> dict[str, Any]:
    frames = (given.get("stacktrace") or {}).get("frames", [])
    return {
        "type": given.get("type"),
        "module": given.get("module"),
        "stacktrace": {
            "frames": [{name: frame.get(name) for name in _OF_FRAME} for frame in frames]
        },
    }
