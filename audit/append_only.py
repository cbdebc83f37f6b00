"""The database itself keeps the audit trail append-only, whichever way somebody writes.

No entry is changed, and none deleted that is younger than ``settings.AUDIT_LEAST_DAYS``:
not by a bulk update, in the shell, nor by raw SQL. Whoever owns the database can lift the
triggers, as they could replace its files; docs/operations.md says what to do about that.
"""

from typing import Any

from django.conf import settings
from django.db import connections

from audit.models import AuditEntry
from summit.lib.database import triggers
from summit.lib.database.triggers import Triggers

TABLE = AuditEntry._meta.db_table
PREFIX = "audit_trail_"

_CHANGED = "An entry of the audit trail is never changed."
_TOO_YOUNG = "The audit trail keeps its entries for at least {days} days."

_SQLITE = (
    """BEFORE UPDATE ON "{table}" BEGIN SELECT RAISE(ABORT, '{changed}'); END""",
    # INSERT OR REPLACE deletes what has the number already, and asks no DELETE trigger.
    """
    BEFORE INSERT ON "{table}" WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{changed}'); END
    """,
    """
    BEFORE DELETE ON "{table}" WHEN julianday(OLD.at) > julianday('now') - {days}
    BEGIN SELECT RAISE(ABORT, '{too_young}'); END
    """,
)
_POSTGRESQL = (
    """
    BEFORE UPDATE ON "{table}"
    FOR EACH ROW EXECUTE FUNCTION audit_trail_refuse('{changed}')
    """,
    """
    BEFORE TRUNCATE ON "{table}"
    FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_refuse('{too_young}')
    """,
    """
    BEFORE DELETE ON "{table}"
    FOR EACH ROW WHEN (OLD.at > now() - interval '{days} days')
    EXECUTE FUNCTION audit_trail_refuse('{too_young}')
    """,
)
# The code makes it Django's IntegrityError, as it is on SQLite.
_POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION audit_trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
    END $$
"""


def after_migrate(*, using: str, **_signal: Any) -> None:
    """Make the triggers be what they should. Harmless to repeat."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with triggers.alone(connection), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        triggers.create(connection, PREFIX, _wanted(connection.vendor))


def _wanted(vendor: str) -> Triggers:
    days = settings.AUDIT_LEAST_DAYS
    words = {
        "table": TABLE,
        "days": days,
        "changed": _CHANGED,
        "too_young": _TOO_YOUNG.format(days=days),
    }
    wanted: Triggers = {}
    for does in {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[vendor]:
        wanted |= triggers.named(PREFIX, TABLE, does.format(**words))
    return wanted
