import datetime as dt

import pytest
from django.utils import timezone

from events.models import Event
from summit.lib.database.local_days import LocalDay
from tests import factories


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Port-au-Prince", "UTC", "Etc/GMT+3"])
@pytest.mark.parametrize("hour", [0, 5, 13, 17, 23])
def test_day_is_that_of_the_zone_beside_the_moment(zone, hour):
    start = dt.datetime(2024, 3, 10, hour, 30, tzinfo=dt.UTC)
    factories.event(time_zone=zone, starts_at=start, ends_at=start + dt.timedelta(hours=1))

    event = Event.objects.annotate(day=LocalDay("starts_at", "time_zone")).get()

    assert event.day == event.starts_on == timezone.localdate(start, event.zone)
