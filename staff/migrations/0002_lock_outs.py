from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0001_logins'),
    ]

    # Showed the table of a package that is no longer used; 0003 has a table of our own.
    operations = []
