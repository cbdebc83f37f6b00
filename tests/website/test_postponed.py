"""A postponed event on every page where it stands, in calendars and mails, in both languages."""

import datetime as dt
import json
import re

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from icalendar import Calendar

from events.domain import event as events
from events.domain import postponement
from events.domain.postponement import Reason
from mail import delivery
from registrations.domain import admission, announcement, check_in, personal_link, privacy, reminder
from registrations.models import Registration
from summit.lib.web.signed_links import sign
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = dt.timedelta(days=7)
BECAUSE = Reason("A typhoon <is> near.", "台风即将来临。", is_shown=True)
DAY = "12 May 2031"


@pytest.fixture
def event():
    """An event in years to come with a series, a session, an expert, an organization."""
    start = factories.at(9, day=dt.date(2031, 5, 12))
    times = {"starts_at": start, "ends_at": start + dt.timedelta(hours=8)}
    made = factories.event(series=factories.series(), slug="summit", **times)
    hour = {"starts_at": start, "ends_at": start + dt.timedelta(hours=1)}
    session = factories.session(event=made, **hour)
    factories.appearance(session=session)
    factories.role(event=made)
    factories.registration_settings(event=made)
    return made


def pages(event) -> dict[str, str]:
    """Return where an event stands, without the language."""
    session = event.sessions.get()
    return {
        "event": "/events/summit/",
        "session": session.get_absolute_url().removeprefix("/en"),
        "list": "/events/",
        "home": "/",
        "series": f"/series/{event.series.slug}/",
        "all series": "/series/",
        "expert": f"/experts/{session.appearances.get().expert.slug}/",
        "organization": f"/organizations/{event.roles.get().organization.slug}/",
    }


def body(client, path, language="en"):
    response = client.get(f"/{language}{path}")
    assert response.status_code == 200, path
    return response.content.decode().partition("</head>")[2]


def data_of(client):
    page = client.get("/en/events/summit/").content.decode()
    return json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_postponed_event_says_so_wherever_it_stands(client, event, language):
    postponement.postpone(event)
    word = {"en": "postponed", "zh-hans": "延期"}[language]

    silent = [name for name, at in pages(event).items() if word not in body(client, at, language)]

    assert silent == []


def test_no_list_tells_a_day_on_which_nothing_takes_place(client, event):
    postponement.postpone(event)

    wrong = [
        name
        for name, at in pages(event).items()
        if DAY in body(client, at) and name not in ("event", "session")
    ]

    assert wrong == []
    assert "It was planned for" in body(client, "/events/summit/")


def test_page_offers_neither_registration_nor_a_calendar_entry(client, event):
    postponement.postpone(event)

    page = body(client, "/events/summit/")
    form = client.get("/en/events/summit/register/")

    assert "Add to my calendar" not in page
    assert "once the new date is announced" in page
    assert form.status_code == 409
    assert "its new date is not known yet" in form.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("verb", [postponement.postpone, events.cancel])
def test_reason_stands_on_the_page_where_it_is_shown(client, event, verb, language):
    said = {"en": "A typhoon &lt;is&gt; near.", "zh-hans": "台风即将来临。"}[language]
    verb(event, reason=BECAUSE._replace(is_shown=False))
    before = body(client, "/events/summit/", language)

    postponement.change_reason(event, reason=BECAUSE)

    assert said not in before
    assert said in body(client, "/events/summit/", language)


def test_new_date_is_told_beside_the_former_one(client, event):
    postponement.postpone(event, to=event.starts_at + WEEK)

    for name, at in pages(event).items():
        page = body(client, at)
        assert ("new date" in page) is True, name
        assert "19 May 2031" in page, name
    assert DAY in body(client, "/events/summit/")


def test_event_that_was_held_later_says_so_quietly(client):
    event = factories.event(
        slug="summit", previous_starts_at=factories.at(9, day=dt.date(2020, 2, 3))
    )

    page = body(client, "/events/summit/")

    assert event.is_rescheduled
    assert "This event was postponed. It had been planned for" in page
    assert "new date" not in body(client, "/events/?when=past")


def test_structured_data_follows_schema_org(client, event):
    start = "2031-05-12T09:00:00+08:00"
    assert data_of(client)["eventStatus"] == "https://schema.org/EventScheduled"

    postponement.postpone(event)
    data = data_of(client)
    assert (data["eventStatus"], data["startDate"]) == ("https://schema.org/EventPostponed", start)
    assert "previousStartDate" not in data

    postponement.postpone(event, to=event.starts_at + WEEK)
    data = data_of(client)
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert (data["previousStartDate"], data["startDate"]) == (start, "2031-05-19T09:00:00+08:00")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Postponed: Summit"), ("zh-hans", "【已延期】峰会")]
)
def test_feed_says_so(client, event, language, said):
    type(event).objects.update(title_en="Summit", title_zh_hans="峰会")
    event.refresh_from_db()
    postponement.postpone(event)

    assert said in client.get(f"/{language}/feed.xml").content.decode()


def test_home_shows_a_postponed_event_where_no_other_is_ahead(client, event):
    postponement.postpone(event)
    assert client.get("/en/").context["event"] == event

    dated = factories.upcoming_event()
    assert client.get("/en/").context["event"] == dated


# Calendars


def public_entry(client):
    response = client.get(reverse("event-calendar", args=["summit"]))
    return Calendar.from_ical(response.content).walk("VEVENT")[0]


def test_public_entry_goes_and_comes_back_with_the_new_date(client, event):
    entries = [public_entry(client)]
    postponement.postpone(event)
    entries.append(public_entry(client))
    postponement.postpone(event, to=event.starts_at + WEEK)
    entries.append(public_entry(client))
    events.cancel(event)
    entries.append(public_entry(client))
    postponement.take_up(event)
    entries.append(public_entry(client))

    assert [each["STATUS"] for each in entries] == [
        *("CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED", "CONFIRMED")
    ]
    assert len({each["UID"] for each in entries}) == 1
    numbers = [each["SEQUENCE"] for each in entries]
    assert numbers == sorted(set(numbers))
    assert entries[1]["SUMMARY"].startswith("Postponed: ")
    assert entries[2].decoded("DTSTART") == event.starts_at


# Attendees


@pytest.fixture
def attendee(event):
    made = personal_link.prove(factories.registered(event, email="wei@example.org"))
    delivery.deliver_due()
    django_mail.outbox.clear()
    return made


def told():
    """Return the mail that is due, with the method and the SEQUENCE of its entry."""
    delivery.deliver_due()
    message = django_mail.outbox[-1]
    [(entry, mimetype)] = [
        (content, kind)
        for content, kind in message.alternatives
        if kind.startswith("text/calendar")
    ]
    sequence = Calendar.from_ical(entry).walk("VEVENT")[0]["SEQUENCE"]
    return message, mimetype.rpartition("=")[2], sequence


def test_attendees_are_told_at_each_turn_and_their_entries_follow(event, attendee):
    turns = [
        (lambda: postponement.postpone(event, reason=BECAUSE), "Postponed: ", "CANCEL"),
        (
            lambda: postponement.postpone(event, to=event.starts_at + WEEK),
            "New date: ",
            "REQUEST",
        ),
        (lambda: events.cancel(event), "Cancelled: ", "CANCEL"),
        (lambda: postponement.take_up(event), "It takes place after all: ", "REQUEST"),
    ]
    numbers = []
    for turn, subject, method in turns:
        turn()
        announcement.announce(event, message={"en": event.status_reason_en})
        message, found, sequence = told()
        assert message.subject.startswith(subject)
        assert found == method
        numbers.append(sequence)

    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_mail_of_a_postponed_event_names_no_day_that_is_wrong(event, language):
    person = factories.registered(event, language=language)
    postponement.postpone(event, reason=BECAUSE)
    announcement.announce(event, message={"en": "A typhoon.", "zh-hans": "台风。"})

    delivery.deliver_due()

    text = django_mail.outbox[-1].body
    assert not re.search("12 May 2031|2031年5月12日", text)
    assert {"en": "The new date will be announced", "zh-hans": "时间另行通知"}[
        language
    ].lower() in text.lower()
    assert {"en": "A typhoon.", "zh-hans": "台风。"}[language] in text
    assert person.language == language


def test_personal_page_says_that_the_registration_stays(client, event, attendee):
    postponement.postpone(event)

    page = client.get(reverse("my-registration", args=[sign(attendee.code)])).content.decode()

    assert "Your registration stays as it is" in page
    assert "Add to my calendar" not in page
    assert "Show this at the entrance" not in page


def test_nobody_registers_or_is_checked_in_meanwhile(event, attendee, organizer):
    postponement.postpone(event)

    with pytest.raises(admission.RegistrationClosed, match="postponed"):
        factories.registered(event)
    with pytest.raises(check_in.CheckInRefused, match="postponed"):
        check_in.check_in(attendee, by=organizer.user)


def test_each_date_has_a_reminder_of_its_own_and_no_date_has_none(event, attendee, time_machine):
    time_machine.move_to(event.starts_at - dt.timedelta(hours=2))
    assert reminder.remind() == 1
    postponement.postpone(event)
    assert reminder.remind() == 0

    postponement.postpone(event, to=event.starts_at + WEEK)
    time_machine.move_to(event.starts_at - dt.timedelta(hours=2))

    assert reminder.remind() == 1


def test_data_of_a_postponed_event_are_kept(event, attendee, time_machine):
    postponement.postpone(event)
    time_machine.move_to(event.ends_at + dt.timedelta(days=1000))

    assert privacy.erase_expired() == 0
    assert Registration.objects.get().name == attendee.name
