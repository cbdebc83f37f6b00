from django.core.management.base import BaseCommand

from events.domain import event_file, poster
from projects.domain import document
from submissions.domain import attachment, expert_privacy, slides


class Command(BaseCommand):
    help = (
        "Deletes stored files that no document, file or poster of an event, submission or "
        "proposal names, left behind by a crash or by an event that was deleted. Those of the "
        "last day are let be. Run it once a week."
    )

    def handle(self, **options: object) -> None:
        self.stdout.write(f"Files without a document deleted: {document.sweep()}")
        self.stdout.write(f"Files without an event deleted: {event_file.sweep()}")
        self.stdout.write(f"Pictures without a poster deleted: {poster.sweep()}")
        self.stdout.write(f"Files without a submission deleted: {attachment.sweep()}")
        self.stdout.write(f"Portraits without a proposal deleted: {expert_privacy.sweep()}")
        self.stdout.write(f"Slides without a proposal deleted: {slides.sweep()}")
