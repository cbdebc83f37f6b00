"""Files from outside are read in a process of their own, with limits, and one at a time.

Nothing that somebody sent is parsed in a web process: ``ask`` starts
``summit.lib.files.limited_reader`` for it, whose probes (``file_probe``, ``picture_probe``,
``sheet_probe``) know one kind of file each.
"""

import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from summit.lib.files.limited_reader import ANSWER, GAVE_UP, Refused

log = logging.getLogger(__name__)

# Seconds on the clock: for one file, whose process may compute for fewer, and for its turn.
PATIENCE = 12
TURN_WITHIN = 15
# This file is what the processes of one machine or container lock in order to take turns:
# it is there, and each of them can read it. The lock ends with its process.
LOCK = Path(__file__)
PROGRAM = "from summit.lib.files.limited_reader import main; main()"

# Whatever kind of file it is.
REFUSALS = {
    "busy": _(
        "Other files are being checked at this moment, so this one was not. "
        "Wait a minute, choose it again and save."
    ),
    "heic": _(
        "This is a HEIC picture, as iPhones take them. Save it as JPEG, and choose that. "
        "An iPhone takes JPEG pictures with Settings › Camera › Formats › Most Compatible."
    ),
    "no_room": _(
        "The server has no space left to check this file, and nothing was saved. Try again "
        "later; if that does not help, contact the system administrator."
    ),
}


def ask(
    probe: str, chunks: Iterable[bytes], *, deadline: float | None = None, **options: Any
) -> tuple[dict[str, Any], bytes]:
    """Return what a probe answers about a file, which is given in chunks.

    Raises ``Refused`` with the code of the probe, with ``too_complex`` where the file takes
    more time or memory than one may, or its process was ended, and with ``busy`` where
    others kept their turn too long, and with ``no_room`` where the disk is full. With a
    ``deadline`` of ``time.monotonic()`` all ends by then. What the answer says comes from a
    process that has read a hostile file: it is of a bounded size, and nothing else about it
    is certain.

    Costs the start of a Python, a tenth of a second or so, and never a lock of the database:
    it is not to be called within a transaction.
    """
    deadline = float("inf") if deadline is None else deadline
    with tempfile.TemporaryFile() as file:
        try:
            for chunk in chunks:
                file.write(chunk)
            file.seek(0)
        except OSError as error:
            log.warning("A file that was sent could not be put aside: %s", error.strerror)
            raise Refused("no_room") from None
        with _turn(deadline) as turn:
            return _parsed(_run(probe, file, turn, deadline, options))


@contextmanager
def _turn(deadline: float) -> Iterator[IO[bytes]]:
    """Wait until no other file is being read: together they would exhaust the memory."""
    until = min(deadline, time.monotonic() + TURN_WITHIN)
    with LOCK.open("rb") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise Refused("busy") from None
                time.sleep(0.05)
            else:
                break
        yield lock


def _run(
    probe: str, file: IO[bytes], turn: IO[bytes], deadline: float, options: dict[str, Any]
) -> bytes:
    """Return what the process wrote. Files and no pipes: their size is limited for it."""
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(  # noqa: S603 - our own program, and the file is only its input
            [sys.executable, "-P", "-S", "-B", "-c", PROGRAM, probe, json.dumps(options)],
            stdin=file,
            stdout=answer,
            stderr=complaint,
            # Nothing of the site's own environment, which holds its secrets.
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
            # It keeps the turn as long as it lives, even where this process is killed.
            pass_fds=[turn.fileno()],
            start_new_session=True,
        )
        try:
            process.wait(max(0, min(PATIENCE, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            raise Refused("too_complex") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode < 0 or process.returncode == GAVE_UP:
            # Ended at the limits that it set itself, or by a system that ran out of memory.
            raise Refused("too_complex")
        if process.returncode:
            # Before it has read anything: its words are of our program, not of the file.
            complaint.seek(0)
            told = complaint.read(ANSWER).decode(errors="replace")
            raise RuntimeError(f"Files cannot be checked: {told}")
        answer.seek(0)
        return answer.read(ANSWER)


def _parsed(answer: bytes) -> tuple[dict[str, Any], bytes]:
    head, _newline, body = answer.partition(b"\n")
    try:
        told = json.loads(head)
    except (ValueError, RecursionError):
        raise Refused("too_complex") from None
    if not isinstance(told, dict):
        raise Refused("too_complex")
    if "refused" in told:
        numbers = {key: value for key, value in told.items() if isinstance(value, int)}
        raise Refused(str(told["refused"]), **numbers)
    return told, body


def worded(refusal: Refused, words: dict[str, Any]) -> ValidationError:
    """Return a refusal in the words for its kind of file, which have one for ``too_complex``."""
    words = REFUSALS | words
    code = refusal.code if refusal.code in words else "too_complex"
    return ValidationError(words[code], code=code, params=refusal.params)
