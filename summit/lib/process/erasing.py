"""A command that erases what is kept of one person by an address or a number."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser


class ErasingCommand(BaseCommand):
    """Erases by e-mail address or phone number, and says how many ``rows`` went.

    ``row`` names one of them. Raises ``CommandError`` for what is no address or number, and where
    there was nothing to erase.
    """

    row: str
    rows: str
    by_email: Callable[[str], int]
    by_phone: Callable[[str], int]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "way", help="the address or number, or - to read it from standard input"
        )

    def handle(self, *, way: str, **options: object) -> None:
        # An argument stays in the shell's history; standard input does not.
        text = input() if way == "-" else way
        try:
            erased = self.by_email(text) if "@" in text else self.by_phone(text)
        except ValidationError as error:
            raise CommandError(" ".join([*error.messages, "Nothing was changed."])) from error
        if not erased:
            raise CommandError(f"There is no such {self.row}. Nothing was changed.")
        self.stdout.write(f"Erased {erased} {self.rows}.")
