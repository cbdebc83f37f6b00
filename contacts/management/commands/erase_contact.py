from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from contacts.domain import contact


class Command(BaseCommand):
    help = (
        "Erases the contacts of one person, by e-mail address or phone number. erase_attendee "
        "erases them too, by e-mail address."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "way", help="the address or number, or - to read it from standard input"
        )

    def handle(self, *, way: str, **options: object) -> None:
        # An argument stays in the shell's history; standard input does not.
        text = input() if way == "-" else way
        try:
            erase = contact.erase_by_email if "@" in text else contact.erase_by_phone
            erased = erase(text)
        except ValidationError as error:
            raise CommandError(" ".join([*error.messages, "Nothing was changed."])) from error
        if not erased:
            raise CommandError("There is no such contact. Nothing was changed.")
        self.stdout.write(f"Erased {erased} contacts.")
