from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from audit import trail
from staff import account_links
from staff.audited import Action
from summit.lib.web import mail_addresses


class Command(BaseCommand):
    help = (
        "Makes an account that may do everything and prints the link by which its owner chooses "
        "a password and sets up an authenticator. Asks nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")
        parser.add_argument("email", help="the address of its owner")
        parser.add_argument(
            "--again", action="store_true", help="print a new link for the account that is there"
        )

    def handle(self, *, name: str, email: str, again: bool, **options: object) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            user = _made(name, email)
        elif not again:
            raise CommandError(f"“{name}” is there already. --again prints a new link.")
        elif not (user.is_superuser and user.is_staff and user.is_active):
            raise CommandError(f"“{name}” is no superuser who may log in. Nothing was changed.")
        self.stdout.write(account_links.url(user, account_links.Purpose.WELCOME))


@transaction.atomic
def _made(name: str, email: str) -> User:
    user = User(username=name, is_staff=True, is_superuser=True)
    user.set_unusable_password()
    try:
        user.email = mail_addresses.canonical(email) if email else ""
        user.full_clean()
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    user.save()
    trail.record(
        Action.ACCOUNT_MADE,
        subject=trail.account(user),
        flags=["is_staff", "is_superuser"],
    )
    return user
