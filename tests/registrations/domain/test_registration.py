import datetime as dt

import pytest
from django.utils import timezone

from events.domain.event import cancel
from events.models import Event
from mail.models import OutboundMail
from registrations.domain import (
    announcement,
    correction,
    personal_link,
    place,
    privacy,
    registration,
    waiting_list,
)
from registrations.domain.admission import RegistrationClosed
from registrations.domain.place import OfferExpired
from registrations.models import Registration
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.threads import at_once, before_commit

Status = Registration.Status


def statuses(event: Event) -> list[str]:
    rows = Registration.objects.filter(event=event).order_by("pk")
    return list(rows.values_list("status", flat=True))


def kinds(of: Registration) -> list[str]:
    return list(of.mails.order_by("pk").values_list("kind", flat=True))


def test_register_confirms_while_a_seat_is_free(db):
    event = factories.registration_settings(capacity=2).event

    for _person in range(3):
        factories.registered(event)

    assert statuses(event) == ["confirmed", "confirmed", "waitlisted"]


def test_register_waits_for_an_event_that_is_being_cancelled(transactional_db):
    event = factories.registration_settings().event
    factories.registered(event)

    def cancel_and_tell():
        announcement.announce(cancel(event), by=None)

    refused = before_commit(
        cancel_and_tell,
        lambda: registration.register(Event.objects.get(pk=event.pk), [factories.applicant()]),
    )

    assert isinstance(refused, RegistrationClosed)
    assert refused.code == "cancelled"
    assert statuses(event) == ["confirmed"]


def test_register_without_capacity_confirms_everybody(db):
    event = factories.registration_settings().event

    made = registration.register(event, [factories.applicant() for _n in range(3)])

    assert [each.status for each in made] == ["confirmed"] * 3
    assert kinds(made[0]) == ["confirmed"]


def test_register_several_gives_each_a_seat_of_their_own(db):
    event = factories.registration_settings(capacity=2).event

    made = registration.register(event, [factories.applicant() for _n in range(3)])

    assert [each.status for each in made] == ["confirmed", "confirmed", "waitlisted"]
    assert len({each.code for each in made}) == 3


def test_register_links_a_known_organization_by_either_name(db):
    known = factories.organization(name_en="Harbour Works", name_zh_hans="港湾公司")
    event = factories.registration_settings().event

    english = factories.registered(event, organization_name="harbour works")
    chinese = factories.registered(event, organization_name="港湾公司")
    other = factories.registered(event, organization_name="Harbour")

    assert [each.organization for each in (english, chinese, other)] == [known, known, None]


def test_register_again_after_cancelling_joins_the_end_of_the_queue(db):
    event = factories.registration_settings(capacity=1).event
    first = factories.registered(event, email="a@example.org")
    second = factories.registered(event)

    place.cancel(first)
    third = factories.registered(event, name=first.name, email="a@example.org")

    second.refresh_from_db()
    assert (second.status, third.status) == ("confirmed", "waitlisted")


@pytest.mark.parametrize(
    ("fields", "of_event", "code"),
    [
        ({}, {"status": Event.Status.CANCELLED}, "cancelled"),
        ({}, {"status": Event.Status.DRAFT}, "draft"),
        ({"opens_at": timezone.now() + dt.timedelta(days=1)}, {}, "not_open_yet"),
        ({"closes_at": timezone.now() - dt.timedelta(days=1)}, {}, "closed"),
    ],
)
def test_register_is_refused_while_closed_and_changes_nothing(db, fields, of_event, code):
    event = factories.upcoming_event(**of_event)
    factories.registration_settings(event=event, **fields)

    with pytest.raises(RegistrationClosed) as refusal:
        factories.registered(event)

    assert refusal.value.code == code
    assert Registration.objects.count() == OutboundMail.objects.count() == 0


def test_register_is_refused_for_a_past_event(db):
    event = factories.registration_settings(event=factories.event()).event

    with pytest.raises(RegistrationClosed) as refusal:
        factories.registered(event)

    assert refusal.value.code == "over"


def test_register_is_refused_where_the_event_takes_none(db):
    with pytest.raises(RegistrationClosed) as refusal:
        factories.registered(factories.upcoming_event())

    assert refusal.value.code == "none"


def test_cancel_gives_the_seat_to_the_first_waiting_with_a_mail(db):
    event = factories.registration_settings(capacity=1).event
    seated, first, second = (factories.registered(event) for _n in range(3))

    place.cancel(seated)
    place.cancel(seated)

    assert statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert kinds(seated) == ["confirmed", "cancelled"]
    assert kinds(first) == ["waitlisted", "moved_up"]
    assert kinds(second) == ["waitlisted"]


def test_cancel_is_refused_to_attendees_once_the_event_has_started(db, organizer):
    event = factories.upcoming_event()
    factories.registration_settings(event=event)
    attendee = factories.registered(event)
    Event.objects.update(starts_at=timezone.now() - dt.timedelta(minutes=1))

    with pytest.raises(RegistrationClosed):
        place.cancel(attendee)

    assert place.cancel(attendee, by=organizer.user).status == Status.CANCELLED


def test_place_in_queue_counts_from_one(db):
    event = factories.registration_settings(capacity=1).event
    people = [factories.registered(event) for _n in range(3)]

    assert [waiting_list.place_in_queue(each) for each in people] == [None, 1, 2]


def test_approval_gives_a_seat_or_a_place_in_the_queue(db):
    event = factories.registration_settings(capacity=1, needs_approval=True).event
    people = [factories.registered(event) for _n in range(3)]
    before = statuses(event)

    place.approve(people[0])
    place.approve(people[1])
    place.decline(people[2])

    assert before == ["pending"] * 3
    assert statuses(event) == ["confirmed", "waitlisted", "declined"]
    with pytest.raises(MoveRefused):
        place.approve(people[2])


def test_added_seats_go_to_those_who_wait_in_their_order(db, django_assert_num_queries):
    settings = factories.registration_settings(capacity=0)
    people = [factories.registered(settings.event) for _n in range(5)]
    settings.capacity = 3
    settings.save()

    moved = waiting_list.refill(settings.event)

    assert moved == 3
    assert statuses(settings.event) == ["confirmed"] * 3 + ["waitlisted"] * 2
    assert kinds(people[0]) == ["waitlisted", "moved_up"]


def test_someone_new_never_passes_those_who_wait(db):
    settings = factories.registration_settings(capacity=0)
    factories.registered(settings.event)
    settings.capacity = 1
    settings.save()

    factories.registered(settings.event)

    assert statuses(settings.event) == ["confirmed", "waitlisted"]


def offered(settings) -> Registration:
    seated = factories.registered(settings.event)
    waiting = factories.registered(settings.event)
    place.cancel(seated)
    waiting.refresh_from_db()
    return waiting


def test_offer_is_accepted_in_time(db):
    settings = factories.registration_settings(capacity=1, offer_hours=24)
    waiting = offered(settings)
    before = waiting.status

    place.accept(waiting)
    place.accept(waiting)

    assert (before, waiting.status) == ("offered", "confirmed")
    assert kinds(waiting) == ["waitlisted", "offered", "confirmed"]


def test_expired_offer_goes_to_the_next_and_never_back(db):
    settings = factories.registration_settings(capacity=1, offer_hours=24)
    first = offered(settings)
    second = factories.registered(settings.event)
    Registration.objects.filter(pk=first.pk).update(offer_expires_at=timezone.now())

    expired = [waiting_list.expire_offers(), waiting_list.expire_offers()]

    assert expired == [1, 0]
    assert statuses(settings.event) == ["cancelled", "expired", "offered"]
    assert kinds(second) == ["waitlisted", "offered"]
    with pytest.raises(OfferExpired):
        place.accept(first)


def test_event_without_settings_keeps_no_offer_of_another_from_expiring(db):
    orphaned, kept = (
        factories.registration_settings(capacity=1, offer_hours=24) for _n in range(2)
    )
    rows = [offered(orphaned), offered(kept)]
    Registration.objects.filter(status="offered").update(offer_expires_at=timezone.now())
    orphaned.delete()

    expired = waiting_list.expire_offers()

    assert expired == 2
    assert [kinds(row)[-1] for row in rows] == ["expired", "expired"]


def test_offer_that_is_overdue_is_refused_before_it_is_collected(db):
    settings = factories.registration_settings(capacity=1, offer_hours=24)
    waiting = offered(settings)
    Registration.objects.filter(pk=waiting.pk).update(offer_expires_at=timezone.now())

    with pytest.raises(OfferExpired):
        place.accept(waiting)


def test_correct_changes_what_was_typed_and_its_answers(db):
    settings = factories.registration_settings()
    question = factories.question(settings=settings)
    attendee = factories.registered(settings.event, answers={question.pk: "tea"})

    correction.correct(attendee, answers={question.pk: "coffee"}, name="王伟", phone="0311")

    attendee.refresh_from_db()
    assert (attendee.name, attendee.phone) == ("王伟", "0311")
    assert [answer.value for answer in attendee.answers.all()] == ["coffee"]


def test_correct_takes_back_no_seat_given_since_the_page_was_read(db):
    settings = factories.registration_settings(capacity=1)
    seated, waiting = (factories.registered(settings.event) for _n in range(2))
    read_before = Registration.objects.get(pk=waiting.pk)
    place.cancel(seated)

    correction.correct(read_before, name="Corrected")

    waiting.refresh_from_db()
    assert (waiting.status, waiting.name) == ("confirmed", "Corrected")


def test_correct_brings_nobody_back_who_was_erased(db):
    attendee = factories.registered(factories.registration_settings().event)
    read_before = Registration.objects.get(pk=attendee.pk)
    privacy.erase([attendee])

    with pytest.raises(MoveRefused):
        correction.correct(read_before, name="Back again")

    attendee.refresh_from_db()
    assert attendee.name == ""


@pytest.mark.parametrize(
    ("status", "verb"),
    [
        ("pending", lambda row: place.approve(row)),
        ("pending", lambda row: place.decline(row)),
        ("confirmed", place.cancel),
        ("offered", place.accept),
    ],
    ids=["approve", "decline", "cancel", "accept"],
)
def test_no_verb_brings_anybody_back_who_was_erased(in_status, status, verb):
    read_before = in_status(factories.registration_settings().event, status)
    privacy.erase([read_before])

    with pytest.raises(MoveRefused, match="no longer active"):
        verb(read_before)

    kept = Registration.objects.get(pk=read_before.pk)
    assert (kept.name, kept.email, kept.status, kept.erased_at is None) == ("", "", status, False)


def test_revoked_link_gets_a_new_code(db):
    attendee = factories.registered(factories.registration_settings().event)
    before = attendee.code

    personal_link.revoke_link(attendee)

    assert attendee.code != before


def test_links_are_mailed_for_every_active_registration(db):
    one = factories.registration_settings().event
    two = factories.registration_settings().event
    first = factories.registered(one, email="a@example.org")
    cancelled = factories.registered(two, email="a@example.org")
    place.cancel(cancelled)

    sent = [personal_link.send_links("A@example.org"), personal_link.send_links("b@example.org")]

    assert sent == [1, 0]
    assert kinds(first) == ["confirmed", "link"]


def test_last_seat_is_never_given_twice(transactional_db):
    event = factories.registration_settings(capacity=1).event
    people = [factories.applicant() for _n in range(8)]

    results = at_once(
        *(lambda person=person: registration.register(event, [person]) for person in people)
    )

    assert [each for each in results if isinstance(each, Exception)] == []
    assert sorted(statuses(event)) == ["confirmed"] + ["waitlisted"] * 7


def test_one_person_at_once_gets_one_seat(transactional_db):
    event = factories.registration_settings(capacity=3).event

    at_once(*(lambda: factories.registered(event, name="Ann", email="a@example.org"),) * 4)

    assert sorted(statuses(event)) == ["confirmed", "double", "double", "double"]
    assert waiting_list.free_seats(event.registration_settings) == 2


def test_seats_freed_at_once_go_to_different_people(transactional_db):
    event = factories.registration_settings(capacity=3).event
    people = [factories.registered(event) for _n in range(6)]

    at_once(*(lambda each=each: place.cancel(each) for each in people[:3]))

    assert statuses(event) == ["cancelled"] * 3 + ["confirmed"] * 3
