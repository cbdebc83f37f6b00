"""A probe that does what a hostile file might make one do, or says what it has found."""

import os
import signal
import sys
import time
from pathlib import Path


def read(data, *, do, path=""):
    return {
        "look": _look,
        "echo": lambda data, path: ({"size": len(data)}, data),
        "log": _log,
        "allocate": lambda data, path: ({"size": len(bytearray(2**31))}, b""),
        "die": lambda data, path: os.kill(os.getpid(), signal.SIGKILL),
        "break": lambda data, path: 1 / 0,
        "recurse": lambda data, path: read(data, do="recurse"),
        "write": lambda data, path: ({}, b"x" * 9 * 1024 * 1024),
        "babble": _babble,
        "sleep": _sleep,
    }[do](data, path)


def _look(data, path):
    import resource

    from summit.lib.files.limited_reader import limits

    found = {name: resource.getrlimit(getattr(resource, name)) for name in limits()}
    return {"limits": found, "environment": sorted(os.environ), "session": os.getsid(0)}, b""


def _log(data, path):
    with Path(path).open("a") as log:
        print("begin", file=log, flush=True)
        time.sleep(0.1)
        print("end", file=log, flush=True)
    return {}, b""


def _sleep(data, path):
    Path(path).write_text(str(os.getpid()))
    time.sleep(600)


def _babble(data, path):
    sys.stdout.write(path)
    sys.stdout.flush()
    os._exit(0)
