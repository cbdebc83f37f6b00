"""How an event takes registrations, edited on its page, and telling attendees of changes."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from events.models import Event
from registrations.models import Announcement, Question, Registration, RegistrationSettings
from tests import factories
from tests.backoffice.posting import do, errors, inline, save, url

PREFIX = "registration_settings"


@pytest.fixture
def settings(db) -> RegistrationSettings:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=30)
    event = factories.upcoming_event(
        time_zone="Europe/London", starts_at=start, ends_at=start + dt.timedelta(hours=8)
    )
    return factories.registration_settings(event=event, capacity=1)


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def statuses() -> list[str]:
    return list(Registration.objects.order_by("pk").values_list("status", flat=True))


def test_times_of_registration_are_typed_in_the_zone_of_the_event(organizer):
    event = factories.upcoming_event(time_zone="America/New_York")
    opens = {"opens_at": "2026-07-01T09:00", "capacity": "80", "reminder_hours": "24"}
    asked = {f"ask_{name}": "optional" for name in ("phone", "position", "organization")}
    asked["contact"] = "either"

    save(
        organizer,
        event,
        "attendees",
        **inline(PREFIX, {**opens, **asked, "retention_days": "90", "hold_percent": "30"}),
    )

    made = RegistrationSettings.objects.get()
    assert made.opens_at == dt.datetime(2026, 7, 1, 13, tzinfo=dt.UTC)
    assert (made.capacity, made.retention_days, made.needs_approval) == (80, 90, False)
    assert 'value="2026-07-01T09:00"' in organizer.get(url(event, "attendees")).text


def test_registration_that_closes_before_it_opens_is_refused(organizer, settings):
    response = save(
        organizer,
        settings.event,
        "attendees",
        **{f"{PREFIX}-0-opens_at": "2026-07-02T09:00", f"{PREFIX}-0-closes_at": "2026-07-01T09:00"},
    )

    assert "must close after it opens" in str(errors(response))


@pytest.mark.parametrize("page", ["event", "settings"])
def test_added_seats_go_to_those_who_wait(organizer, settings, page):
    for _person in range(4):
        factories.registered(settings.event)

    if page == "event":
        response = save(organizer, settings.event, "attendees", **{f"{PREFIX}-0-capacity": "3"})
        assert "2 people moved up from the waiting list." in told(response)
    else:
        save(organizer, settings, capacity="3")

    assert statuses() == ["confirmed"] * 3 + ["waitlisted"]


def test_fewer_seats_than_are_taken_leave_those_seated_where_they_are(organizer, settings):
    settings.capacity = 3
    settings.save()
    for _person in range(4):
        factories.registered(settings.event)

    save(organizer, settings.event, "attendees", **{f"{PREFIX}-0-capacity": "1"})
    factories.registered(settings.event)

    assert statuses() == ["confirmed"] * 3 + ["waitlisted"] * 2


def test_settings_cannot_be_removed_from_the_page(organizer, settings):
    save(organizer, settings.event, "attendees", **{f"{PREFIX}-0-DELETE": "on"})

    assert RegistrationSettings.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"title_en": "Another title"}, None),
        ({"venue_en": "Another hall"}, "venue"),
        ({"ends_at": "2099-01-01T12:00"}, "end"),
    ],
)
def test_change_of_time_or_place_offers_to_tell_the_attendees(organizer, settings, change, names):
    factories.registered(settings.event)
    factories.registered(settings.event)

    response = save(organizer, settings.event, **change)

    if names is None:
        assert not any("attendees" in words for words in told(response))
        return
    assert "2 attendees have not been told about this change yet." in "".join(told(response))
    facts = organizer.get(url(settings.event, "action", "tell-attendees")).context["facts"]
    assert [str(value) for _name, value in facts][:2] == [names, "2"]


def test_nothing_is_offered_where_nobody_is_registered(organizer, settings):
    response = save(organizer, settings.event, venue_en="Another hall")

    assert "told about this change" not in "".join(told(response))


def test_pressing_twice_tells_once(organizer, settings):
    attendee = factories.registered(settings.event)
    save(organizer, settings.event, venue_en="Another hall")
    words = {"english": "The hall was taken.", "chinese": "原会场已被占用。"}

    first = do(organizer, settings.event, "tell-attendees", **words)
    second = do(organizer, settings.event, "tell-attendees", **words)

    assert (first.status_code, second.status_code) == (302, 200)
    assert "have been told already" in second.text
    assert attendee.mails.filter(kind="event_changed").count() == 1
    assert Announcement.objects.get().recipients == 1
    assert Announcement.objects.get().by == organizer.user


def test_cancelled_event_offers_to_tell_those_who_come_and_wait(organizer, settings):
    for _person in range(2):
        factories.registered(settings.event)

    do(organizer, settings.event, "cancel")
    page = organizer.get(url(settings.event, "change"))
    do(organizer, settings.event, "tell-attendees")

    assert "tell-attendees" in [action.name for action, _address in page.context["row_actions"]]
    kinds = Registration.objects.values_list("mails__kind", flat=True)
    assert list(kinds).count("event_cancelled") == 2


def test_auditor_tells_nobody(auditor, settings):
    factories.registered(settings.event)
    Event.objects.update(venue_en="Another hall")

    assert do(auditor, settings.event, "tell-attendees").status_code == 403
    assert Announcement.objects.count() == 0


def typed_question(number: int) -> dict:
    return {"kind": "short_text", "text_en": f"Question {number}", "order": number}


def test_ten_questions_are_kept_and_one_more_is_refused(organizer, settings):
    ten = [typed_question(number) for number in range(10)]

    refused = save(organizer, settings, **inline("questions", *ten, typed_question(10)))
    assert "at most 10 questions" in str(errors(refused)["questions"])
    assert Question.objects.count() == 0

    save(organizer, settings, **inline("questions", *ten))
    assert Question.objects.count() == 10


def test_removing_a_question_removes_its_answers_and_nobody(organizer, settings):
    question = factories.question(settings=settings)
    attendee = factories.registered(settings.event, answers={question.pk: "tea"})

    save(organizer, settings, **{"questions-0-DELETE": "on"})

    attendee.refresh_from_db()
    assert Question.objects.count() == attendee.answers.count() == 0
    assert attendee.status == "confirmed"


def test_choice_needs_its_options_in_both_languages_alike(organizer, settings):
    choice = {"kind": "choice", "text_en": "Drink", "options_en": "Tea\nCoffee", "order": 0}

    response = save(organizer, settings, **inline("questions", {**choice, "options_zh_hans": "茶"}))

    assert "as many options" in str(errors(response))


def test_a_moved_event_points_to_the_times_of_registration_that_have_not_moved(organizer, settings):
    settings.closes_at = settings.event.starts_at - dt.timedelta(days=2)
    settings.save()
    later = {"starts_at": "2099-01-01T09:00", "ends_at": "2099-01-01T12:00"}

    moved = save(organizer, settings.event, **later)
    other = save(organizer, settings.event, title_en="Another title")

    assert "these times were not: registration closes" in "".join(told(moved))
    assert "these times were not" not in "".join(told(other))
