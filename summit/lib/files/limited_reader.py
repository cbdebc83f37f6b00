"""The program that reads one file from outside: ``main`` runs in a process of its own.

``summit.lib.files.limited`` starts it with the module of a probe and its options; the file is its
standard input. A small file can be made to unpack to a huge one, to keep a parser busy for
hours, or to make use of a fault in it: so the process has little time and memory, none of
the site's secrets in its environment, starts no other process, and where the system lets it
give up the network, has none.

Its answer is a line of JSON and the bytes after it, or ``{"refused": CODE}``.
"""

import contextlib
import importlib
import json
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Any

# Seconds of computing, and bytes.
SECONDS = 8
MEMORY = 1024 * 1024 * 1024
ANSWER = 8 * 1024 * 1024
# How the process ends where its limits left it nothing to say so with.
GAVE_UP = 3


class Refused(Exception):
    """Its first argument is the code of the refusal; ``params`` is what its words need."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def limits() -> dict[str, int]:
    """Return what the process takes at most, by the names of the module ``resource``."""
    return {
        "RLIMIT_CPU": SECONDS,
        "RLIMIT_AS": MEMORY,
        "RLIMIT_FSIZE": ANSWER,
        "RLIMIT_NPROC": 0,
        # What it has read is nobody's business after a crash.
        "RLIMIT_CORE": 0,
    }


def limit() -> None:
    """Let the system end this process when it takes too much; not every system can."""
    with contextlib.suppress(OSError):
        # Where the machine runs out of memory all the same, this process goes first.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    with contextlib.suppress(AttributeError, OSError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    with contextlib.suppress(ImportError):
        import resource

        for name, most in limits().items():
            with contextlib.suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (most, most))


def main() -> None:
    """Read standard input by the probe that is named first, with the options that follow."""
    name, options = sys.argv[1], json.loads(sys.argv[2])
    probe = importlib.import_module(name)
    logging.disable()
    warnings.simplefilter("ignore")
    data = sys.stdin.buffer.read()
    limit()
    try:
        head, body = _answer(probe, data, options)
        sys.stdout.buffer.write(json.dumps(head, ensure_ascii=False).encode() + b"\n" + body)
        sys.stdout.buffer.flush()
    except BaseException:
        # No room for the answer, or for saying so.
        os._exit(GAVE_UP)


def _answer(probe: Any, data: bytes, options: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        return probe.read(data, **options)
    except Refused as refusal:
        return {"refused": refusal.code, **refusal.params}, b""
    except (MemoryError, RecursionError):
        return {"refused": "too_complex"}, b""
    # Parsers raise whatever they stumble over in a damaged file.
    except Exception:
        return {"refused": "broken"}, b""
