"""One entry for one event in a person's calendar, by mail and by file (RFC 5545, RFC 5546)."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from events.models import SiteProfile
from mail import delivery
from registrations.domain import announcement, personal_link, place, registration, waiting_list
from registrations.emails import personal_url
from registrations.models import Registration
from summit.lib.web.signed_links import sign
from tests import factories


@pytest.fixture
def attendee(db):
    settings = factories.registration_settings(capacity=1)
    made = factories.registered(settings.event, name='王"伟', email="wei@example.org")
    return personal_link.prove(made)


def sent() -> list:
    """Return the mails that are due, each as a message of the email package."""
    before = len(django_mail.outbox)
    delivery.deliver_due()
    return [message.message() for message in django_mail.outbox[before:]]


def calendars(message) -> list[Calendar]:
    return [
        Calendar.from_ical(part.get_content())
        for part in message.walk()
        if part.get_content_type() == "text/calendar"
    ]


def entry_of(message):
    calendar = calendars(message)[0]
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


def public_entry(client, event):
    response = client.get(reverse("event-calendar", args=[event.slug]))
    return Calendar.from_ical(response.content).walk("VEVENT")[0]


def move_a_day(event) -> None:
    event.starts_at += dt.timedelta(days=1)
    event.ends_at += dt.timedelta(days=1)
    event.save()


def test_a_mail_asks_the_calendar_in_an_alternative_part_and_attaches_the_same(attendee):
    SiteProfile.objects.update_or_create(pk=1, defaults={"operator_en": "Hebei Office"})
    [message] = sent()

    structure = [(part.get_content_type(), part.get_param("method")) for part in message.walk()]
    assert structure == [
        ("multipart/mixed", None),
        ("multipart/alternative", None),
        ("text/plain", None),
        ("text/html", None),
        ("text/calendar", "REQUEST"),
        ("text/calendar", "REQUEST"),
    ]
    one, other = calendars(message)
    assert one.to_ical() == other.to_ical()
    method, entry = entry_of(message)
    assert method == "REQUEST"
    assert entry["ORGANIZER"] == "mailto:noreply@testserver"
    assert entry["ATTENDEE"] == "mailto:wei@example.org"
    assert entry["ATTENDEE"].params["CN"] == "王’伟"
    assert entry["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE"} <= set(entry)


def test_mail_personal_file_and_public_file_are_one_entry(client, attendee):
    [message] = sent()
    _method, mailed = entry_of(message)
    response = client.get(reverse("my-calendar", args=[sign(attendee.code)]))
    own = Calendar.from_ical(response.content).walk("VEVENT")[0]
    public = public_entry(client, attendee.event)

    assert len({mailed["UID"], own["UID"], public["UID"]}) == 1
    assert len({each["ORGANIZER"] for each in (mailed, own, public)}) == 1
    assert {each["SEQUENCE"] for each in (mailed, own, public)} == {0}
    assert "ATTENDEE" not in own
    assert "ATTENDEE" not in public


def test_a_change_counts_the_sequence_up_everywhere(client, attendee, time_machine):
    sent()
    before = public_entry(client, attendee.event)
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=1), tick=False)
    move_a_day(attendee.event)
    changed = public_entry(client, attendee.event)
    announcement.announce(attendee.event)
    [message] = sent()
    method, mailed = entry_of(message)

    assert (before["SEQUENCE"], changed["SEQUENCE"], mailed["SEQUENCE"]) == (0, 1, 1)
    assert method == "REQUEST"
    assert mailed["DTSTART"].dt == attendee.event.starts_at.replace(microsecond=0)
    assert changed["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert changed["DTSTAMP"].dt == changed["LAST-MODIFIED"].dt
    assert public_entry(client, attendee.event)["SEQUENCE"] == 1


def test_a_change_of_words_leaves_the_sequence(client, attendee):
    attendee.event.summary_en = "More words"
    attendee.event.save()

    assert public_entry(client, attendee.event)["SEQUENCE"] == 0


def test_cancelling_and_registering_again_are_one_entry_that_counts_up(attendee):
    [first] = sent()
    place.cancel(attendee)
    [cancelled] = sent()
    again = registration.register(attendee.event, [factories.applicant(email="wei@example.org")])
    [second] = sent()

    entries = [entry_of(message) for message in (first, cancelled, second)]
    assert [method for method, _entry in entries] == ["REQUEST", "CANCEL", "REQUEST"]
    assert len({entry["UID"] for _method, entry in entries}) == 1
    assert len({entry["ORGANIZER"] for _method, entry in entries}) == 1
    sequences = [entry["SEQUENCE"] for _method, entry in entries]
    assert sequences == sorted(set(sequences))
    assert entries[1][1]["STATUS"] == "CANCELLED"
    assert entries[1][1]["ATTENDEE"] == "mailto:wei@example.org"
    assert again[0].status == "confirmed"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("waitlisted", "You have been taken off the waiting list."),
        ("pending", "It had not been approved yet"),
        ("offered", "Your registration has been cancelled and the seat offered to you released."),
    ],
)
def test_who_never_had_a_seat_is_told_what_ended_and_gets_no_entry(attendee, status, words):
    waiting = factories.registered(attendee.event)
    sent()
    Registration.objects.filter(pk=waiting.pk).update(status=status)

    place.cancel(Registration.objects.get(pk=waiting.pk))
    [message] = sent()

    text = message.get_body(("plain",)).get_content()
    assert calendars(message) == []
    assert words in text
    assert "calendar" not in text
    assert "released" not in text or status == "offered"
    if status == "waitlisted":
        assert message["Subject"].startswith("You are no longer on the waiting list")


def test_a_cancelled_event_removes_the_entry_of_those_who_have_one(attendee):
    waiting = factories.registered(attendee.event)
    sent()
    attendee.event.status = "cancelled"
    attendee.event.save()

    announcement.announce(attendee.event)

    by_address = {message["To"]: message for message in sent()}
    to_attendee = next(m for to, m in by_address.items() if "wei@" in to)
    assert entry_of(to_attendee)[0] == "CANCEL"
    assert calendars(by_address[waiting.email]) == []
    assert "calendar" not in by_address[waiting.email].get_body(("plain",)).get_content()


def test_who_waits_has_a_tentative_entry_without_the_link_and_none_to_cancel(client, attendee):
    attendee.event.online_link = "https://meet.example.org/room"
    attendee.event.save()
    waiting = factories.registered(attendee.event)
    address = reverse("my-calendar", args=[sign(waiting.code)])

    during = client.get(address).text
    place.cancel(waiting)
    after = client.get(address)

    assert "STATUS:TENTATIVE" in during
    assert "meet.example.org" not in during
    assert after.status_code == 302


def test_entries_of_before_keep_their_uid(attendee):
    importlib.import_module("registrations.migrations.0006_one_entry_in_calendars").keep_uids(
        apps, None
    )

    [message] = sent()

    assert entry_of(message)[1]["UID"] == f"registration-{attendee.pk}@testserver"


# The link to join online

LINK = "https://meet.example.org/room/abc?pwd=123"


@pytest.mark.parametrize(("link_for", "is_public"), [("confirmed", False), ("everybody", True)])
@pytest.mark.parametrize("running", [False, True])
def test_the_link_to_join_online_is_public_only_by_choice(
    client, attendee, time_machine, link_for, is_public, running
):
    event = attendee.event
    event.online_link, event.online_link_for, event.format = LINK, link_for, "online"
    event.save()
    if running:
        time_machine.move_to(event.starts_at + dt.timedelta(hours=1))
    pages = [event.get_absolute_url(), reverse("event-calendar", args=[event.slug])]
    pages += ["/zh-hans" + event.get_absolute_url().removeprefix("/en"), "/en/", "/en/feed/"]

    texts = [client.get(page).text.replace("\r\n ", "") for page in pages]

    shown = ["meet.example.org" in text for text in texts]
    assert shown == ([True, True, True, False, False] if is_public else [False] * 5)


def test_a_confirmed_attendee_has_the_link_and_who_waits_has_not(client, attendee):
    event = attendee.event
    event.online_link, event.format = LINK, "online"
    event.save()
    waiting = factories.registered(event)
    by_address = {message["To"]: message for message in sent()}
    theirs = next(m for to, m in by_address.items() if "wei@" in to)
    others = by_address[waiting.email]

    assert LINK in theirs.get_body(("plain",)).get_content()
    assert LINK in entry_of(theirs)[1]["DESCRIPTION"]
    assert "QR" not in theirs.get_body(("plain",)).get_content()
    assert "meet.example" not in others.as_string()
    assert "meet.example.org" in client.get(personal_url(attendee)).text
    assert "meet.example.org" not in client.get(personal_url(waiting)).text


# Words that are true


def test_the_page_of_a_past_event_asks_for_no_code(client, attendee, time_machine):
    waiting = factories.registered(attendee.event)
    before = client.get(personal_url(attendee)).text
    time_machine.move_to(attendee.event.ends_at + dt.timedelta(hours=1))
    after = client.get(personal_url(attendee)).text
    others = client.get(personal_url(waiting)).text

    assert "Show this at the entrance." in before
    assert "Show this at the entrance." not in after
    assert "This event is over." in after
    assert "You are number" not in others


def test_the_page_of_who_waits_says_that_the_event_has_begun(client, attendee, time_machine):
    waiting = factories.registered(attendee.event)
    time_machine.move_to(attendee.event.starts_at + dt.timedelta(hours=1))

    page = client.get(personal_url(waiting)).text

    assert "nobody moves up" in page
    assert "Leave the waiting list" not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"status": "cancelled"}, "has been cancelled"), ({"is_past": True}, "This event is over")],
)
def test_the_form_of_an_event_without_registration_says_why(client, db, fields, words):
    make = factories.event if fields.pop("is_past", False) else factories.upcoming_event
    event = make(**fields)

    response = client.get(reverse("register", args=[event.slug]))

    assert response.status_code == 409
    assert words in response.text


def test_an_expired_offer_says_nothing_of_others_on_the_page(client, attendee):
    waiting = factories.registered(attendee.event)
    Registration.objects.filter(pk=waiting.pk).update(status="expired")

    page = client.get(personal_url(waiting)).text

    assert "The offer has expired." in page
    assert "next person" not in page
    assert waiting_list.free_seats(attendee.event.registration_settings) == 0
