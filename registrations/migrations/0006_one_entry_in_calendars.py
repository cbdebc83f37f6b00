from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat


def keep_uids(apps, schema_editor):
    """Let entries that were mailed keep the UID under which they stand in calendars."""
    registration_model = apps.get_model("registrations", "Registration")
    registration_model.objects.filter(calendar_uid="").update(
        calendar_uid=Concat(Value("registration-"), Cast(F("pk"), models.CharField(max_length=20)))
    )


class Migration(migrations.Migration):
    dependencies = [("registrations", "0005_reminders_by_date")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="calendar_offset",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="registration",
            name="calendar_uid",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=40
            ),
        ),
        migrations.RunPython(keep_uids, migrations.RunPython.noop),
    ]
