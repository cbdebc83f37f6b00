import datetime as dt
from functools import partial

import pytest
from django.utils import timezone, translation

from events.models import Event
from mail.models import OutboundMail
from registrations.domain import check_in as desk
from registrations.domain import door_counts, place, privacy, waiting_list
from registrations.models import CheckIn, Registration
from tests import factories

pytestmark = pytest.mark.django_db


def standing():
    return CheckIn.objects.standing().count()


# Checking in


def test_checking_in_records_who_and_when(mine, clerk):
    arrival = desk.check_in(mine, by=clerk)

    assert arrival.is_new
    made = CheckIn.objects.get()
    assert arrival.check_in == made
    assert (made.registration, made.session, made.checked_in_by) == (mine, None, clerk)
    assert timezone.now() - made.checked_in_at < dt.timedelta(minutes=1)


def test_checking_in_again_returns_the_one_that_stands(mine, clerk, other_clerk):
    first = desk.check_in(mine, by=clerk).check_in

    again = desk.check_in(mine, by=other_clerk)

    assert (again.check_in, again.is_new) == (first, False)
    assert again.check_in.checked_in_by == clerk
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending", "has no seat yet (awaiting approval). Give a seat first."),
        ("waitlisted", "has no seat yet (on the waiting list). Give a seat first."),
        ("offered", "has no seat yet (seat offered). Give a seat first."),
        ("cancelled", "has ended (cancelled). Register a walk-in instead."),
        ("declined", "has ended (not approved). Register a walk-in instead."),
        ("expired", "has ended (offer expired). Register a walk-in instead."),
    ],
)
def test_whoever_has_no_place_is_refused_with_the_status(event, clerk, status, words, in_status):
    mine = in_status(event, status)

    with pytest.raises(desk.CheckInRefused) as refusal:
        desk.check_in(mine, by=clerk)

    assert words in refusal.value.messages[0]
    assert standing() == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "ended on 29 October 2020 (Thu) 09:30 China time (cancelled)"),
        ("zh-hans", "2020年10月29日（星期四）09:30（北京时间）"),
    ],
)
def test_a_cancelled_registration_says_when_it_ended(mine, clerk, language, words):
    place.cancel(mine)
    Registration.objects.update(cancelled_at=factories.at(9, 30))

    with translation.override(language):
        with pytest.raises(desk.CheckInRefused) as refusal:
            desk.check_in(mine, by=clerk)

        assert words in refusal.value.messages[0]


def test_the_status_counts_that_stands_now_and_not_the_one_on_the_screen(mine, clerk):
    on_screen = Registration.objects.get(pk=mine.pk)
    place.cancel(mine)

    with pytest.raises(desk.CheckInRefused):
        desk.check_in(on_screen, by=clerk)

    assert standing() == 0


@pytest.mark.parametrize(
    ("status", "words"), [("cancelled", "has been cancelled"), ("draft", "is not published yet")]
)
def test_an_event_that_does_not_take_place_checks_nobody_in(
    event, mine, clerk, status, words, in_status
):
    waiting = in_status(event, "waitlisted")
    Event.objects.filter(pk=event.pk).update(status=status, cancelled_at=timezone.now())

    for verb in (
        partial(desk.check_in, mine, by=clerk),
        partial(desk.admit, waiting, by=clerk),
        partial(desk.walk_in, event, factories.applicant(), by=clerk),
    ):
        with pytest.raises(desk.CheckInRefused, match=words):
            verb()

    assert standing() == 0
    assert Registration.objects.get(pk=waiting.pk).status == "waitlisted"


def test_an_erased_person_is_not_checked_in(mine, clerk):
    privacy.erase([mine])

    with pytest.raises(desk.CheckInRefused, match="erased"):
        desk.check_in(mine, by=clerk)


# In sessions


def test_a_session_is_attended_beside_the_door(event, mine, clerk):
    session = factories.session(
        event=event, starts_at=event.starts_at, ends_at=event.starts_at + dt.timedelta(hours=1)
    )

    arrival = desk.check_in(mine, by=clerk, session=session)

    assert (arrival.is_new, arrival.check_in.session) == (True, session)
    assert list(CheckIn.objects.order_by("pk").values_list("session", flat=True)) == [
        None,
        session.pk,
    ]
    assert not desk.check_in(mine, by=clerk, session=session).is_new
    assert not desk.check_in(mine, by=clerk).is_new
    assert door_counts.counts(event, session) == door_counts.Counts(
        expected=1, arrived=1, waiting=0
    )


def test_a_session_of_another_event_is_refused_and_records_nothing(mine, clerk):
    with pytest.raises(desk.CheckInRefused, match="another event"):
        desk.check_in(mine, by=clerk, session=factories.session())

    assert CheckIn.objects.count() == 0


# Undoing


def test_undoing_is_recorded_and_the_next_tap_checks_in_anew(mine, clerk, other_clerk):
    first = desk.check_in(mine, by=clerk).check_in

    assert desk.undo(mine, by=other_clerk) == [first]

    first.refresh_from_db()
    assert (first.checked_in_by, first.undone_by) == (clerk, other_clerk)
    assert first.undone_at >= first.checked_in_at
    assert desk.check_in(mine, by=clerk).is_new
    assert CheckIn.objects.count() == 2
    assert standing() == 1


def test_undoing_twice_is_harmless(mine, clerk, other_clerk):
    desk.check_in(mine, by=clerk)
    [first] = desk.undo(mine, by=clerk)

    assert desk.undo(mine, by=other_clerk) == []

    first.refresh_from_db()
    assert first.undone_by == clerk


def test_undoing_again_leaves_what_somebody_checked_in_meanwhile(mine, clerk, other_clerk):
    seen = desk.check_in(mine, by=clerk).check_in
    desk.undo(mine, by=clerk, seen=seen.pk)
    desk.check_in(mine, by=other_clerk)

    assert desk.undo(mine, by=clerk, seen=seen.pk) == []

    assert standing() == 1


def test_undoing_the_arrival_undoes_attendance_in_sessions(event, mine, clerk):
    session = factories.session(event=event)
    desk.check_in(mine, by=clerk, session=session)

    assert len(desk.undo(mine, by=clerk)) == 2
    assert standing() == 0


def test_undoing_attendance_in_a_session_leaves_the_arrival(event, mine, clerk):
    session = factories.session(event=event)
    seen = desk.check_in(mine, by=clerk, session=session).check_in

    assert desk.undo(mine, by=clerk, session=session, seen=seen.pk) == [seen]

    assert door_counts.counts(event).arrived == 1
    assert door_counts.counts(event, session).arrived == 0


def test_a_check_in_by_a_clock_that_is_ahead_can_be_undone(mine, clerk):
    ahead = timezone.now() + dt.timedelta(minutes=5)
    CheckIn.objects.create(registration=mine, checked_in_at=ahead)

    [undone] = desk.undo(mine, by=clerk)

    assert undone.undone_at == ahead


def test_a_cancelled_registration_can_still_be_undone(mine, clerk):
    desk.check_in(mine, by=clerk)
    place.cancel(mine, by=clerk)

    assert len(desk.undo(mine, by=clerk)) == 1


# Giving a seat


@pytest.mark.parametrize("status", ["pending", "waitlisted", "offered"])
def test_whoever_waits_is_given_a_seat_with_one_mail_that_says_so(clerk, status, in_status):
    event = factories.registration_settings(capacity=2).event
    mine = in_status(event, status)
    OutboundMail.objects.update(kind="waitlisted", status="queued")

    admitted = desk.admit(mine, by=clerk)

    assert (admitted.status, admitted.queued_at, admitted.offer_expires_at) == (
        *("confirmed", None),
        None,
    )
    assert list(mine.mails.values_list("kind", flat=True)) == ["confirmed"]


def test_a_mail_that_has_left_is_kept(clerk, full):
    mine = factories.registered(full)
    OutboundMail.objects.update(status="sent")

    desk.admit(mine, by=clerk, beyond_capacity=True)

    assert list(mine.mails.order_by("pk").values_list("kind", flat=True)) == [
        "waitlisted",
        "confirmed",
    ]


def test_admitting_twice_is_harmless(event, clerk, in_status):
    mine = in_status(event, "waitlisted")
    desk.admit(mine, by=clerk)
    before = OutboundMail.objects.count()

    assert desk.admit(mine, by=clerk).status == "confirmed"
    assert OutboundMail.objects.count() == before


@pytest.mark.parametrize("status", ["pending", "waitlisted"])
def test_no_seat_is_refused_until_staff_say_to_admit_all_the_same(full, clerk, status, in_status):
    mine = in_status(full, status)
    before = OutboundMail.objects.count()

    with pytest.raises(desk.NoSeat, match="Every seat is taken"):
        desk.admit(mine, by=clerk)

    assert Registration.objects.get(pk=mine.pk).status == status
    assert OutboundMail.objects.count() == before
    assert desk.admit(mine, by=clerk, beyond_capacity=True).status == "confirmed"
    assert door_counts.counts(full).expected == 2


def test_an_offered_seat_is_the_persons_own(full, clerk, in_status):
    mine = in_status(full, "offered")

    assert desk.admit(mine, by=clerk).status == "confirmed"


@pytest.mark.parametrize("status", ["cancelled", "declined", "expired"])
def test_what_has_ended_is_not_admitted(event, clerk, status, in_status):
    mine = in_status(event, status)

    with pytest.raises(desk.CheckInRefused, match="Register a walk-in"):
        desk.admit(mine, by=clerk, beyond_capacity=True)

    assert Registration.objects.get(pk=mine.pk).status == status


def test_an_erased_person_is_not_admitted(event, clerk, in_status):
    mine = in_status(event, "waitlisted")
    privacy.erase([mine])

    with pytest.raises(desk.CheckInRefused, match="erased"):
        desk.admit(mine, by=clerk)


# Counting


def test_counts_are_of_those_who_hold_a_place(event, clerk):
    came = factories.registered(event)
    desk.check_in(came, by=clerk)
    left = factories.registered(event)
    desk.check_in(left, by=clerk)
    undone = factories.registered(event)
    desk.check_in(undone, by=clerk)
    desk.undo(undone, by=clerk)
    in_every_status = [factories.registered(event) for _each in Registration.Status.values]
    for each, status in zip(in_every_status, Registration.Status.values, strict=True):
        factories.put_in_status(each, status, first=came)
    Registration.objects.filter(pk=left.pk).update(status="cancelled")

    assert door_counts.counts(event) == door_counts.Counts(expected=5, arrived=1, waiting=1)


def test_counts_of_many_events_cost_two_queries(clerk, django_assert_num_queries):
    found = [factories.registration_settings().event for _each in range(3)]
    desk.check_in(factories.registered(found[0]), by=clerk)

    with django_assert_num_queries(2):
        counted = door_counts.counts_of(found)

    nobody = door_counts.Counts(expected=0, arrived=0, waiting=0)
    assert [counted[event.pk] for event in found] == [
        door_counts.Counts(expected=1, arrived=1, waiting=0),
        *(nobody, nobody),
    ]


def test_places_in_queue_are_those_of_each_persons_event(full, django_assert_num_queries):
    other = factories.registration_settings(capacity=0).event
    waiting = [factories.registered(event) for event in (full, other, full, full)]
    Registration.objects.filter(pk=waiting[0].pk).update(status="cancelled")
    people = [*Registration.objects.order_by("pk")]

    with django_assert_num_queries(1):
        places = waiting_list.places_in_queue(people)

    assert places == {waiting[1].pk: 1, waiting[2].pk: 1, waiting[3].pk: 2}
    assert places == {
        each.pk: waiting_list.place_in_queue(each) for each in people if each.status == "waitlisted"
    }
    with django_assert_num_queries(0):
        assert waiting_list.places_in_queue(people[:1]) == {}
