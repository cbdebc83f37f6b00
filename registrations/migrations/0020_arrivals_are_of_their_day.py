from django.db import migrations
from django.db.models import Exists, F, OuterRef

from registrations.domain.event_days import fill_days


def fill(apps, schema_editor):
    """Make each check-in one of the day on which it was made."""
    fill_days(apps.get_model("registrations", "checkin").objects.all())


def keep_the_first(apps, schema_editor):
    """Undo arrivals of later days, of which the release before allows none; they stay as undone."""
    check_ins = apps.get_model("registrations", "checkin").objects.order_by()
    at_the_door = check_ins.filter(session=None, undone_at=None)
    earlier = at_the_door.filter(registration=OuterRef("registration"), day__lt=OuterRef("day"))
    later = list(at_the_door.filter(Exists(earlier)).values_list("pk", flat=True))
    for start in range(0, len(later), 500):
        check_ins.filter(pk__in=later[start : start + 500]).update(undone_at=F("checked_in_at"))


class Migration(migrations.Migration):
    dependencies = [("registrations", "0019_a_person_arrives_once_a_day")]
    operations = [migrations.RunPython(fill, keep_the_first)]
