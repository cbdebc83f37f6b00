from django.db import migrations, models

CHOICES = [("confirmed", "confirmed attendees"), ("everybody", "everybody")]


def field():
    return models.CharField(
        choices=CHOICES,
        db_default="confirmed",
        default="confirmed",
        help_text="Confirmed attendees find it in their e-mails and on their personal page. Choose "
        "“everybody” for an event without registrations on this site.",
        max_length=10,
        verbose_name="who gets the online link",
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0003_fill_what_rows_are_found_by")]

    operations = [
        migrations.AddField("event", "online_link_for", field()),
        migrations.AddField("historicalevent", "online_link_for", field()),
    ]
