from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from staff.domain import lockout


class Command(BaseCommand):
    help = "Lets an account log in again that was locked out after too many failures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *, name: str, **options: object) -> None:
        if not User.objects.filter(username=name).exists():
            raise CommandError(f"No account is called “{name}”.")
        places = lockout.unlock(name, by=None)
        self.stdout.write(f"Unlocked. There were failures in {places} places.")
