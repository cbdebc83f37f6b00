from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ops.backup.errors import BackupError
from ops.backup.verify import check_fits, verify
from ops.management.commands.backup import summary


class Command(BaseCommand):
    help = (
        "Reads a backup through and says whether it is whole, readable, and one that this code "
        "can restore. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "directory", metavar="DIR", type=Path, help="such as …/summit-20261122T020000Z"
        )

    def handle(self, *, directory: Path, **options: object) -> None:
        try:
            told = verify(directory)
            pending = check_fits(told)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{directory} is whole: {summary(told)}")
        self.stdout.write(
            f"Made by Summit {told.software['summit']} on {told.vendor} {told.database_version}; "
            f"restoring it runs {len(pending)} migrations."
        )
        if told.missing:
            self.stderr.write(f"{len(told.missing)} files were missing when it was made.")
