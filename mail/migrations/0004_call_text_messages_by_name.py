from django.db import migrations

BEFORE, AFTER = "outbound e-mail", "outbound e-mail or text message"


def rename_permissions(apps, schema_editor):
    """Permissions keep the name that their model had when they were made."""
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for each in permissions.filter(
        content_type__app_label="mail", content_type__model="outboundmail", name__endswith=BEFORE
    ):
        each.name = each.name.removesuffix(BEFORE) + AFTER
        each.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("mail", "0003_reword_a_status_of_mails"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="outboundmail",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": AFTER,
                "verbose_name_plural": "outbound e-mails and text messages",
            },
        ),
        migrations.RunPython(rename_permissions, migrations.RunPython.noop),
    ]
