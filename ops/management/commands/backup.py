from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ops.backup.errors import BackupError
from ops.backup.make import make_backup
from ops.backup.manifest import Manifest


class Command(BaseCommand):
    help = (
        "Makes a backup of the whole site, DIR/summit-<UTC time>: database, pictures, private "
        "files, and a manifest with checksums. It is whole, or it has another name."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path, help="outside of the site's own")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="afterwards remove all but the newest N there"
        )

    def handle(self, *, directory: Path, keep: int | None, **options: object) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep needs a number from 1 on: the newest backup always stays.")
        try:
            made, told = make_backup(directory, keep=keep)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made}: {summary(told)}")
        if told.missing:
            self.stderr.write(
                f"{len(told.missing)} files that the database names were not there to be copied. "
                f"The manifest lists them under “missing”; the first is {told.missing[0]}."
            )


def summary(told: Manifest) -> str:
    rows = sum(told.rows.values())
    megabytes = told.size / 1e6
    return (
        f"{rows} rows in {len(told.rows)} tables, {len(told.files)} files, {megabytes:.1f} MB, "
        f"of {told.started_at[:19]} UTC"
    )
