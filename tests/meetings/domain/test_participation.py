"""Who takes part: applied, added, admitted, refused, left, changed; and whom they may meet."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from mail.delivery import deliver_due
from meetings.domain import participation as domain
from meetings.domain.plan import Span
from meetings.domain.rather_not import rather_not
from meetings.domain.who_may_meet import may_meet, others_for
from meetings.models import MeetingRequest, MeetingSettings, Participant
from registrations.domain import place
from registrations.models import Registration
from submissions.domain.decisions import ChangedMeanwhile
from summit.lib.database.states import MoveRefused
from tests import cast, factories
from tests.meetings import rows

pytestmark = pytest.mark.django_db
Status, Side = Participant.Status, Participant.Side
SAID = {"languages": ["zh", "en"], "topics": "Stroke units", "listed": True}


@pytest.fixture
def by(db):
    return cast.make_organizer().user


def to(kind):
    """Deliver what is due; return who got a mail, and forget those."""
    deliver_due()
    found = [each.to[0] for each in mail.outbox if kind in each.subject]
    mail.outbox.clear()
    return found


def test_somebody_with_a_proven_place_applies_and_changes_the_entry_by_applying_again():
    event = rows.meeting_event()
    registration = factories.proven(event, category="researcher")
    project = factories.project()

    first = domain.apply(registration, **SAID, projects=[project], time_zone="Europe/London")
    again = domain.apply(registration, languages=["en"], topics="", listed=False)

    found = Participant.objects.get()
    assert (first.pk, again.pk) == (found.pk, found.pk)
    assert (found.status, found.side, found.languages) == (Status.APPLIED, Side.OWNER, ["en"])
    assert (found.topics, found.listed_at, found.time_zone) == ("", None, "")
    assert (first.version, found.version) == (1, 2)


def test_the_time_zone_is_kept_of_who_joins_online():
    event = rows.meeting_event(format="online")
    registration = factories.proven(event)

    participant = domain.apply(registration, **SAID, time_zone="Europe/London")

    assert participant.time_zone == "Europe/London"


def test_who_has_no_proven_and_confirmed_place_cannot_apply():
    event = rows.meeting_event()
    unproven, cancelled = factories.registered(event), factories.proven(event)
    place.cancel(cancelled)

    for registration in (unproven, cancelled):
        with pytest.raises(ValidationError, match="confirmed"):
            domain.apply(registration, **SAID)
    assert not Participant.objects.exists()


def test_nobody_applies_without_languages_without_meetings_or_once_the_event_is_over():
    event = rows.meeting_event()
    registration = factories.proven(event)
    without = factories.upcoming_event()
    factories.registration_settings(event=without)
    elsewhere = factories.proven(without)

    with pytest.raises(ValidationError, match="languages"):
        domain.apply(registration, **SAID | {"languages": []})
    with pytest.raises(ValidationError, match="no one-to-one"):
        domain.apply(elsewhere, **SAID)
    event.starts_at = timezone.now() - dt.timedelta(days=3)
    event.ends_at = timezone.now() - dt.timedelta(days=2)
    event.save()
    with pytest.raises(ValidationError, match="over"):
        domain.apply(registration, **SAID)
    assert not Participant.objects.exists()


def test_who_is_admitted_gets_one_mail_and_who_was_refused_cannot_apply_again(by):
    event = rows.meeting_event()
    participant = domain.apply(factories.proven(event, email="li@example.org"), **SAID)
    expert, group = factories.expert(), rows.delegation(event)

    domain.admit(participant, by=by, side=Side.OWNER, expert=expert, delegation=group)
    domain.admit(participant, by=by, staff_note="Called.")

    found = Participant.objects.get()
    assert (found.status, found.admitted_by, found.side) == (Status.ADMITTED, by, Side.OWNER)
    assert (found.expert, found.delegation, found.staff_note) == (expert, group, "Called.")
    assert [each for each in to("You take part") if "li@example.org" in each] != []
    domain.refuse(found, by=by)
    domain.refuse(found, by=by)
    with pytest.raises(MoveRefused, match="not admitted"):
        domain.apply(participant.registration, **SAID)


def test_nobody_without_a_confirmed_place_is_admitted(by):
    event = rows.meeting_event()
    participant = rows.participant(event, status=Status.APPLIED)
    Registration.objects.update(status=Registration.Status.WAITLISTED)

    with pytest.raises(ValidationError, match="confirmed"):
        domain.admit(participant, by=by)
    participant.refresh_from_db()
    assert participant.status == Status.APPLIED


def test_an_organizer_adds_who_telephoned_without_a_mail_to_an_unproven_address(by):
    event = rows.meeting_event()
    registration = factories.registered(event, email="unproven@example.org")

    added = domain.add(registration, by=by, side=Side.OWNER, languages=["en"], listed=True)
    domain.add(registration, by=by, side=Side.COMPANY, languages=["zh"])

    added.refresh_from_db()
    assert (added.status, added.side, added.languages) == (Status.ADMITTED, Side.COMPANY, ["zh"])
    assert "unproven@example.org" not in to("You take part")


def test_a_delegation_is_of_the_same_event(by):
    participant = rows.participant(rows.meeting_event())
    elsewhere = rows.delegation(rows.meeting_event())

    with pytest.raises(ValidationError, match="delegation of this event"):
        domain.admit(participant, by=by, delegation=elsewhere)


def test_of_two_windows_the_second_one_is_told():
    participant = rows.participant(rows.meeting_event(), topics="Old")

    domain.change(participant, version=1, topics="New", listed=False)

    with pytest.raises(ChangedMeanwhile):
        domain.change(participant, version=1, topics="Other")
    participant.refresh_from_db()
    assert (participant.topics, participant.listed_at, participant.version) == ("New", None, 2)


def test_times_away_are_written_anew_and_refused_where_they_make_no_sense():
    event = rows.meeting_event()
    participant = rows.participant(event)
    start, hour = event.starts_at, dt.timedelta(hours=1)
    span = Span(start, start + hour)

    domain.set_absences(participant, [span, span], 1)
    for strange in (
        [Span(start + hour, start)],
        [Span(start - 30 * 24 * hour, start - 29 * 24 * hour)],
        [Span(start + n * hour / 60, start + hour + n * hour / 60) for n in range(61)],
    ):
        with pytest.raises(ValidationError):
            domain.set_absences(participant, strange, 2)
    with pytest.raises(ChangedMeanwhile):
        domain.set_absences(participant, [], 1)

    assert list(participant.absences.values_list("starts_at", "ends_at")) == [
        (span.start, span.end)
    ]


def test_who_leaves_ends_requests_and_meetings_and_may_apply_again():
    event = rows.meeting_event()
    one, other, third = rows.participant(event), rows.owner(event), rows.owner(event)
    made, received = rows.request(one, other), rows.request(third, one)
    meeting = rows.meeting(one, third)

    domain.leave(one)
    domain.leave(one)

    for row in (one, made, received, meeting):
        row.refresh_from_db()
    assert (one.status, meeting.status) == (Status.LEFT, "cancelled")
    assert (made.status, received.status) == ("withdrawn", "expired")
    domain.apply(one.registration, **SAID)
    one.refresh_from_db()
    assert one.status == Status.APPLIED


def test_who_only_might_come_leaves_a_meeting_that_goes_on():
    event = rows.meeting_event()
    one, other, may = rows.participant(event), rows.owner(event), rows.participant(event)
    meeting = rows.meeting(one, other, may=[may])

    domain.leave(may)

    meeting.refresh_from_db()
    assert (meeting.status, meeting.version) == ("agreed", 2)
    assert {each.participant_id for each in meeting.people.all()} == {one.pk, other.pk}


# Whom one may meet


def test_companies_meet_owners_of_other_parties_unless_everybody_meets_everybody():
    event = rows.meeting_event()
    group = rows.delegation(event)
    me, own = rows.participant(event, delegation=group), rows.owner(event, delegation=group)
    company, owner = rows.participant(event), rows.owner(event)
    settings = event.meeting_settings

    seen = list(others_for(me))
    across = {each: may_meet(settings, me, each) for each in (me, own, company, owner)}
    settings.sides = MeetingSettings.Sides.ANYBODY
    anybody = {each: may_meet(settings, me, each) for each in (me, own, company, owner)}

    assert seen == [owner]
    assert across == {me: False, own: False, company: False, owner: True}
    assert anybody == {me: False, own: False, company: True, owner: True}


def test_who_is_not_listed_admitted_or_registered_is_not_seen(by):
    event = rows.meeting_event()
    me, seen = rows.participant(event), rows.owner(event)
    rows.owner(event, listed_at=None)
    rows.owner(event, status=Status.APPLIED)
    gone = rows.owner(event)
    Registration.objects.filter(pk=gone.registration_id).update(status="cancelled")
    rows.owner(rows.meeting_event())

    assert list(others_for(me)) == [seen]


def test_who_would_rather_not_meet_somebody_is_seen_and_who_is_kept_apart_is_not(by):
    event = rows.meeting_event()
    me, shy, apart = rows.participant(event), rows.owner(event), rows.owner(event)

    rather_not(shy, me)
    rather_not(apart, me, by=by)

    assert list(others_for(me)) == [shy]
    assert list(others_for(apart)) == []
    assert list(others_for(shy)) == [me]


# What a registration ends


def test_who_cancels_the_registration_leaves_the_meetings(by):
    event = rows.meeting_event()
    one, other = rows.participant(event), rows.owner(event)
    request, meeting = rows.request(one, rows.owner(event)), rows.meeting(one, other)
    second = rows.participant(event)

    place.cancel(one.registration)
    place.cancel_all([second.registration], by=by, tell=False)

    for row in (one, second, request, meeting):
        row.refresh_from_db()
    assert (one.status, second.status) == (Status.LEFT, Status.LEFT)
    assert (request.status, meeting.status) == ("withdrawn", "cancelled")
    assert not MeetingRequest.objects.open().exists()
