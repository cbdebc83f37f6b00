from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def leave_each_prefix_to_one_series(
    apps: StateApps, schema_editor: BaseDatabaseSchemaEditor
) -> None:
    """Let the oldest series keep a prefix that several share; the others have none.

    What is signed in those from now on is numbered as outside any series, SUMMIT-…, until
    somebody chooses a prefix. References that were given stay.
    """
    rows = apps.get_model("events", "EventSeries").objects.order_by("pk")
    taken = {"", "SUMMIT"}
    for series in rows.exclude(reference_prefix=""):
        if series.reference_prefix in taken:
            rows.filter(pk=series.pk).update(reference_prefix="")
        taken.add(series.reference_prefix)


class Migration(migrations.Migration):
    dependencies = [("events", "0008_mails_about_accounts")]

    operations = [
        migrations.RunPython(leave_each_prefix_to_one_series, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="eventseries",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference_prefix", ""), _negated=True),
                fields=("reference_prefix",),
                name="reference_prefix_is_of_one_series",
                violation_error_message=(
                    "Another series has this reference prefix. Choose one of its own."
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="eventseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("reference_prefix", "SUMMIT"), _negated=True),
                name="reference_prefix_is_not_the_default_one",
                violation_error_message=(
                    "SUMMIT begins the references of what is signed outside any series. Choose "
                    "another prefix, or leave it empty."
                ),
            ),
        ),
    ]
