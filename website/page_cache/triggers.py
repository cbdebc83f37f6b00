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

from typing import Any

from django.db import connections
from django.utils.crypto import get_random_string

from summit.lib.database.triggers import Triggers, alone, create, named
from website.page_cache.content import BASE, TABLE, watched_models

_PREFIX = "content_version_"

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


def before_migrate(*, using: str, **_signal: Any) -> None:
    """Keep nothing until the migration is through.

    On SQLite the triggers go too: Django rebuilds tables there, which loses theirs,
    and cannot rename any table while a trigger names one that is just missing.
    """
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with alone(connection), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{TABLE}" WHERE id = {BASE}')  # noqa: S608 - our own name
        if connection.vendor == "sqlite":
            create(connection, _PREFIX, {})


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
        create(connection, _PREFIX, {})
        return
    with alone(connection), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{TABLE}" WHERE id = {BASE}')  # noqa: S608 - our own name
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        watched = {model._meta.db_table for model in watched_models()} & tables
        create(connection, _PREFIX, _wanted(connection.vendor, sorted(watched)))
        cursor.execute(
            f'INSERT INTO "{TABLE}" (id, token) VALUES ({BASE}, %s)',  # noqa: S608 - our own name
            [get_random_string(32)],
        )


def _wanted(vendor: str, tables: list[str]) -> Triggers:
    wanted: Triggers = {}
    for table in tables:
        if vendor == "postgresql":
            wanted |= named(_PREFIX, table, _POSTGRESQL_TRIGGER % {"table": table})
            continue
        for event in ("INSERT", "UPDATE", "DELETE"):
            wanted |= named(_PREFIX, table, _SQLITE_TRIGGER % {"table": table, "event": event})
    return wanted
