import datetime as dt

from django.db import migrations, models
from django.db.models import F


def name_dates(apps, schema_editor):
    """Say of which start each reminder spoke, and which deadlines were meant to be late.

    A reminder that went out before the present start was due was of a date that was in force
    before: its person is reminded of the new one.
    """
    registration_model = apps.get_model("registrations", "Registration")
    settings_model = apps.get_model("registrations", "RegistrationSettings")
    for settings in settings_model.objects.select_related("event").iterator():
        start = settings.event.starts_at
        due_from = start - dt.timedelta(hours=settings.reminder_hours or 0)
        registration_model.objects.filter(
            event=settings.event_id, reminded_for=None, reminded_at__gte=due_from
        ).update(reminded_for=start)
    settings_model.objects.filter(closes_at__gt=F("event__starts_at")).update(
        closes_after_start=True
    )


class Migration(migrations.Migration):
    dependencies = [("registrations", "0004_keys_of_options"), ("events", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="reminded_for",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="registrationsettings",
            name="closes_after_start",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunPython(name_dates, migrations.RunPython.noop),
    ]
