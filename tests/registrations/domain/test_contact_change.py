"""A wrong address or number: asked for, told, stopped, confirmed, and changed by staff."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEntry
from mail import delivery
from registrations.domain import (
    contact_change,
    personal_link,
    place,
    privacy,
    query_code,
    registration,
)
from registrations.models import ContactChange, Registration
from summit.lib.database.states import MoveRefused
from summit.lib.web.signed_links import sign
from tests import factories
from tests.threads import at_once
from throttle.rate_limit import TooManyTries

OLD, NEW = "old@example.org", "jane.new@example.org"
Status = ContactChange.Status


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=5).event


@pytest.fixture
def mine(event) -> Registration:
    row = personal_link.prove(factories.registered(event, name="王伟", email=OLD))
    delivery.deliver_due()
    django_mail.outbox.clear()
    return row


def sent() -> dict[str, list[str]]:
    """Deliver what is queued; return the bodies by address."""
    delivery.deliver_due()
    found: dict[str, list[str]] = {}
    for message in django_mail.outbox:
        address = message.to[0].rpartition("<")[2].strip(">")
        found.setdefault(address, []).append(f"{message.subject}\n{message.body}")
    django_mail.outbox.clear()
    return found


def test_asking_changes_nothing_and_tells_both(mine):
    contact_change.ask(mine, email=NEW)

    told = sent()
    [to_old], [to_new] = told[OLD], told[NEW]
    mine.refresh_from_db()
    assert mine.email == OLD
    assert "j•••@example.org" in to_old
    assert NEW not in to_old
    assert sign(mine.code) in to_old
    assert "/my/confirm/" in to_new
    assert "王伟" not in to_new
    assert OLD not in to_new
    assert sign(mine.code) not in to_new


def test_confirming_moves_everything_to_the_new_address(mine):
    old_code = mine.code
    [change] = contact_change.ask(mine, email=NEW)
    sent()

    contact_change.confirm(change)
    with pytest.raises(MoveRefused, match="This address is confirmed"):
        contact_change.confirm(change)

    mine.refresh_from_db()
    told = sent()
    [to_old], [to_new] = told[OLD], told[NEW]
    assert (mine.email, mine.email_key, mine.proof) == (NEW, NEW, "link")
    assert mine.status == "confirmed"
    assert mine.code != old_code
    assert sign(mine.code) in to_new
    assert query_code.code_of(mine) in to_new
    assert "/my/" not in to_old
    assert "王伟" not in to_old
    assert query_code.code_of(mine) not in to_old
    assert list(Registration.objects.search(NEW)) == [mine]
    with pytest.raises(query_code.NotFound):
        query_code.find(OLD, query_code.code_of(mine), network="192.0.2.1")


def test_mail_to_the_old_address_goes_there_even_if_it_is_sent_after_the_change(mine):
    [change] = contact_change.ask(mine, email=NEW)
    contact_change.confirm(change)

    told = sent()

    assert [text.splitlines()[0].split(":")[0] for text in told[OLD]] == [
        "This address is no longer used"
    ]
    assert [text.splitlines()[0].split(":")[0] for text in told[NEW]] == [
        "Your address has been changed"
    ]


def test_stopped_change_cannot_be_confirmed(mine):
    [change] = contact_change.ask(mine, email=NEW)

    assert [contact_change.stop(mine), contact_change.stop(mine)] == [1, 0]
    with pytest.raises(MoveRefused):
        contact_change.confirm(change)

    mine.refresh_from_db()
    assert (mine.email, NEW in sent()) == (OLD, False)


@pytest.mark.parametrize("end", ["late", "cancelled", "replaced", "link", "staff"])
def test_change_that_is_too_late_is_refused(mine, organizer, end):
    [change] = contact_change.ask(mine, email=NEW)
    if end == "late":
        ContactChange.objects.update(asked_at=timezone.now() - ContactChange.LASTS)
    elif end == "cancelled":
        place.cancel(mine)
    elif end == "replaced":
        contact_change.ask(mine, email="third@example.org")
    elif end == "link":
        personal_link.revoke_link(mine)
    else:
        contact_change.change_by_staff(mine, email="x@example.org", phone="", by=organizer.user)
    before = Registration.objects.get().email

    with pytest.raises(MoveRefused):
        contact_change.confirm(change)

    assert Registration.objects.get().email == before


def test_people_of_the_same_address_are_changed_only_where_chosen(event):
    rows = registration.register(
        event, [factories.applicant(email=OLD, name=name) for name in ("Ann", "Bea", "Cleo")]
    )
    stranger = factories.registered(event, email="other@example.org")
    first = personal_link.prove(rows[0])
    sent()

    [change, _other] = contact_change.ask(first, email=NEW, others=[rows[2].pk, stranger.pk])
    contact_change.confirm(change)

    emails = [each.email for each in event.registrations.order_by("pk")]
    assert emails == [NEW, OLD, NEW, "other@example.org"]
    assert {address: len(texts) for address, texts in sent().items()} == {OLD: 1, NEW: 1}


def test_asking_says_nothing_of_who_is_registered_with_the_new_address(mine, event):
    factories.registered(event, name="王伟", email="known@example.org")
    mine.mails.all().delete()

    contact_change.ask(mine, email="known@example.org")
    known = [(kind, payload.keys()) for kind, payload in mine.mails.values_list("kind", "payload")]
    mine.mails.all().delete()
    contact_change.ask(mine, email="free@example.org")
    free = [(kind, payload.keys()) for kind, payload in mine.mails.values_list("kind", "payload")]

    assert len(known) == 2
    assert known == free


@pytest.mark.parametrize("status", ["confirmed", "waitlisted"])
def test_person_who_has_a_place_with_the_new_address_keeps_one(mine, event, status):
    other = factories.registered(event, name="王伟", email=NEW)
    Registration.objects.filter(pk=other.pk).update(status=status, queued_at=timezone.now())

    [change] = contact_change.ask(mine, email=NEW)
    contact_change.confirm(change)

    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.status, other.status, other.double_of_id) == ("confirmed", "double", mine.pk)
    assert other.shown_status == "confirmed"


def test_waiting_person_keeps_the_seat_that_the_new_address_has(mine, event):
    other = factories.registered(event, name="王伟", email=NEW)
    Registration.objects.filter(pk=mine.pk).update(status="waitlisted", queued_at=timezone.now())

    [change] = contact_change.ask(mine, email=NEW)
    contact_change.confirm(change)

    mine.refresh_from_db()
    other.refresh_from_db()
    assert (other.status, mine.status, mine.double_of_id) == ("confirmed", "double", other.pk)


def test_seat_that_is_freed_goes_to_who_waits(event):
    mine = personal_link.prove(factories.registered(event, name="王伟", email=OLD))
    factories.registered(event, name="王伟", email=NEW)
    waiting = [factories.registered(event) for _each in range(4)][-1]
    assert waiting.status == "waitlisted"

    [change] = contact_change.ask(mine, email=NEW)
    contact_change.confirm(change)

    waiting.refresh_from_db()
    assert waiting.status == "confirmed"


def test_limits_are_those_of_other_mails(mine, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (1, 86400), "link": (3, 3600)}
    contact_change.ask(mine, email=NEW)

    with pytest.raises(registration.MailboxFull):
        contact_change.ask(mine, email="JANE.new@Example.org")
    contact_change.ask(mine, email="b@example.org")
    contact_change.ask(mine, email="c@example.org")
    with pytest.raises(TooManyTries):
        contact_change.ask(mine, email="d@example.org")

    assert ContactChange.objects.filter(status=Status.OPEN).get().new_email == "c@example.org"


def test_two_who_confirm_and_stop_at_once_agree(transactional_db):
    event = factories.registration_settings(capacity=5).event
    mine = personal_link.prove(factories.registered(event, email=OLD))
    [change] = contact_change.ask(mine, email=NEW)

    confirmed, stopped = at_once(
        lambda: contact_change.confirm(change), lambda: contact_change.stop(mine)
    )

    mine.refresh_from_db()
    change.refresh_from_db()
    if stopped:
        assert isinstance(confirmed, MoveRefused)
        assert (change.status, mine.email) == (Status.STOPPED, OLD)
    else:
        assert (change.status, mine.email) == (Status.CONFIRMED, NEW)


def test_two_who_ask_at_once_leave_one_change_open(transactional_db):
    event = factories.registration_settings(capacity=5).event
    mine = personal_link.prove(factories.registered(event, email=OLD))

    def ask(email):
        contact_change.ask(Registration.objects.get(pk=mine.pk), email=email)

    at_once(*(lambda n=n: ask(f"new{n}@example.org") for n in range(4)))

    assert ContactChange.objects.filter(status=Status.OPEN).count() == 1
    assert ContactChange.objects.count() == 4


def test_staff_change_counts_at_once_and_both_are_told(mine, organizer):
    old_code = mine.code

    contact_change.change_by_staff(mine, email=NEW, phone="", by=organizer.user)

    told = sent()
    entry = AuditEntry.objects.get(action="contact_changed")
    assert (mine.email, mine.proof, mine.code == old_code) == (NEW, "staff", False)
    assert (list(told), [len(texts) for texts in told.values()]) == ([NEW, OLD], [1, 1])
    assert entry.details == {"people": 1}
    assert NEW not in str(entry.__dict__)


def test_staff_make_a_held_seat_theirs_with_the_right_address(db, organizer):
    event = factories.registration_settings(capacity=10, hold_hours=24, hold_percent=30).event
    row = factories.registered(event, email=OLD)

    contact_change.change_by_staff(row, email=NEW, phone="", by=organizer.user)

    assert (row.status, row.proven_at is None) == ("confirmed", False)


def test_staff_change_a_number_of_several_people_where_chosen(event, organizer):
    people = [factories.applicant(email="", phone="13800138000", name=n) for n in ("Ann", "Bea")]
    rows = registration.register(event, people)

    contact_change.change_by_staff(
        rows[0], email="", phone="139 0013 9000", by=organizer.user, others=[rows[1].pk]
    )

    phones = [each.phone for each in event.registrations.all()]
    assert phones == ["+8613900139000"] * 2


@pytest.mark.parametrize(
    ("email", "phone", "said"),
    [
        (OLD, "", "Enter what is to be changed"),
        ("", "", "mobile number or an e-mail address"),
        ("", "0311 8888 8888", "mobile number or an e-mail address"),
        ("known@example.org", "", "registered already"),
    ],
)
def test_staff_are_told_what_cannot_be(mine, event, organizer, email, phone, said):
    factories.registered(event, name="王伟", email="known@example.org")

    with pytest.raises(ValidationError, match=said):
        contact_change.change_by_staff(mine, email=email, phone=phone, by=organizer.user)

    mine.refresh_from_db()
    assert (mine.email, ContactChange.objects.count()) == (OLD, 0)


def test_pending_change_is_in_the_own_data_and_erased_with_the_person(mine):
    contact_change.ask(mine, email=NEW)
    [kept] = privacy.own_data(mine)["changes_of_the_contact"]

    privacy.erase([mine])

    assert (kept["before"], kept["new"], kept["status"]) == (OLD, "j•••@example.org", "open")
    assert not ContactChange.objects.exists()


@pytest.mark.parametrize("address", ["OLD@example.org", NEW])
def test_erasing_an_address_erases_the_changes_that_name_it(mine, address):
    [change] = contact_change.ask(mine, email=NEW)
    contact_change.confirm(change)

    privacy.erase_attendee(address)

    assert not ContactChange.objects.exists()


def test_changes_are_forgotten_after_a_while(mine):
    contact_change.ask(mine, email=NEW)
    before = contact_change.forget()
    ContactChange.objects.update(asked_at=timezone.now() - dt.timedelta(days=31))

    assert (before, contact_change.forget()) == (0, 1)
