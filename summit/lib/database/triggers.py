"""Triggers of our own in the database: found by the beginning of their names, made and replaced.

Made after each ``migrate`` rather than in a migration, because Django rebuilds tables on
SQLite, which loses theirs, and because a later release may word them otherwise.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# By name and table, the statement that makes it.
type Triggers = dict[tuple[str, str], str]

# Any number that no other advisory lock in this database has.
_LOCK = 2020_10_29
_EXISTING = {
    "sqlite": """
        SELECT name, tbl_name FROM sqlite_master
        WHERE type = 'trigger' AND substr(name, 1, length(%(prefix)s)) = %(prefix)s
    """,
    "postgresql": """
        SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND starts_with(tgname, %(prefix)s)
        AND pg_table_is_visible(tgrelid)
    """,
}


@contextmanager
def alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let one process at a time in, where several servers migrate as they start."""
    if connection.vendor == "sqlite":
        with transaction.atomic(connection.alias):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def named(prefix: str, table: str, does: str) -> Triggers:
    """Return the trigger that does it, such as ``BEFORE UPDATE ON "table" …``.

    Its name holds a digest of what it does: one that reads otherwise in a later
    release has another name, and replaces it.
    """
    digest = hashlib.blake2b(does.encode(), digest_size=8).hexdigest()
    return {(f"{prefix}{digest}", table): f'CREATE TRIGGER "{prefix}{digest}" {does}'}


def create(connection: BaseDatabaseWrapper, prefix: str, wanted: Triggers) -> None:
    """Drop those of the prefix that are not wanted and make those that are missing."""
    is_postgresql = connection.vendor == "postgresql"
    there = existing(connection, prefix)
    with connection.cursor() as cursor:
        for name, table in sorted(there - wanted.keys()):
            cursor.execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if is_postgresql else ""))
        for trigger in sorted(wanted.keys() - there):
            cursor.execute(wanted[trigger])


def existing(connection: BaseDatabaseWrapper, prefix: str) -> set[tuple[str, str]]:
    """Return name and table of those that are there."""
    with connection.cursor() as cursor:
        cursor.execute(_EXISTING[connection.vendor], {"prefix": prefix})
        return {(name, table) for name, table in cursor.fetchall()}
