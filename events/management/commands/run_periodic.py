import logging
import time

from django.core.management.base import BaseCommand, CommandParser

from events.domain import privacy, rate_limit, reminder, waiting_list
from events.tasks import deliver_due

log = logging.getLogger(__name__)

# Each is safe to run twice at once, and to be cut off anywhere.
STEPS = {
    "offers expired": waiting_list.expire_offers,
    "seats passed on": waiting_list.refill_all,
    "reminders queued": reminder.remind,
    "mails sent": deliver_due,
    "people erased": privacy.erase_expired,
    "rate counts forgotten": rate_limit.forget,
}


class Command(BaseCommand):
    help = (
        "Does what is due: expires offers, passes seats on, reminds, sends and retries mail, "
        "erases what is past its retention. Run it every minute, or with --every."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on until stopped")

    def handle(self, *, every: int | None, **options: object) -> None:
        while True:
            for name, step in STEPS.items():
                self._run(name, step)
            if not every:
                return
            time.sleep(every)

    def _run(self, name: str, step) -> None:  # noqa: ANN001 - a function that counts
        # One step that fails must not keep the mail of all others from going out.
        try:
            done = step()
        except Exception:
            log.exception("The periodic step “%s” failed", name)
            return
        if done:
            self.stdout.write(f"{name}: {done}")
