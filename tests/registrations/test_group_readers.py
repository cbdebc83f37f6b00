"""What is written once to the contact person of a group, with the people named and one entry."""

import uuid

import pytest

from mail.models import OutboundMail
from registrations.domain import (
    announcement,
    message,
    personal_link,
    place,
    proof,
    waiting_list,
    way_to_attend,
)
from registrations.domain.audience import Audience
from registrations.domain.registration import register
from registrations.models import Registration, RegistrationGroup, RegistrationSettings
from tests import factories
from tests.registrations.test_entries import calendars, entry_of, move_a_day, sent

pytestmark = pytest.mark.django_db
TEXTS = {
    "subject_en": "Bring a coat",
    "text_en": "Dear {name}, see {link}",
    "subject_zh_hans": "",
    "text_zh_hans": "",
}


@pytest.fixture
def event():
    return factories.registration_settings(
        event=factories.upcoming_event(title_en="Docking day"), capacity=10
    ).event


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def send(event, organizer, **audience):
    return message.send(
        event,
        texts=TEXTS,
        audience=Audience(**audience),
        key=uuid.uuid4(),
        by=organizer.user,
    )


def names_of(mail):
    return [name for name in ("Member 1", "Member 2", "Member 3") if name in text_of(mail)]


def test_a_message_goes_once_to_the_contact_person_and_names_whom_it_is_about(event, organizer):
    group = factories.group(event, 3)
    proof.prove_group(group)
    own = factories.applicant(email="own@example.org", name="Own Contact")
    register(event, [own, factories.applicant(email="")], contact_person=factories.contact_person())
    place.cancel(group.members.get(name="Member 3"))
    OutboundMail.objects.all().delete()

    made = send(event, organizer, statuses=("confirmed",))

    addresses = sorted(mail["To"].rpartition("<")[2].strip(">") for mail in sent())
    [first, second] = RegistrationGroup.objects.order_by("pk")
    assert made.recipients == 3
    assert addresses == ["contact@example.org", "contact@example.org", "own@example.org"]
    mails = OutboundMail.objects.filter(kind="group_message").order_by("pk")
    assert [row.subject for row in mails] == [first, second]


def test_a_message_to_a_group_fills_in_the_contact_persons_name_and_page(event, organizer):
    group = factories.group(event, 3)
    proof.prove_group(group)
    sent()
    send(event, organizer)
    place.cancel(group.members.get(name="Member 2"))

    mail = next(each for each in sent() if each["Subject"] == "Bring a coat")

    assert text_of(mail).startswith("This is about: Member 1, Member 3.")
    assert "Dear Ann Contact, see http://testserver/en/my/group/" in text_of(mail)
    assert calendars(mail) == []


def test_an_address_that_is_not_proven_hears_no_names(event, organizer):
    factories.group(event, 2)
    sent()

    send(event, organizer)

    [mail] = sent()
    assert names_of(mail) == []
    assert "Dear attendee" in text_of(mail)
    assert "This is about the people whom you registered" in text_of(mail)


def test_a_message_whose_people_have_cancelled_is_not_sent(event, organizer):
    group = factories.group(event, 2)
    sent()
    send(event, organizer)

    place.cancel_all(group.members.all(), by=organizer.user, tell=False)

    assert sent() == []


def test_another_way_to_attend_is_told_to_the_contact_person():
    event = factories.registration_settings(
        event=factories.upcoming_event(format="hybrid"), capacity=10, online_capacity=5
    ).event
    group = factories.group(event, 2)
    proof.prove_group(group)
    sent()

    way_to_attend.change(group.members.first(), online=True)

    assert [(mail["To"], mail["Subject"][:18]) for mail in sent()] == [
        ("contact@example.org", "News of your group")
    ]


@pytest.mark.parametrize("verb", [personal_link.revoke_link, personal_link.send_link])
def test_the_link_of_who_has_no_own_contact_is_that_of_the_group(event, verb):
    group = factories.group(event, 2)
    member, before = group.members.first(), group.code
    sent()

    verb(member)

    [mail] = sent()
    group.refresh_from_db()
    assert (mail["To"], mail["Subject"]) == ("contact@example.org", "Your group: Docking day")
    assert (group.code == before) == (verb is personal_link.send_link)


def test_a_lost_link_is_one_mail_about_the_group(event):
    factories.group(event, 3)
    sent()

    personal_link.send_links("contact@example.org")

    assert [mail["Subject"] for mail in sent()] == ["Your group: Docking day"]


def test_one_entry_is_for_all_of_the_group(event):
    group = factories.group(event, 3)
    [first] = sent()
    proof.prove_group(group)
    move_a_day(event)
    announcement.announce(event)
    [changed] = sent()

    method, entry = entry_of(first)
    later, updated = entry_of(changed)
    assert (method, later) == ("REQUEST", "REQUEST")
    assert len(calendars(changed)[0].walk("VEVENT")) == 1
    assert entry["UID"] == updated["UID"]
    assert updated["ATTENDEE"] == "mailto:contact@example.org"
    assert updated["SEQUENCE"] > entry["SEQUENCE"]
    assert "Member 1" not in entry.get("DESCRIPTION", "")
    assert "This is about: Member 1, Member 2, Member 3." in updated["DESCRIPTION"]


def test_the_entry_stays_for_who_keeps_a_seat_and_goes_with_the_last_one(event):
    group = factories.group(event, 2)
    proof.prove_group(group)
    first, second = group.members.order_by("pk")
    [added] = sent()

    place.cancel(first)
    [kept] = sent()
    place.cancel(second)
    [gone] = sent()

    entries = [entry_of(mail) for mail in (added, kept, gone)]
    assert [method for method, _entry in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert "Member 1" not in entries[1][1]["DESCRIPTION"]
    sequences = [entry["SEQUENCE"] for _method, entry in entries]
    assert sequences == sorted(set(sequences))
    assert "removes it from your calendar" in text_of(gone)


def test_a_group_that_only_waits_has_no_entry_until_it_moves_up(event):
    RegistrationSettings.objects.update(capacity=1)
    factories.registered(event)
    group = factories.group(event, 2)
    proof.prove_group(group)
    [_single, waiting] = sent()
    place.cancel(group.members.first())
    [left] = sent()

    RegistrationSettings.objects.update(capacity=5)
    waiting_list.refill(event)

    [up] = sent()
    assert (calendars(waiting), calendars(left)) == ([], [])
    assert entry_of(up)[0] == "REQUEST"
    assert Registration.objects.filter(status="confirmed").count() == 2


def test_seats_that_come_again_are_the_newer_entry(event):
    RegistrationSettings.objects.update(capacity=1)
    group = factories.group(event, 2)
    first, _second = group.members.order_by("pk")
    [added] = sent()

    place.cancel(first)
    mails = sent()

    assert entry_of(added)[0] == "REQUEST"
    assert entry_of(mails[-1])[0] == "REQUEST"
    assert entry_of(mails[-1])[1]["SEQUENCE"] > entry_of(added)[1]["SEQUENCE"]
