"""Triggers in the database by which every write changes the content's version.

The database does it, since only there is no way of writing that can be forgotten:
bulk updates, the shell, raw SQL and cascades all pass here.

On SQLite writers queue anyway, and each written row gives the one row a new token.

On PostgreSQL one shared row would make writers wait for each other, and two that
wait crosswise, one for this row at its commit and one for a row that a deferred
foreign key checks, would be a deadlock. So there each transaction adds a row of its
own, once, and takes away those of the transactions before it that nobody else is
just taking away. Nobody ever waits for anybody: insertions do not meet, and rows that
another holds are skipped. There are as many rows as writers at a time, and the base.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.crypto import get_random_string

from events.page_cache.content import BASE, TABLE, watched_models

_PREFIX = "content_version_"
# Any number that no other advisory lock in this database has.
_LOCK = 2020_10_29

_SQLITE_TRIGGER = f"""
    AFTER %(event)s ON "%(table)s" BEGIN
        UPDATE "{TABLE}" SET token = lower(hex(randomblob(16)));
    END
"""  # noqa: S608 - our own names

# The setting is local to the transaction, and a rollback to a savepoint takes it
# back together with the row. Transaction numbers begin above the number of the base.
_POSTGRESQL_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION content_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        own text := pg_current_xact_id()::text;
    BEGIN
        IF current_setting('summit.content_version_changed_by', true) IS DISTINCT FROM own THEN
            WITH earlier AS MATERIALIZED (
                SELECT id FROM "{TABLE}" WHERE id <> {BASE} FOR UPDATE SKIP LOCKED
            )
            DELETE FROM "{TABLE}" marks USING earlier WHERE marks.id = earlier.id;
            INSERT INTO "{TABLE}" (id, token)
                VALUES (own::bigint, replace(gen_random_uuid()::text, '-', ''));
            PERFORM set_config('summit.content_version_changed_by', own, true);
        END IF;
        RETURN NULL;
    END $$
"""  # noqa: S608 - our own names
_POSTGRESQL_TRIGGER = """
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "%(table)s"
    FOR EACH STATEMENT EXECUTE FUNCTION content_version_change()
"""

_EXISTING = {
    "sqlite": f"""
        SELECT name, tbl_name FROM sqlite_master
        WHERE type = 'trigger' AND substr(name, 1, {len(_PREFIX)}) = '{_PREFIX}'
    """,  # noqa: S608 - our own names
    "postgresql": f"""
        SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND starts_with(tgname, '{_PREFIX}')
        AND pg_table_is_visible(tgrelid)
    """,  # noqa: S608 - our own names
}


def before_migrate(*, using: str, **_signal: Any) -> None:
    """Keep nothing until the migration is through.

    On SQLite the triggers go too: Django rebuilds tables there, which loses theirs,
    and cannot rename any table while a trigger names one that is just missing.
    """
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with _alone(connection), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{TABLE}" WHERE id = {BASE}')  # noqa: S608 - our own name
        if connection.vendor == "sqlite":
            _make_triggers(connection, {})


def after_migrate(*, using: str, **_signal: Any) -> None:
    """Make the triggers be what they should, then begin a new version. Harmless to repeat.

    The base comes last: from then on pages are kept, so every trigger must stand.
    On PostgreSQL making one waits until the transactions that wrote to its table
    without it have ended; each is a transaction of its own, so that no two tables
    are locked together.
    """
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if TABLE not in tables:
        _make_triggers(connection, {})
        return
    with _alone(connection), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{TABLE}" WHERE id = {BASE}')  # noqa: S608 - our own name
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        watched = {model._meta.db_table for model in watched_models()} & tables
        _make_triggers(connection, _wanted(connection.vendor, sorted(watched)))
        cursor.execute(
            f'INSERT INTO "{TABLE}" (id, token) VALUES ({BASE}, %s)',  # noqa: S608 - our own name
            [get_random_string(32)],
        )


@contextmanager
def _alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
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


def _make_triggers(connection: BaseDatabaseWrapper, wanted: dict[tuple[str, str], str]) -> None:
    """Drop ours that are not wanted and make those that are missing, by name and table."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(_EXISTING[connection.vendor])
        existing = {(name, table) for name, table in cursor.fetchall()}
        for name, table in sorted(existing - wanted.keys()):
            cursor.execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if is_postgresql else ""))
        for trigger in sorted(wanted.keys() - existing):
            cursor.execute(wanted[trigger])


def _wanted(vendor: str, tables: list[str]) -> dict[tuple[str, str], str]:
    """Return the statement that makes each trigger, by its name and table.

    A trigger's name holds a digest of what it does: one that reads otherwise in a
    later release has another name, and replaces it.
    """
    wanted = {}
    for table in tables:
        if vendor == "postgresql":
            does = _POSTGRESQL_TRIGGER % {"table": table}
            wanted[f"{_PREFIX}{_digest(does)}", table] = does
            continue
        for event in ("INSERT", "UPDATE", "DELETE"):
            does = _SQLITE_TRIGGER % {"table": table, "event": event}
            wanted[f"{_PREFIX}{_digest(does)}", table] = does
    return {
        (name, table): f'CREATE TRIGGER "{name}" {does}' for (name, table), does in wanted.items()
    }


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
