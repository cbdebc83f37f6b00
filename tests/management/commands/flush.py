from typing import Any

from django.core.management.commands import flush
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections, transaction

from audit import append_only
from summit.lib.database import triggers


class Command(flush.Command):
    """Empties the database after a test. The product's own cannot: the audit trail is kept.

    Only tables that hold rows are emptied, since PostgreSQL takes seconds to truncate all.
    ``post_migrate`` is sent afterwards, as by Django, and makes the triggers anew.
    """

    def handle(self, **options: Any) -> None:
        database = options["database"]
        connection = connections[database]
        triggers.create(connection, append_only.PREFIX, {})
        tables = connection.introspection.django_table_names(only_existing=True)
        with transaction.atomic(using=database), connection.cursor() as cursor:
            filled = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables]
            cursor.execute(" UNION ALL ".join(filled))
            for (name,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {name}")
        if not options.get("inhibit_post_migrate"):
            emit_post_migrate_signal(options["verbosity"], options["interactive"], database)
