"""Runs at the start of every Python process of the stack: what the tests see and change inside.

``SUMMIT_ASKED`` names a file that gets every host asked for; ``SUMMIT_CLOCK`` moves
the process's clock by so many seconds.
"""

import os
import sys


def write_down_hosts(path: str) -> None:
    def hear(event: str, arguments: tuple) -> None:
        if event in ("socket.getaddrinfo", "socket.gethostbyname"):
            host = arguments[0]
        elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
            host = arguments[1][0]
        else:
            return
        # One write in append mode, so that processes do not mix their lines.
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, f"{host}\n".encode())
        os.close(file)

    sys.addaudithook(hear)


def move_clock(seconds: float) -> None:
    import datetime as dt

    import time_machine

    there = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    time_machine.travel(there, tick=True).start()


if "SUMMIT_ASKED" in os.environ:
    write_down_hosts(os.environ["SUMMIT_ASKED"])
if "SUMMIT_CLOCK" in os.environ:
    move_clock(float(os.environ["SUMMIT_CLOCK"]))
