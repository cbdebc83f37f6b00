import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from events.domain.move import change_zone, move_programme
from mail.models import OutboundMail
from meetings.domain.placing import take_draft
from meetings.domain.publishing import publish
from meetings.models import Absence, MeetingSlot
from meetings.schedule_kinds import Kind
from tests import factories
from tests.factories import save
from tests.meetings import rows

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def times(event):
    return [slot.starts_at for slot in MeetingSlot.objects.filter(event=event)]


@pytest.mark.parametrize("by", [DAY, -DAY, dt.timedelta(minutes=30), dt.timedelta(minutes=-30)])
def test_slots_and_absences_move_with_the_programme(by):
    event = rows.meeting_event()
    before = times(event)
    away = save(
        Absence(
            participant=rows.participant(event), starts_at=before[0], ends_at=before[0] + DAY / 24
        )
    )

    move_programme(event, by=by, user=None)

    away.refresh_from_db()
    assert times(event) == [moment + by for moment in before]
    assert away.starts_at == before[0] + by


def test_whoever_has_a_published_meeting_is_told_of_the_new_time():
    event = rows.meeting_event()
    met = rows.meeting(rows.participant(event), rows.owner(event))
    rows.participant(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    publish(draft)
    OutboundMail.objects.all().delete()

    move_programme(event, by=DAY, user=None)

    assert OutboundMail.objects.filter(kind=Kind.CHANGED).count() == 2


def test_one_day_moves_alone_and_not_into_another():
    event = rows.meeting_event(slots=2)
    event.ends_at += DAY
    event.save()
    first = event.meeting_slots.first()
    later = save(
        MeetingSlot(event=event, starts_at=first.starts_at + DAY, ends_at=first.ends_at + DAY)
    )
    factories.session(event=event, starts_at=first.starts_at, ends_at=first.ends_at)
    day = first.starts_at.astimezone(event.zone).date()

    with pytest.raises(ValidationError, match="overlap|already"):
        move_programme(event, by=DAY, day=day, user=None)
    move_programme(event, by=dt.timedelta(minutes=10), day=day, user=None)

    later.refresh_from_db()
    assert times(event)[0] == first.starts_at + dt.timedelta(minutes=10)
    assert later.starts_at == first.starts_at + DAY


def test_slots_keep_their_time_of_day_in_another_zone():
    event = rows.meeting_event()
    before = [moment.astimezone(event.zone).time() for moment in times(event)]
    old, event.time_zone = event.time_zone, "Europe/London"
    event.save()

    change_zone(event, before=old, user=None)

    assert [moment.astimezone(event.zone).time() for moment in times(event)] == before
