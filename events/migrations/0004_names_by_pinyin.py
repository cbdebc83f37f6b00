from django.db import migrations

from summit.lib.i18n.names import name_pinyin, searchable


def fill(apps, schema_editor):
    """Make the columns that people are sorted and found by, for those who are not erased."""
    registrations = apps.get_model("registrations", "Registration").objects
    last = 0
    while rows := list(registrations.filter(pk__gt=last, erased_at=None).order_by("pk")[:1000]):
        for row in rows:
            row.sort_name = name_pinyin(row.name)[:300]
            row.search_text = searchable(
                row.name, row.email, row.organization_name, row.phone, row.ticket
            )
        registrations.bulk_update(rows, ["sort_name", "search_text"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("events", "0003_desk_and_export")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
