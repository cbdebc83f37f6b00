"""The database of this site, dumped and put back by its own tools."""

from django.db import connection

from ops.backup.postgresql import PostgreSQL
from ops.backup.snapshot import Database
from ops.backup.sqlite import SQLite


def by_vendor(vendor: str) -> Database:
    """Return the tools for one kind of database."""
    return PostgreSQL() if vendor == "postgresql" else SQLite()


def ours() -> Database:
    return by_vendor(connection.vendor)
