from django.apps import apps as current
from django.db import migrations

from summit.lib.database.made_columns import made_columns, refill


def fill(apps, schema_editor):
    models = apps.get_app_config("projects").get_models()
    stored = {model._meta.model_name: model for model in models}
    for model in current.get_app_config("projects").get_models():
        # Later models have no rows yet.
        if made_columns(model) and model._meta.model_name in stored:
            refill(model, stored=stored[model._meta.model_name])


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_what_projects_are_found_by")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
