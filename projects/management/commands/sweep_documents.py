from django.core.management.base import BaseCommand

from projects.domain.document import sweep


class Command(BaseCommand):
    help = (
        "Deletes stored files that no document names, left behind by a crash while one was "
        "attached or withdrawn. Those of the last day are let be. Run it once a week."
    )

    def handle(self, **options: object) -> None:
        self.stdout.write(f"Files without a document deleted: {sweep()}")
