from django.apps import apps
from django.core.management.base import BaseCommand

from summit.lib.database.made_columns import made_columns, refill


class Command(BaseCommand):
    help = (
        "Makes anew what rows are found and sorted by, and says how many were not up to date. "
        "For texts that were written past the site, or by the version before during an update."
    )

    def handle(self, **options: object) -> None:
        for model in apps.get_models():
            if made_columns(model):
                self.stdout.write(f"{model._meta.label}: {refill(model)}")
