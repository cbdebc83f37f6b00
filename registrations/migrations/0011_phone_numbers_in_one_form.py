from django.apps import apps as current
from django.db import migrations

from summit.lib.database.made_columns import refill
from summit.lib.web.phones import stored_phone

BATCH = 500


def fill(apps, schema_editor):
    """Store the numbers that are understood in E.164, and find people by them."""
    registrations = apps.get_model("registrations", "registration")
    last = 0
    while rows := list(
        registrations.objects.exclude(phone="")
        .filter(pk__gt=last)
        .only("pk", "phone")
        .order_by("pk")[:BATCH]
    ):
        last = rows[-1].pk
        changed = [row for row in rows if stored_phone(row.phone) != row.phone]
        for row in changed:
            row.phone = stored_phone(row.phone)
        registrations.objects.bulk_update(changed, ["phone"])
    refill(current.get_model("registrations", "registration"), stored=registrations)


class Migration(migrations.Migration):
    dependencies = [("registrations", "0010_an_invitation_is_withdrawn")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
