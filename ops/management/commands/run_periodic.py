import logging
import signal
import threading
from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)

from summit.lib.process.restoring import restoring
from summit.lib.registries import sorted_steps
from summit.lib.web import request_id

log = logging.getLogger(__name__)

# Seconds between two looks whether a restore has ended.
PAUSE = 2


class Command(BaseCommand):
    help = (
        "Does what is due, the periodic steps of all apps: expires offers, passes seats on, "
        "reminds, sends and retries mail, erases what is past its retention. Run it every minute, "
        "or with --every."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on until stopped")

    def handle(self, *, every: int | None, **options: object) -> None:
        if not every:
            if restoring():
                raise CommandError("The site is being restored; nothing was done.")
            if not _database_answers():
                raise CommandError("The database does not answer; nothing was done.")
            self._round()
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            # The step in hand is finished, and none after it begun.
            signal.signal(number, lambda *_args: stopped.set())
        was_said = False
        while not stopped.is_set():
            close_old_connections()
            if restoring():
                # A restore waits for nobody who is connected.
                connections.close_all()
                if not was_said:
                    log.warning("The site is being restored; nothing is done until that has ended")
                was_said = True
                stopped.wait(min(every, PAUSE))
                continue
            was_said = False
            if _database_answers():
                self._round(stopped)
            else:
                log.warning("The database does not answer; trying again in %s seconds", every)
            stopped.wait(every)

    def _round(self, stopped: threading.Event | None = None) -> None:
        with request_id.work():
            for name, step in sorted_steps():
                if restoring() or (stopped and stopped.is_set()):
                    return
                self._run(name, step.run)

    def _run(self, name: str, step: Callable[[], int | None]) -> None:
        # One step that fails must not keep the mail of all others from going out.
        try:
            done = step()
        except Exception:
            log.exception("The periodic step “%s” failed", name)
            # A broken connection would fail every step after this one.
            if connection.connection is not None and not connection.is_usable():
                connection.close()
            return
        if done:
            self.stdout.write(f"{name}: {done}")


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
    except (InterfaceError, OperationalError):
        return False
    return True
