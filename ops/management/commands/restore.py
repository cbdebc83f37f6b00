from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ops.backup.errors import BackupError
from ops.backup.restore import Restored, database_name, restore
from ops.management.commands.backup import summary


class Command(BaseCommand):
    help = (
        "Puts a backup back into an empty site. Verifies it first. Stop the web server, the "
        "worker and the periodic process before; one that was cut off can be run again."
    )
    # The tables may not be there yet.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "directory", metavar="DIR", type=Path, help="such as …/summit-20261122T020000Z"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="delete what is there; asks for the name of the database",
        )
        parser.add_argument(
            "--yes-replace",
            metavar="NAME",
            help="the same, with the name of the database given here",
        )
        parser.add_argument(
            "--send-queued-mail",
            action="store_true",
            help="leave mail queued that was queued when the backup was made",
        )

    def handle(
        self,
        *,
        directory: Path,
        replace: bool,
        yes_replace: str | None,
        send_queued_mail: bool,
        **options: object,
    ) -> None:
        name = yes_replace
        if replace and name is None:
            name = _typed(f"Type {database_name()} to delete all that is in it: ")
        try:
            restored = restore(directory, replace=name, send_queued=send_queued_mail)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self._tell(restored)

    def _tell(self, restored: Restored) -> None:
        told = restored.manifest
        for table, count in sorted(told.rows.items()):
            if count:
                self.stdout.write(f"{count:>9}  {table}")
        self.stdout.write(
            f"Restored, and every table has the rows of the manifest: {summary(told)}"
        )
        if restored.migrated:
            self.stdout.write(f"Migrations made up for: {restored.migrated}")
        if restored.held:
            self.stdout.write(
                f"Queued mails held back: {restored.held}. They may have left since the backup; "
                "the admin's list of outbound mails queues again what should go."
            )
        if told.missing:
            self.stderr.write(
                f"{len(told.missing)} files were missing when the backup was made; its manifest "
                "lists them."
            )
        if restored.erased_since:
            self.stderr.write(
                f"People erased since the backup: {restored.erased_since}. Erase them again."
            )
        self.stdout.write(
            "Everybody is logged out. Erase again who asked for it after "
            f"{told.started_at[:19]} UTC: manage.py erase_attendee -"
        )


def _typed(question: str) -> str:
    try:
        return input(question)
    except EOFError as error:
        raise CommandError("Nobody is there to answer. Use --yes-replace NAME instead.") from error
