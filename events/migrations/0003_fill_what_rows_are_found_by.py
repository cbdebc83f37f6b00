from django.apps import apps as current
from django.db import migrations

from summit.lib.database.made_columns import made_columns, refill


def fill(apps, schema_editor):
    stored = {model._meta.model_name: model for model in apps.get_app_config("events").get_models()}
    for model in current.get_app_config("events").get_models():
        # Later models have no rows yet.
        if made_columns(model) and model._meta.model_name in stored:
            refill(model, stored=stored[model._meta.model_name])


class Migration(migrations.Migration):
    dependencies = [("events", "0002_what_rows_are_found_by")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
