"""PostgreSQL: dumped by pg_dump, put back by pg_restore through psql in one transaction."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction

from ops.backup.errors import BackupError, HalfRestored
from ops.backup.manifest import Manifest
from ops.backup.snapshot import Snapshot
from summit.lib.given import given

# Seconds in which the connection of a restore that was killed ends by itself.
PATIENCE = 5
# Everything of ours, and nothing that an extension brought.
_EMPTY = """
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('DROP %s IF EXISTS %s CASCADE',
                      CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                                   WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                      pg_class.oid::regclass)
        FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('e', 'i'))
        UNION ALL
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', pg_proc.oid::regprocedure)
        FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP
        EXECUTE statement;
    END LOOP;
END $$;
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
# Servers before 17 know no such setting, which pg_restore 17 and newer begin with.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_FIRST_LINES_END = b"SELECT pg_catalog.set_config('search_path'"


class PostgreSQL:
    vendor = "postgresql"
    file = "database.dump"

    @contextmanager
    def dump(self, directory: Path) -> Iterator[Snapshot]:
        """Let pg_dump see what a transaction of ours sees, which stays open beside it."""
        _check_tool("pg_dump")
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            [snapshot] = cursor.fetchone()
            _run(
                "pg_dump",
                "--format=custom",
                "--no-password",
                f"--snapshot={snapshot}",
                f'--schema="{_schema()}"',
                f"--file={directory / self.file}",
            )
            (directory / self.file).chmod(0o600)

            def query(sql: str) -> list[tuple[Any, ...]]:
                cursor.execute(sql)
                return cursor.fetchall()

            tables = sorted(connection.introspection.table_names(cursor))
            yield Snapshot(query, _version(), tables)

    def check(self, dump: Path) -> None:
        """Read the dump's table of contents; its bytes are held by the manifest's checksum."""
        _run("pg_restore", "--list", str(dump))

    def check_target(self, manifest: Manifest) -> None:
        _check_tool("pg_restore")
        _check_tool("psql")
        if int(manifest.database_version.split(".")[0]) > _major():
            raise BackupError(
                f"The backup is of PostgreSQL {manifest.database_version}, and this server is "
                f"{_version()}. Restore it into a server that is as new."
            )
        until = time.monotonic() + PATIENCE
        while others := _others():
            if time.monotonic() < until:
                time.sleep(0.2)
                continue
            raise BackupError(
                f"{others} other connections to this database are open. Stop the web server, the "
                "worker and the periodic process on every machine, and pause a pooler."
            )

    def restore(self, dump: Path, manifest: Manifest, afterwards: Iterable[str]) -> None:
        schema = _schema()
        connection.close()
        with tempfile.TemporaryFile() as said:
            psql = _psql(said)
            stdin = given(psql.stdin)
            try:
                _feed(stdin, dump, schema)
                end = [
                    f'SET search_path TO "{schema}";',
                    _rows_are(manifest.rows),
                    *(f"{statement};" for statement in afterwards),
                    "COMMIT;\n",
                ]
                stdin.write("\n".join(end).encode())
                stdin.close()
            except BaseException as error:
                # Nothing was committed: that is the last thing that psql is told.
                psql.kill()
                psql.wait()
                if isinstance(error, BrokenPipeError):
                    raise BackupError(_refusal(said)) from error
                raise
            if psql.wait() != 0:
                message = _refusal(said)
                if "ERROR:" in message:
                    raise BackupError(message)
                raise HalfRestored(message)


def _psql(said: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own words
        [
            *("psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"),
            # What PostgreSQL says beyond its first line may quote a row.
            *("--set=VERBOSITY=terse", "--set=SHOW_CONTEXT=never"),
        ],
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
    )


def _feed(psql: IO[bytes], dump: Path, schema: str) -> None:
    """Hand psql what empties the database and fills it anew, without the end of the transaction.

    psql would commit half of it, were it to decide itself where the transaction ends.
    """
    psql.write(f"BEGIN;\nSET LOCAL lock_timeout = '30s';\n{_EMPTY}".encode())
    command = ["pg_restore", "--no-owner", "--no-privileges", f"--schema={schema}", "--file=-"]
    with tempfile.TemporaryFile() as said:
        source = subprocess.Popen(  # noqa: S603 - our own words and a path
            [*command, str(dump)], stdout=subprocess.PIPE, stderr=said
        )
        with given(source.stdout) as script:
            try:
                for line in script:
                    if line != _UNKNOWN_BEFORE_17 or _server_version() >= 170000:
                        psql.write(line)
                    if line.startswith(_FIRST_LINES_END):
                        break
                shutil.copyfileobj(script, psql)
            except BaseException:
                source.kill()
                source.wait()
                raise
        if source.wait() != 0:
            raise BackupError(f"pg_restore could not read {dump}: {_last_line(said)}")


def _rows_are(expected: dict[str, int]) -> str:
    """Return SQL that fails where the tables have other rows than the manifest tells."""
    checks = "\n".join(
        f'IF (SELECT count(*) FROM "{table}") <> {count} THEN '  # noqa: S608 - tables of a manifest
        f"RAISE EXCEPTION 'the table {table} has other rows than the manifest tells'; END IF;"
        for table, count in expected.items()
    )
    return f"DO $$ BEGIN\n{checks}\nEND $$;"


def _refusal(said: IO[bytes]) -> str:
    return f"PostgreSQL took nothing of the backup: {_last_line(said)}"


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it gave no reason"


def _run(*command: str) -> None:
    done = _started(command)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        reason = lines[-1] if lines else f"it ended with {done.returncode}"
        raise BackupError(f"{command[0]} failed: {reason}. Is there room on the disk?")


def _started(command: Iterable[str]) -> subprocess.CompletedProcess[str]:
    command = list(command)
    try:
        return subprocess.run(  # noqa: S603 - our own words
            command, env=_environment(), capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupError(
            f"{command[0]} is not there. Install PostgreSQL's client, version {_major()} or "
            f"newer: in Debian the package postgresql-client."
        ) from error


def _check_tool(name: str) -> None:
    """Raise ``BackupError`` where a tool is missing or older than the server."""
    found = re.search(r"\) (\d+)", _started([name, "--version"]).stdout)
    if found and int(found[1]) < _major():
        raise BackupError(
            f"{name} is of PostgreSQL {found[1]}, and the server is {_major()}. Install a client "
            "that is as new as the server, and put it first in PATH."
        )


def _environment() -> dict[str, str]:
    """What libpq reads: no password stands on a command line, which everybody can list."""
    settings = connection.settings_dict
    _arguments, secrets = connection.client.settings_to_cmd_args_env(settings, [])
    place = {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"] or ""),
        "PGUSER": settings["USER"],
        "PGDATABASE": settings["NAME"],
        "PGOPTIONS": settings["OPTIONS"].get("options", ""),
    }
    return {
        **os.environ,
        **{name: value for name, value in place.items() if value},
        **(secrets or {}),
    }


def _others() -> int:
    """Return how many connections to this database there are beside this one."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        return cursor.fetchone()[0]


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return cursor.fetchone()[0]


def _server_version() -> int:
    return connection.pg_version  # type: ignore[attr-defined]  # of Django's PostgreSQL alone


def _major() -> int:
    return _server_version() // 10000


def _version() -> str:
    return f"{_major()}.{_server_version() % 10000}"
