"""What a new version needs before it serves: tables and static files."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection, connections

# Any number, as long as nothing else in this database locks it.
LOCK = 0x53756D6D6974


class Command(BaseCommand):
    help = (
        "Waits for the database, brings its tables up to date and collects the static files. "
        "Two at once are safe: the second waits for the first and finds nothing left to do."
    )
    # The database may not be there yet; migrate checks what there is to check.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait",
            type=int,
            default=60,
            metavar="SECONDS",
            help="how long to wait for the database (60)",
        )
        parser.add_argument(
            "--no-static", action="store_true", help="the image holds the static files already"
        )

    def handle(self, *, wait: int, no_static: bool, verbosity: int, **options: object) -> None:
        self._wait_for_database(wait)
        with one_at_a_time():
            call_command("migrate", interactive=False, verbosity=verbosity)
            if not no_static:
                call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("Ready to serve.")

    def _wait_for_database(self, seconds: int) -> None:
        until = time.monotonic() + seconds
        was_said = False
        while True:
            try:
                connection.ensure_connection()
            except OperationalError as error:
                if time.monotonic() > until:
                    raise CommandError(
                        f"The database {_where()} did not answer within {seconds} seconds. "
                        "Is it running, and is DATABASE_URL right? It said: "
                        f"{str(error).strip().splitlines()[-1]}"
                    ) from error
                if not was_said:
                    self.stderr.write(f"Waiting for the database {_where()} …")
                    was_said = True
                time.sleep(1)
            else:
                return


def _where() -> str:
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"in {config['NAME']}"
    return f"“{config['NAME']}” at {config['HOST'] or 'localhost'}:{config['PORT'] or 5432}"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other release is at this database, and keep others waiting meanwhile.

    A process that dies gives the lock back, whatever it was doing.
    """
    if connection.vendor == "sqlite":
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        with (settings.DATA_DIR / "release.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    # A transaction on a connection of its own: migrations commit theirs, and a lock of the
    # session would be lost behind a pooler that lends connections by transaction.
    holder = connections.create_connection("default")
    holder.set_autocommit(False)
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
    finally:
        holder.close()
