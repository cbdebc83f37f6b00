"""People whom organizers put on the list of an event."""

import pytest
from django.core import mail as sent
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import AuditEntry
from mail import delivery
from mail.models import OutboundMail
from registrations.domain import attendees, check_in, place, privacy, waiting_list
from registrations.domain.attendees import Listed
from registrations.models import Registration
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.threads import at_once

Status = Registration.Status
SOURCE = "list of the employer, 3 May"


@pytest.fixture
def event(db):
    return factories.registration_settings(event=factories.upcoming_event()).event


def listed(name="王芳", **fields):
    return Listed(**{"name": name, "email": "", "category": "guest", "language": "en"} | fields)


def add(event, *people, by, **fields):
    return attendees.add(event, people, **{"source": SOURCE, "by": by} | fields)


def test_guest_without_an_address_is_confirmed_with_a_source_and_no_consent(event, organizer):
    [guest] = add(event, listed(staff_note="座位靠前"), by=organizer.user)

    guest.refresh_from_db()
    assert (guest.status, guest.source, guest.consented_at, guest.privacy_notice) == (
        *(Status.CONFIRMED, SOURCE, None, None),
    )
    assert (guest.registered_by, guest.staff_note) == (organizer.user, "座位靠前")
    assert guest.lacks_consent
    assert not OutboundMail.objects.exists()
    entry = AuditEntry.objects.get(action="added")
    assert entry.details["people"] == 1


def test_invited_person_holds_no_seat_and_has_one_after_accepting(event, organizer):
    [guest] = add(
        event, listed(email="w@example.com", is_invited=True, is_told=True), by=organizer.user
    )
    assert not Registration.objects.seated().exists()
    assert OutboundMail.objects.get().kind == "invited"

    with pytest.raises(attendees.ConsentMissing):
        attendees.accept_invitation(guest, consents=False)
    accepted = attendees.accept_invitation(guest, consents=True)

    assert (accepted.status, accepted.lacks_consent) == (Status.CONFIRMED, False)
    assert accepted.privacy_notice is not None
    assert attendees.accept_invitation(guest, consents=True).status == Status.CONFIRMED
    kinds = OutboundMail.objects.order_by("pk").values_list("kind", "status")
    assert list(kinds) == [("invited", "dropped"), ("confirmed", "queued")]


def test_who_declines_is_off_the_list_and_may_be_invited_again(event, organizer):
    [guest] = add(event, listed(email="w@example.com", is_invited=True), by=organizer.user)

    attendees.decline_invitation(guest)
    attendees.decline_invitation(guest)

    guest.refresh_from_db()
    assert (guest.status, guest.cancel_reason) == (Status.CANCELLED, "declined_invite")
    with pytest.raises(MoveRefused):
        attendees.accept_invitation(guest, consents=True)
    assert add(event, listed(email="w@example.com", is_invited=True), by=organizer.user)


def test_invitation_is_not_accepted_once_the_event_is_over_or_cancelled(event, organizer):
    [guest] = add(event, listed(is_invited=True), by=organizer.user)
    type(event).objects.filter(pk=event.pk).update(status="cancelled", cancelled_at=timezone.now())

    with pytest.raises(MoveRefused):
        attendees.accept_invitation(guest, consents=True)


@pytest.mark.parametrize("is_invited", [True, False])
def test_more_people_than_seats_are_asked_for_and_nobody_is_added(event, organizer, is_invited):
    event.registration_settings.capacity = 2
    event.registration_settings.save()
    add(event, listed("甲", is_invited=is_invited), by=organizer.user)
    two = [listed("乙"), listed("丙")]

    with pytest.raises(check_in.NoSeat, match="1 seat is free, but you need 2"):
        add(event, *two, by=organizer.user)
    assert Registration.objects.count() == 1

    assert len(add(event, *two, by=organizer.user, beyond_capacity=True)) == 2


def test_who_waits_comes_before_somebody_of_a_list(event, organizer):
    event.registration_settings.capacity = 1
    event.registration_settings.save()
    _first, second = factories.registered(event), factories.registered(event)
    assert second.status == Status.WAITLISTED
    event.registration_settings.capacity = 2
    event.registration_settings.save()

    with pytest.raises(check_in.NoSeat):
        add(event, listed(), by=organizer.user)
    assert waiting_list.free_seats(event.registration_settings) in (0, 1)


def test_an_address_that_is_registered_is_pointed_out_with_who_it_is(event, organizer):
    known = factories.registered(event)

    with pytest.raises(attendees.NotAdded, match=f"{known.name} \\(confirmed\\)") as refusal:
        add(event, listed("甲"), listed(known.name, email=known.email.upper()), by=organizer.user)

    assert (refusal.value.code, refusal.value.number) == ("known", 1)
    assert Registration.objects.count() == 1


def test_one_person_twice_in_a_list_is_refused(event, organizer):
    with pytest.raises(attendees.NotAdded) as refusal:
        add(event, listed("甲", email="a@b.de"), listed("甲", email="A@b.de"), by=organizer.user)

    assert (refusal.value.code, refusal.value.number) == ("twice", 1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"is_told": True}, "no_address"), ({"is_told": True, "email": "a@b.de"}, "no_mails")],
)
def test_mails_that_cannot_be_sent_are_refused(event, organizer, fields, code):
    type(event).objects.filter(pk=event.pk).update(status="draft", published_at=None)

    with pytest.raises(attendees.NotAdded) as refusal:
        add(event, listed(**fields), by=organizer.user)

    assert refusal.value.code == code
    assert not Registration.objects.exists()


def test_nobody_is_added_without_a_source(event, organizer):
    with pytest.raises(ValidationError, match="where the data"):
        add(event, listed(), by=organizer.user, source=" ")

    assert not Registration.objects.exists()


def test_a_row_without_consent_and_source_is_refused_by_the_database(event, organizer):
    [guest] = add(event, listed(), by=organizer.user)

    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=guest.pk).update(source="")


def test_erasing_takes_the_source_and_keeps_the_count(event, organizer):
    [guest] = add(event, listed(), by=organizer.user)

    privacy.erase([guest], by=organizer.user)

    guest.refresh_from_db()
    assert (guest.name, guest.source, guest.status) == ("", "", Status.CONFIRMED)
    assert not guest.lacks_consent


def test_own_data_says_where_it_comes_from(event, organizer):
    [guest] = add(event, listed(), by=organizer.user)

    data = privacy.own_data(guest)

    assert data["source_of_the_data"] == SOURCE
    assert data["consent"] == {"at": None, "notice": None}
    assert privacy.own_data(attendees.give_consent(guest))["consent"]["at"]


def test_consent_that_was_given_stays_as_it_was(event, organizer):
    [guest] = add(event, listed(), by=organizer.user)
    first = attendees.give_consent(guest).consented_at

    assert attendees.give_consent(guest).consented_at == first


def test_mail_to_somebody_of_a_list_says_where_to_look(event, organizer):
    add(event, listed(email="w@example.com", is_told=True), by=organizer.user)
    add(
        event,
        listed("李强", email="l@example.com", is_told=True, is_invited=True),
        by=organizer.user,
    )

    delivery.deliver_due()

    confirmed, invited = sorted(sent.outbox, key=lambda message: message.to[0])[::-1]
    assert "An organizer has put you on the list." in confirmed.body
    assert confirmed.subject.startswith("Your registration is confirmed")
    assert invited.subject.startswith("Invitation:")
    assert "An organizer has put you on the list." in invited.body


def test_withdrawn_invitation_says_so(event, organizer):
    [guest] = add(event, listed(email="w@example.com", is_invited=True), by=organizer.user)

    place.cancel(guest, by=organizer.user)

    assert OutboundMail.objects.get().payload == {"was": "invited"}
    assert Registration.objects.get().cancel_reason == "withdrawn_invite"


def test_of_places_that_end_only_invitations_have_a_reason(event, organizer):
    names = ("甲", "乙", "丙")
    rows = add(event, *[listed(each, is_invited=each != "甲") for each in names], by=organizer.user)

    place.cancel(rows[2])
    place.cancel_all(rows, by=organizer.user, tell=False)

    reasons = Registration.objects.order_by("pk").values_list("cancel_reason", flat=True)
    assert list(reasons) == ["", "withdrawn_invite", "declined_invite"]


def test_invitation_is_no_registration_until_it_is_accepted(event, organizer):
    names = ("甲", "乙", "丙", "丁")
    kinds = {"甲": False, "乙": True, "丙": True, "丁": True}
    rows = add(event, *[listed(each, is_invited=kinds[each]) for each in names], by=organizer.user)
    attendees.decline_invitation(rows[2])
    place.cancel(rows[3], by=organizer.user)

    def names_of(found):
        return sorted(found.values_list("name", flat=True))

    assert (
        names_of(Registration.objects.registered())
        == ["甲"]
        == names_of(Registration.objects.seated())
    )
    assert names_of(Registration.objects.only_invited()) == sorted("乙丙丁")

    attendees.accept_invitation(rows[1], consents=True)
    place.cancel(rows[1], by=organizer.user)

    assert names_of(Registration.objects.registered()) == sorted("甲乙")


def test_the_desk_admits_who_was_invited_though_all_seats_are_taken(event, organizer):
    event.registration_settings.capacity = 1
    event.registration_settings.save()
    [guest] = add(event, listed(is_invited=True), by=organizer.user)
    add(event, listed("甲"), by=organizer.user, beyond_capacity=True)

    assert check_in.admit(guest, by=organizer.user).status == Status.CONFIRMED


def test_two_lists_at_once_give_no_seat_twice(transactional_db, organizer):
    event = factories.registration_settings(event=factories.upcoming_event(), capacity=1).event

    done = at_once(
        lambda: add(event, listed("甲"), by=organizer.user),
        lambda: add(event, listed("乙"), by=organizer.user),
    )

    refused = [each for each in done if isinstance(each, check_in.NoSeat)]
    assert len(refused) == 1
    assert Registration.objects.seated().count() == 1
