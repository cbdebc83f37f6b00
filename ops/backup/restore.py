"""Putting a backup back, so that one that is cut off says so and can be repeated."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from audit import trail
from audit.models import AuditEntry
from mail.models import Heartbeat, OutboundMail
from ops.audited import Action as OpsAction
from ops.backup import databases, marker, places
from ops.backup.errors import BackupError, HalfRestored, of_the_system
from ops.backup.manifest import Manifest
from ops.backup.places import Place
from ops.backup.verify import check_fits, verify
from registrations.audited import Action as RegistrationsAction
from staff.models import KnownBrowser, Login, LogInLink
from summit.lib.process.restoring import restoring
from website.models import ContentVersion

# What migrate itself fills, and what says that processes run: a site without other rows is empty.
_NOT_CONTENT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "projects_cooperationmode",
    "projects_industry",
    "projects_sector",
    ContentVersion._meta.db_table,
    Heartbeat._meta.db_table,
}
HELD = "Held back by a restore"


@dataclass
class Restored:
    manifest: Manifest
    # Migrations that were made up for.
    migrated: int
    # Queued mails that wait for an organizer.
    held: int
    # How many people the site that was replaced had erased since the backup.
    erased_since: int


def restore(directory: Path, *, replace: str | None = None, send_queued: bool = False) -> Restored:
    """Put a backup back into an empty site, or in the place of the database named ``replace``.

    Everything is verified before anything is changed. The database is replaced in one
    transaction; files wait beside the old ones until then. Everybody is logged out, and
    queued mail is given up unless ``send_queued``: it may have left since the backup.
    Raises ``BackupError`` where nothing was changed. ``HalfRestored``, and a process that
    was killed, leave the marker, under which nobody is served; a restore then begins
    anew and asks no more whether the site is empty.
    """
    told = verify(directory)
    migrations = check_fits(told)
    database = databases.ours()
    database.check_target(told)
    targets = places.places()
    if not restoring():
        check_is_free(targets, replace)
    erased_since = _erased_since(told.started_at)
    with marker.standing(directory.name) as mark:
        _stage(directory, told, targets)
        mark.has_begun = True
        try:
            database.restore(directory / database.file, told, _afterwards(told, send_queued))
        except HalfRestored:
            raise
        except BackupError:
            mark.has_begun = False
            _abandon(targets)
            raise
        try:
            for target in targets:
                target.swap()
            held = _finish(directory, told)
        except Exception as error:
            raise HalfRestored(
                f"The database is restored, but not all of the rest: {error}. The site serves "
                "nobody until you run this restore again."
            ) from error
    return Restored(told, len(migrations), held, erased_since)


def database_name() -> str:
    """The name that has to be typed to replace this database."""
    return Path(connection.settings_dict["NAME"]).name


def check_is_free(targets: list[Place], replace: str | None) -> None:
    """Raise ``BackupError`` where a restore would delete what it was not told to delete."""
    if replace is not None:
        if replace != database_name():
            raise BackupError(f"This database is not called “{replace}”. Nothing was changed.")
        return
    in_use = [table for table in _tables() if table not in _NOT_CONTENT and _has_rows(table)]
    try:
        in_use += [target.folder for target in targets if not target.is_empty()]
    except OSError as error:
        raise of_the_system(error, settings.DATA_DIR) from error
    if in_use:
        raise BackupError(
            f"This site is not empty: there is something in {', '.join(sorted(in_use)[:5])}. "
            "Restore into an empty one, or add --replace, which deletes what is there."
        )


def _tables() -> list[str]:
    return connection.introspection.table_names()


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608 - a table of this database
        return cursor.fetchone() is not None


def _erased_since(moment: str) -> int:
    if AuditEntry._meta.db_table not in _tables():
        return 0
    return AuditEntry.objects.filter(action=RegistrationsAction.ERASED, at__gte=moment).count()


def _stage(directory: Path, told: Manifest, targets: list[Place]) -> None:
    try:
        for target in targets:
            target.begin()
            for path, stored in told.files.items():
                folder, _slash, name = path.partition("/")
                if folder == target.folder:
                    target.stage(name, directory / path, stored)
    except BaseException as error:
        _abandon(targets)
        if isinstance(error, OSError):
            raise of_the_system(error, settings.DATA_DIR) from error
        raise


def _abandon(targets: list[Place]) -> None:
    for target in targets:
        target.abandon()


def _afterwards(told: Manifest, send_queued: bool) -> list[str]:
    """What is changed in the transaction that brings the rows back, as SQL of both databases."""
    statements = {
        # A log-in that was ended since the backup must not come back, nor a browser that was
        # known then.
        Session._meta.db_table: "DELETE FROM {}",
        Login._meta.db_table: "DELETE FROM {}",
        KnownBrowser._meta.db_table: "DELETE FROM {}",
        LogInLink._meta.db_table: "DELETE FROM {}",
        # Pages that a process has kept of this version may be of other content.
        ContentVersion._meta.db_table: "DELETE FROM {}",
    }
    if not send_queued:
        statements[OutboundMail._meta.db_table] = (
            "UPDATE {} SET status = 'given_up', claimed_until = NULL, "  # noqa: S608 - our own words
            f"last_error = '{HELD}' WHERE status = 'queued'"
        )
    return [
        statement.format(f'"{table}"')
        for table, statement in statements.items()
        if table in told.rows
    ]


def _finish(directory: Path, told: Manifest) -> int:
    """Bring the database to this code and put the restore on record; return the mails held."""
    # Also where no migration is due: it makes the triggers, and begins a version of the content.
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        # What the planner knows of the rows is in no dump.
        cursor.execute("ANALYZE")
    held = OutboundMail.objects.filter(status=OutboundMail.Status.GIVEN_UP, last_error=HELD).count()
    trail.record(
        OpsAction.RESTORED,
        subject=f"backup · {directory.name}",
        rows=sum(told.rows.values()),
        files=len(told.files),
        mails_held=held,
    )
    return held
