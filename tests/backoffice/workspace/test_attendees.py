"""The attendees of an event: their numbers, and how registration is taken."""

import pytest

from registrations.models import Registration, RegistrationSettings
from tests import factories
from tests.backoffice.posting import filled, inline, save, url
from tests.backoffice.workspace.pages import cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings():
    return factories.registration_settings(event=factories.upcoming_event())


def test_attendees_are_counted_by_what_became_of_them_with_ways_to_the_list(organizer, settings):
    event = settings.event
    for _person in range(2):
        factories.registered(event)
    cancelled = factories.registered(event)
    Registration.objects.filter(pk=cancelled.pk).update(status="cancelled")
    factories.registered(factories.registration_settings(event=factories.upcoming_event()).event)

    page = organizer.get(url(event, "attendees"))

    numbers = {str(label): count for label, count, _url in page.context["counts"]}
    assert (page.context["total"], numbers) == (3, {"confirmed": 2, "cancelled": 1})
    for _label, count, address in page.context["counts"]:
        assert len(organizer.get(address).context["cl"].result_list) == count


def test_event_without_settings_gets_them_here(organizer):
    event = factories.upcoming_event()

    page = organizer.get(url(event, "attendees"))
    save(
        organizer,
        event,
        "attendees",
        **inline(
            "registration_settings",
            {
                "capacity": "80",
                "contact": "either",
                "ask_phone": "optional",
                "ask_position": "optional",
                "ask_organization": "optional",
                "retention_days": "90",
                "hold_percent": "30",
            },
        ),
    )

    assert "Nobody has registered yet" in page.text
    made = RegistrationSettings.objects.get(event=event)
    # A box that is not ticked.
    assert (made.capacity, made.takes_registrations) == (80, False)
    assert "Visitors cannot register" in organizer.get(url(event, "attendees")).text

    save(organizer, event, "attendees", **{"registration_settings-0-takes_registrations": "on"})

    assert RegistrationSettings.objects.get(event=event).takes_registrations
    assert "Visitors cannot register" not in organizer.get(url(event, "attendees")).text


def test_who_saves_second_is_told_of_a_change_of_the_settings(organizer, superuser, settings):
    page = url(settings.event, "attendees")
    opened = {**filled(organizer.get(page)), "registration_settings-0-capacity": "5"}
    save(superuser, settings.event, "attendees", **{"registration_settings-0-capacity": "9"})

    refused = organizer.post(page, {**opened, "_save": "Save"})

    assert "This was changed after you opened it" in refused.text
    settings.refresh_from_db()
    assert settings.capacity == 9


def test_saving_the_questions_ends_among_the_attendees(organizer, settings):
    assert save(organizer, settings).url == url(settings.event, "attendees")


def test_auditor_reads_and_changes_nothing(auditor, settings):
    page = auditor.get(url(settings.event, "attendees"))

    assert page.status_code == 200
    assert page.context["desk_url"] == ""
    assert auditor.post(url(settings.event, "attendees"), {}).status_code == 403


def test_page_costs_the_same_with_one_and_three_rows(organizer, settings):
    factories.registered(settings.event)
    few = cost(organizer, url(settings.event, "attendees"))
    factories.registered(settings.event)
    factories.registered(settings.event)

    assert cost(organizer, url(settings.event, "attendees")) == few <= 21
