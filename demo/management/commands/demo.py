from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import ProtectedError

from demo import accounts, reset
from demo.build import build


class Command(BaseCommand):
    help = (
        "Build the demonstration: the 2020 Shijiazhuang·British summit in two languages and "
        "more around it. Run again, it makes what is missing and leaves the rest as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--organizer-password",
            "--password",
            dest="password",
            help="for the log-ins organizer, desk and series when they are made; without it, each "
            "is given one, which is printed",
        )
        parser.add_argument(
            "--reset", action="store_true", help="delete the demonstration first, edits and all"
        )
        parser.add_argument(
            "--yes",
            action="store_true",
            help="mean it: reset where DEBUG is off, or build where staff log in with codes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.STAFF_OTP and not options["yes"]:
            raise CommandError(
                "Staff log in with codes here, as on a real site, and the demonstration makes "
                "accounts and events of its own. Set STAFF_OTP=false, or add --yes if you mean it."
            )
        with transaction.atomic():
            if options["reset"]:
                self._reset(sure=settings.DEBUG or options["yes"])
            people = [accounts.ensure(login, options["password"]) for login in accounts.LOGINS]
            [organizer, desk, second] = [user for user, _password in people]
            made = build(by=organizer, second=second, desk=desk, say=self.stdout.write)
            accounts.limit()
        if made:
            told = ", ".join(f"{name} {count}" for name, count in sorted(made.items()))
            self.stdout.write(self.style.SUCCESS(f"Made: {told}."))
        else:
            self.stdout.write("Everything was there already; nothing was changed.")
        for user, password in people:
            known = password or "as it was set before"
            self.stdout.write(f"Log-in of the demo {user.username}: {user.username} / {known}")

    def _reset(self, *, sure: bool) -> None:
        if not sure:
            raise CommandError(
                "This deletes the demonstration with all edits, signed intentions included, and "
                "DEBUG is off. Add --yes if you mean it."
            )
        try:
            self.stdout.write(f"Deleted {reset.remove()} rows of the demonstration.")
        except ProtectedError as error:
            names = "; ".join(sorted(str(row) for row in error.protected_objects))
            raise CommandError(
                f"Nothing was deleted, since these refer to the demonstration: {names}"
            ) from error
