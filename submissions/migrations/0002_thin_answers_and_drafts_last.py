from django.db import migrations, models

from submissions.models import Submission
from summit.lib.database.made_columns import refill


def fill(apps, schema_editor):
    refill(Submission, stored=apps.get_model("submissions", "Submission"))


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="submission",
            options={
                "ordering": [
                    models.OrderBy(models.F("sent_at"), descending=True, nulls_last=True),
                    "-pk",
                ],
                "permissions": [("export_submission", "Can export submissions")],
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
            },
        ),
        migrations.AddField(
            model_name="submission",
            name="thin",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=200
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
