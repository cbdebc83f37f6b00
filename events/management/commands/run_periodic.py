import logging
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Does what is due, the steps of settings.PERIODIC_STEPS: expires offers, passes seats on, "
        "reminds, sends and retries mail, erases what is past its retention. Run it every minute, "
        "or with --every."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on until stopped")

    def handle(self, *, every: int | None, **options: object) -> None:
        while True:
            for name, path in settings.PERIODIC_STEPS.items():
                self._run(name, path)
            if not every:
                return
            time.sleep(every)

    def _run(self, name: str, path: str) -> None:
        # One step that fails must not keep the mail of all others from going out.
        try:
            done = import_string(path)()
        except Exception:
            log.exception("The periodic step “%s” failed", name)
            return
        if done:
            self.stdout.write(f"{name}: {done}")
