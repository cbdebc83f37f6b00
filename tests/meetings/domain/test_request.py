"""Requests: asked, accepted, declined, withdrawn, expired and reminded of; and rather not."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from mail.delivery import deliver_due
from meetings.domain import request as domain
from meetings.domain import waiting
from meetings.domain.rather_not import rather_not, take_back_rather_not
from meetings.models import Meeting, MeetingRequest, Priority, RatherNot
from summit.lib.database.states import MoveRefused
from tests import cast, factories
from tests.meetings import rows
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Status = MeetingRequest.Status
WHY = "Your method could help our hospital."


@pytest.fixture
def by(db):
    return cast.make_organizer().user


@pytest.fixture
def pair(db):
    event = rows.meeting_event()
    return rows.participant(event, name="Li Min"), rows.owner(event, name="Sue Grant")


def subjects_to(participant):
    """Deliver what is due; return the subjects of the mails to somebody about meetings."""
    deliver_due()
    address = participant.registration.email
    found = [each.subject for each in mail.outbox if address in each.to[0]]
    mail.outbox.clear()
    return [each.partition(":")[0] for each in found if "meet" in each.lower()]


def test_a_request_waits_for_an_answer_and_the_other_side_is_told(pair):
    asker, asked = pair
    project = factories.project()

    request = domain.ask(asker, asked, reason=WHY, projects=[project])

    assert (request.status, request.reason, request.priority) == (Status.OPEN, WHY, 0)
    assert list(request.projects.all()) == [project]
    assert request.expires_at - request.asked_at > dt.timedelta(days=4)
    assert not Meeting.objects.exists()
    deliver_due()
    [told] = [each for each in mail.outbox if "would like to meet you" in each.subject]
    assert "Li Min" in told.body
    assert WHY in told.body
    assert asker.registration.email not in told.body


def test_accepting_agrees_a_meeting_of_both_about_the_projects(pair):
    asker, asked = pair
    project = factories.project()
    request = domain.ask(asker, asked, reason=WHY, projects=[project])

    domain.accept(request)
    domain.accept(request)

    meeting = Meeting.objects.get()
    assert (meeting.request, meeting.origin, meeting.status) == (request, "request", "agreed")
    people = meeting.people.values_list("participant", "side", "must")
    assert list(people) == [(asker.pk, 1, True), (asked.pk, 2, True)]
    assert list(meeting.projects.all()) == [project]
    assert subjects_to(asker) == ["Your request for a meeting is accepted"]


def test_who_asks_back_accepts(pair):
    asker, asked = pair
    request = domain.ask(asker, asked, reason=WHY)

    domain.ask(asked, asker, reason="Yes, please.")

    request.refresh_from_db()
    assert (request.status, MeetingRequest.objects.count()) == (Status.ACCEPTED, 1)
    with pytest.raises(ValidationError, match="agreed already"):
        domain.ask(asked, asker, reason=WHY)


def test_who_declined_cannot_be_asked_again_but_by_an_organizer(pair, by):
    asker, asked = pair
    request = domain.ask(asker, asked, reason=WHY)

    domain.decline(request)
    domain.decline(request)

    assert subjects_to(asker) == ["Your request for a meeting is declined"]
    with pytest.raises(ValidationError, match="declined"):
        domain.ask(asker, asked, reason=WHY)
    with pytest.raises(MoveRefused):
        domain.accept(request)
    domain.accept(request, by=by)
    request.refresh_from_db()
    assert (request.status, request.answered_by) == (Status.ACCEPTED, by)


def test_a_request_needs_a_reason_two_people_and_an_open_time(pair, by):
    asker, asked = pair

    with pytest.raises(ValidationError, match="why"):
        domain.ask(asker, asked, reason=" ")
    with pytest.raises(ValidationError, match="cannot be asked"):
        domain.ask(asker, asker, reason=WHY)
    with pytest.raises(ValidationError, match="two people"):
        domain.ask(asker, asker, reason=WHY, by=by)
    settings = asker.event.meeting_settings
    settings.requests_until = timezone.now() - dt.timedelta(hours=1)
    settings.save()
    with pytest.raises(ValidationError, match="time for requests is over"):
        domain.ask(asker, asked, reason=WHY)
    assert domain.ask(asker, asked, reason="", by=by, priority=Priority.MUST).priority == 2


def test_who_is_not_admitted_or_of_the_same_side_is_not_asked(pair):
    asker, _asked = pair
    company = rows.participant(asker.event)
    waiting_one = rows.owner(asker.event, status="applied")

    for other in (company, waiting_one):
        with pytest.raises(ValidationError):
            domain.ask(asker, other, reason=WHY)
    assert not MeetingRequest.objects.exists()


def test_ten_requests_are_open_at_most_unless_an_organizer_asks(pair, by):
    asker, asked = pair
    event = asker.event
    first = [domain.ask(asker, rows.owner(event), reason=WHY) for _number in range(10)]

    with pytest.raises(ValidationError, match="10 open requests"):
        domain.ask(asker, asked, reason=WHY)
    domain.ask(asker, asked, reason=WHY, by=by)
    domain.withdraw(first[0])
    domain.withdraw(first[1])
    domain.ask(asker, rows.owner(event), reason=WHY)

    assert MeetingRequest.objects.open().filter(asker=asker).count() == 10


def test_who_asks_and_withdraws_again_and_again_is_stopped(pair):
    asker, asked = pair
    for _number in range(3):
        domain.withdraw(domain.ask(asker, asked, reason=WHY))

    with pytest.raises(ValidationError, match="too often"):
        domain.ask(asker, asked, reason=WHY)


def test_a_request_is_withdrawn_and_an_agreed_meeting_called_off(pair):
    asker, asked = pair
    request = domain.accept(domain.ask(asker, asked, reason=WHY))
    subjects_to(asked)

    domain.withdraw(request)
    domain.withdraw(request)

    request.refresh_from_db()
    assert (request.status, Meeting.objects.get().status) == (Status.WITHDRAWN, "cancelled")
    assert subjects_to(asked) == ["Meeting called off"]
    with pytest.raises(MoveRefused):
        domain.decline(request)


def test_the_asked_calls_an_agreed_meeting_off_by_declining_and_an_organizer_revives_it(pair, by):
    asker, asked = pair
    request = domain.accept(domain.ask(asker, asked, reason=WHY))

    domain.decline(request)
    assert Meeting.objects.get().status == "cancelled"
    assert "Meeting called off" in subjects_to(asker)

    domain.accept(request, by=by)
    assert Meeting.objects.get().status == "agreed"
    assert Meeting.objects.get().people.count() == 2


def test_where_organizers_answer_participants_cannot(by):
    event = rows.meeting_event(rules={"answer": "organizer"})
    asker, asked = rows.participant(event), rows.owner(event)
    request = domain.ask(asker, asked, reason=WHY)

    assert request.expires_at == event.starts_at
    for verb in (domain.accept, domain.decline):
        with pytest.raises(ValidationError, match="organizers answer"):
            verb(request)
    domain.accept(request, by=by)
    assert subjects_to(asked) == ["A meeting is arranged for you"]


def test_an_organizer_takes_up_what_expired_and_says_how_important_it_is(pair, by):
    asker, asked = pair
    request = rows.request(asker, asked, status=Status.EXPIRED)

    domain.take_up_again(request, by=by)
    domain.set_priority(request, Priority.MUST, by=by)
    domain.accept(request)
    domain.set_priority(request, Priority.HIGH, by=by)

    request.refresh_from_db()
    assert (request.status, request.priority) == (Status.ACCEPTED, Priority.HIGH)
    assert Meeting.objects.get().priority == Priority.HIGH
    with pytest.raises(ValidationError):
        domain.set_priority(request, 9, by=by)


@pytest.mark.parametrize("verb", [domain.withdraw, domain.decline])
def test_nobody_calls_off_by_the_request_what_has_begun(pair, verb):
    asker, asked = pair
    request = domain.accept(domain.ask(asker, asked, reason=WHY))
    meeting = Meeting.objects.get()
    rows.placed(rows.published(asker.event), meeting)
    asker.event.meeting_slots.filter(placements__meeting=meeting).update(
        starts_at=timezone.now() - dt.timedelta(minutes=1)
    )

    with pytest.raises(MoveRefused, match="begun"):
        verb(request)

    meeting.refresh_from_db()
    assert meeting.status == "agreed"


# Rather not


def test_rather_not_looks_as_if_declined_and_withdraws_what_the_person_asked(pair):
    asker, shy = pair
    request = domain.ask(asker, shy, reason=WHY)

    rather_not(shy, asker)
    rather_not(shy, asker)

    request.refresh_from_db()
    assert request.status == Status.DECLINED
    assert subjects_to(asker) == ["Your request for a meeting is declined"]
    assert RatherNot.objects.count() == 1
    with pytest.raises(ValidationError, match="Take that back"):
        domain.ask(shy, asker, reason=WHY)


def test_who_is_rather_not_met_asks_and_hears_nothing_until_it_expires(pair):
    asker, shy = pair
    rather_not(shy, asker)

    request = domain.ask(asker, shy, reason=WHY)

    assert request.status == Status.OPEN
    assert subjects_to(shy) == []
    assert list(waiting.received(MeetingRequest.objects.open())) == []
    MeetingRequest.objects.update(expires_at=timezone.now())
    assert (waiting.remind(), waiting.expire()) == (0, 1)
    assert subjects_to(asker) == ["Your request for a meeting has expired"]


def test_rather_not_calls_an_agreed_meeting_off_and_no_organizer_arranges_it(pair, by):
    asker, shy = pair
    request = domain.accept(domain.ask(asker, shy, reason=WHY))

    rather_not(shy, asker)

    request.refresh_from_db()
    assert (request.status, Meeting.objects.get().status) == (Status.DECLINED, "cancelled")
    for verb in (
        lambda: domain.accept(request, by=by),
        lambda: domain.ask(asker, shy, reason=WHY, by=by),
    ):
        with pytest.raises(ValidationError):
            verb()


def test_what_an_organizer_keeps_apart_only_an_organizer_takes_back(pair, by):
    one, other = pair
    rather_not(one, other, by=by)

    take_back_rather_not(one, other)
    assert RatherNot.objects.exists()

    take_back_rather_not(one, other, by=by)
    assert not RatherNot.objects.exists()


def test_nobody_would_rather_not_meet_themself_or_somebody_elsewhere(pair):
    one, _other = pair

    with pytest.raises(ValidationError):
        rather_not(one, one)
    with pytest.raises(ValidationError):
        rather_not(one, rows.owner(rows.meeting_event()))


# Time


def test_a_request_never_outlives_the_start_of_the_event():
    event = rows.meeting_event(starts_at=timezone.now() + dt.timedelta(days=2))
    request = domain.ask(rows.participant(event), rows.owner(event), reason=WHY)

    assert request.expires_at == event.starts_at


def test_an_open_request_is_reminded_of_once_half_way_and_expires(pair):
    asker, asked = pair
    request = domain.ask(asker, asked, reason=WHY)
    subjects_to(asked)
    assert (waiting.remind(), waiting.expire()) == (0, 0)

    days = dt.timedelta(days=3)
    MeetingRequest.objects.update(
        asked_at=request.asked_at - days, expires_at=request.expires_at - days
    )
    assert (waiting.remind(), waiting.remind()) == (1, 0)
    assert subjects_to(asked) == ["Reminder"]

    MeetingRequest.objects.update(expires_at=timezone.now())
    with pytest.raises(MoveRefused, match="expired"):
        domain.accept(request)
    assert (waiting.expire(), waiting.expire()) == (1, 0)
    request.refresh_from_db()
    assert request.status == Status.EXPIRED


# At once


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_meeting_is_made():
    event = rows.meeting_event()
    request = rows.request(rows.participant(event), rows.owner(event))

    results = at_once(lambda: domain.accept(request), lambda: domain.accept(request))

    assert [type(each) for each in results] == [MeetingRequest, MeetingRequest]
    assert Meeting.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_the_tenth_and_eleventh_request_at_once_one_is_refused():
    event = rows.meeting_event()
    asker = rows.participant(event)
    for _number in range(9):
        rows.request(asker, rows.owner(event))
    one, other = rows.owner(event), rows.owner(event)

    results = at_once(
        lambda: domain.ask(asker, one, reason=WHY), lambda: domain.ask(asker, other, reason=WHY)
    )

    assert sorted(type(each).__name__ for each in results) == ["MeetingRequest", "ValidationError"]
    assert MeetingRequest.objects.open().count() == 10


@pytest.mark.django_db(transaction=True)
def test_accepted_and_withdrawn_at_once_no_meeting_is_left_of_what_was_withdrawn():
    event = rows.meeting_event()
    request = rows.request(rows.participant(event), rows.owner(event))

    at_once(lambda: domain.accept(request), lambda: domain.withdraw(request))

    request.refresh_from_db()
    assert request.status == Status.WITHDRAWN
    assert not Meeting.objects.to_be_held().exists()


@pytest.mark.django_db(transaction=True)
def test_who_ask_each_other_at_once_have_one_meeting():
    event = rows.meeting_event()
    one, other = rows.participant(event), rows.owner(event)

    at_once(lambda: domain.ask(one, other, reason=WHY), lambda: domain.ask(other, one, reason=WHY))

    assert MeetingRequest.objects.get().status == Status.ACCEPTED
    assert Meeting.objects.count() == 1
