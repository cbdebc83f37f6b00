from django.apps import apps as current
from django.db import migrations

from summit.lib.database.made_columns import made_columns, refill


def fill(apps, schema_editor):
    for model in current.get_app_config("events").get_models():
        if made_columns(model):
            refill(model, stored=apps.get_model("events", model._meta.model_name))


class Migration(migrations.Migration):
    dependencies = [("events", "0002_what_rows_are_found_by")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
