"""A PostgreSQL server of one's own, which can be killed."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql


def find_binaries() -> Path | None:
    """Where ``initdb`` is: on the path, or the newest of Debian's, which keeps it off the path."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((each.parent for each in found), key=_version, default=None)


def _version(binaries: Path) -> float:
    return float(binaries.parent.name)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Cluster:
    """Durable as in production: what it confirmed is there after it was killed, or not at all."""

    def __init__(self, binaries: Path, *, is_durable: bool = True) -> None:
        self.binaries = binaries
        self.is_durable = is_durable
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="summit-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres")
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")

    def _run(self, name: str, *arguments: str, check: bool = True) -> int:
        # PostgreSQL refuses to run as root.
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_user, self.binaries / name, "-D", self.directory / "data", *arguments]
        with (self.directory / "log").open("a") as log:
            done = subprocess.run(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=check
            )
        return done.returncode

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
            " -c max_connections=60 -c shared_buffers=32MB"
        )
        if not self.is_durable:
            # For threads that meet, of several workers at once.
            options += " -c max_connections=200"
            options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        until = time.monotonic() + 60
        # After a kill the processes of the old server take a moment to go.
        while self._run("pg_ctl", "-w", "-t", "60", "-o", options, "start", check=False):
            if time.monotonic() > until:
                raise RuntimeError((self.directory / "log").read_text()[-2000:])
            time.sleep(0.5)

    def kill(self) -> None:
        """As when the machine loses its power, or nearly."""
        pid = int((self.directory / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.directory, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def rows(self, database: str, query: str, *values: object) -> list[tuple]:
        """What a query answers; nothing for a statement that answers nothing."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def create(self, database: str, *, like: str = "template1") -> None:
        names = map(sql.Identifier, (database, like))
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names)
        self.rows("postgres", command)

    def drop(self, database: str) -> None:
        command = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database))
        self.rows("postgres", command)
