from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registrations.domain import privacy


class Command(BaseCommand):
    help = (
        "Erases one person, by e-mail address or mobile number, from every event, where the counts "
        "stay, and what else is kept under it: contacts, submissions to calls, interest."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "email", help="the address or number, or - to read it from standard input"
        )

    def handle(self, *, email: str, **options: object) -> None:
        # An argument stays in the shell's history; standard input does not.
        address = input() if email == "-" else email
        try:
            erased = privacy.erase_person(address)
        except ValidationError as error:
            raise CommandError(" ".join([*error.messages, "Nothing was changed."])) from error
        if not any(erased.values()):
            raise CommandError(
                "Nobody is registered with this address or number, and nothing else is kept under "
                "it. Nothing was changed."
            )
        self.stdout.write(f"Erased from {erased.pop('registrations')} registrations.")
        for kind, number in erased.items():
            if number:
                self.stdout.write(f"Erased {number} {kind}.")
