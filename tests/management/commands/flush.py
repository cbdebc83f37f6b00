from typing import Any

from django.core.management.commands import flush
from django.db import connections

from audit import append_only
from summit.lib.database import triggers


class Command(flush.Command):
    """Empties the database after a test. The product's own cannot: the audit trail is kept.

    Django sends ``post_migrate`` afterwards, which makes the triggers anew.
    """

    def handle(self, **options: Any) -> None:
        triggers.make(connections[options["database"]], append_only.PREFIX, {})
        super().handle(**options)
