from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    """Take the numbers for proven that a code has proven, or staff."""
    rows = apps.get_model("registrations", "registration").objects.order_by()
    proven = rows.filter(proof__in=["sms", "staff"], proven_at__isnull=False)
    proven.exclude(phone_key="").update(proven_number=F("phone_key"))


class Migration(migrations.Migration):
    dependencies = [("registrations", "0027_people_are_registered_as_a_group")]
    operations = [
        migrations.AddField(
            model_name="registration",
            name="proven_number",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=20
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
