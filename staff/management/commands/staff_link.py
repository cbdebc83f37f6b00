from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import trail
from staff import account_links
from staff.audited import Action


class Command(BaseCommand):
    help = (
        "Prints a link for somebody who has lost password and phone: it sets a new password and "
        "a new authenticator. Hand it over only to whom it belongs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *, name: str, **options: object) -> None:
        user = User.objects.filter(username=name, is_active=True, is_staff=True).first()
        if user is None:
            raise CommandError(f"No member of staff who may log in is called “{name}”.")
        trail.record(Action.INVITED, subject=trail.account(user), printed=True)
        self.stdout.write(account_links.url(user, account_links.Purpose.WELCOME))
