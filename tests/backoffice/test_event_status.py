"""Postponing, cancelling and taking up an event on its pages, with the attendees told at once."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages

from events.models import Event
from mail.models import OutboundMail
from registrations.models import Announcement, Registration
from tests import factories
from tests.backoffice.posting import buttons, do, url

pytestmark = pytest.mark.django_db

WORDS = {"english": "A typhoon is near.", "chinese": "台风即将来临。"}


@pytest.fixture
def event():
    """An event in a month, with a session and two attendees who know of it."""
    made = factories.upcoming_event()
    hour = {"starts_at": made.starts_at, "ends_at": made.starts_at + dt.timedelta(hours=1)}
    factories.session(event=made, **hour)
    factories.registration_settings(event=made)
    for _number in range(2):
        factories.registered(made)
    OutboundMail.objects.all().delete()
    return made


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def kinds():
    return sorted(OutboundMail.objects.values_list("kind", flat=True))


def day_of(event, weeks=1):
    return (event.starts_on + dt.timedelta(weeks=weeks)).isoformat()


def test_cancelling_shows_how_many_are_to_be_told_and_tells_them_at_once(organizer, event):
    assert "<td>2</td>" in "".join(organizer.get(url(event, "action", "cancel")).text.split())

    response = do(organizer, event, "cancel", **WORDS, is_shown="on", tell="on")

    event.refresh_from_db()
    assert (event.status, event.status_reason_en) == ("cancelled", WORDS["english"])
    assert event.shows_status_reason
    assert kinds() == ["event_cancelled"] * 2
    assert Announcement.objects.get().message_zh_hans == WORDS["chinese"]
    assert "2 e-mails to attendees are on their way" in said(response)


def test_cancelling_without_telling_offers_the_message(organizer, event):
    response = do(organizer, event, "cancel", **WORDS)

    assert kinds() == []
    assert "2 attendees have not been told about this change yet" in said(response)
    page = organizer.get(url(event, "action", "tell-attendees")).text
    assert WORDS["english"] in page


def test_reason_to_be_shown_must_be_written_and_nothing_is_lost(organizer, event):
    response = do(organizer, event, "cancel", is_shown="on", tell="on")

    assert "Enter the reason" in response.text
    event.refresh_from_db()
    assert event.status == "published"
    assert kinds() == []


def test_postponing_with_a_date_moves_the_programme_and_tells(organizer, event):
    before = event.starts_at

    do(
        organizer,
        event,
        "postpone",
        to=day_of(event),
        with_programme="on",
        tell="on",
        **WORDS,
    )

    event.refresh_from_db()
    assert event.starts_at == before + dt.timedelta(weeks=1)
    assert event.sessions.get().starts_at == event.starts_at
    assert kinds() == ["event_rescheduled"] * 2


def test_postponing_at_another_hour_is_in_the_zone_of_the_event(organizer, event):
    do(organizer, event, "postpone", to=day_of(event), at="13:30", with_programme="on")

    event.refresh_from_db()
    assert event.starts_at.astimezone(event.zone).strftime("%H:%M") == "13:30"


def test_postponing_into_the_past_is_refused_beside_the_day(organizer, event):
    response = do(organizer, event, "postpone", to="2020-01-01", with_programme="on", **WORDS)

    assert "This date is in the past" in response.text
    assert WORDS["english"] in response.text
    assert Event.objects.get().status == "published"


def test_postponing_without_a_date_and_then_with_one(organizer, event):
    do(organizer, event, "postpone", tell="on")
    assert kinds() == ["event_postponed"] * 2
    assert "Set the new date" in organizer.get(url(event, "change")).text

    do(organizer, event, "postpone", to=day_of(event), with_programme="on", tell="on")

    assert kinds() == ["event_postponed"] * 2 + ["event_rescheduled"] * 2


def test_cancelled_event_is_taken_up_again_and_those_concerned_are_told(organizer, event):
    do(organizer, event, "cancel", tell="on")

    response = do(organizer, event, "take-up", with_programme="on", tell="on")

    event.refresh_from_db()
    assert event.status == "published"
    assert kinds() == ["event_cancelled"] * 2 + ["event_taken_up"] * 2
    assert "takes place after all" in said(response)


def test_nobody_is_told_of_a_mistake_that_nobody_heard_of(organizer, event):
    do(organizer, event, "cancel")

    do(organizer, event, "take-up", tell="on")

    assert kinds() == []


def test_registration_times_that_stay_behind_are_pointed_to(organizer, event):
    closes_at = event.starts_at - dt.timedelta(days=1)
    event.registration_settings.closes_at = closes_at
    event.registration_settings.save()

    response = do(organizer, event, "postpone", to=day_of(event), with_programme="on")

    assert "these times were not" in said(response)


def test_reason_is_changed_on_a_page_of_its_own(organizer, event):
    do(organizer, event, "postpone")

    do(organizer, event, "reason", **WORDS, is_shown="on")

    event.refresh_from_db()
    assert event.status_reason_zh_hans == WORDS["chinese"]


@pytest.mark.parametrize("action", ["postpone", "cancel", "take-up", "reason"])
def test_auditor_reads_and_moves_nothing(auditor, event, action):
    assert action not in buttons(auditor, event)
    assert do(auditor, event, action).status_code == 403


def test_overview_names_what_a_postponed_event_waits_for_and_who_does_not_know(
    organizer, auditor, event
):
    do(organizer, event, "postpone", english="A typhoon.")

    text = organizer.get(url(event, "overview")).text
    read_only = auditor.get(url(event, "overview")).text

    assert "its new date is not set" in text
    assert "2 attendees have not been told about the latest change" in text
    assert "given in one language only" in text
    assert url(event, "action", "tell-attendees") in text
    assert "The event begins" not in text
    assert url(event, "action", "tell-attendees") not in read_only


def test_overview_of_a_cancelled_event_says_who_does_not_know(organizer, event):
    do(organizer, event, "cancel")

    assert "2 attendees have not been told" in organizer.get(url(event, "overview")).text

    do(organizer, event, "tell-attendees")

    assert "have not been told" not in organizer.get(url(event, "overview")).text


def test_people_whom_no_mail_reaches_are_counted_after_the_others_were_told(organizer, event):
    named = factories.registered(event)
    Registration.objects.filter(pk=named.pk).update(email="", email_key="")
    OutboundMail.objects.all().delete()

    response = do(organizer, event, "cancel", **WORDS, tell="on")

    assert kinds() == ["event_cancelled"] * 2
    assert "1 attendee has no e-mail address" in said(response)


@pytest.mark.parametrize(
    ("language", "first"), [("en", ["english", "chinese"]), ("zh-hans", ["chinese", "english"])]
)
def test_boxes_of_an_action_begin_with_the_language_of_the_interface(
    organizer, event, settings, language, first
):
    organizer.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = organizer.get(url(event, "action", "cancel"))

    assert list(page.context["form"].fields)[:2] == first
