from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from meetings.domain.computing import compute
from meetings.models import Computation


class Command(BaseCommand):
    help = (
        "Computes the schedule of one-to-one meetings that an organizer has asked for. The site "
        "starts it by itself; its progress is shown on the page of the schedule."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("computation", type=int, help="the key of the computation")

    def handle(self, *, computation: int, **options: Any) -> None:
        row = Computation.objects.running().select_related("event").filter(pk=computation).first()
        if row is None:
            raise CommandError("There is no such computation that runs.")
        compute(row)
