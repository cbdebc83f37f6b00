"""What the embedded database needs so that erased data is gone from the disk."""

from django.db import OperationalError, connection

# Others may be reading: then the next round of run_periodic tries again.
PATIENCE_MILLISECONDS = 2000


def empty_write_ahead_log() -> None:
    """Carry the write-ahead log of SQLite into the database and empty its file.

    The log holds pages as they were before something was erased, until it is written over.
    ``secure_delete`` does the same for the database itself. Does nothing on PostgreSQL and
    within a transaction, and leaves the log where somebody else goes on reading from it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (before,) = cursor.fetchone()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchone()
        except OperationalError:
            # Locked by this very connection: the next round tries again.
            return
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")
