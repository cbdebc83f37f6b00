import pytest
from django.urls import reverse

from registrations.models import SeparateConsent
from tests import factories

PREFIX = "separate_consents"


@pytest.fixture
def settings_row(db):
    return factories.registration_settings()


def url(row) -> str:
    return reverse("admin:registrations_registrationsettings_change", args=[row.pk])


def form(*rows: dict, initial: int = 0) -> dict:
    data = {
        **{"contact": "either", "ask_phone": "optional", "ask_organization": "no"},
        **{
            "ask_position": "no",
            "retention_days": 180,
            "hold_percent": 30,
            "takes_registrations": "on",
        },
        **{"questions-TOTAL_FORMS": 0, "questions-INITIAL_FORMS": 0},
        f"{PREFIX}-TOTAL_FORMS": len(rows),
        f"{PREFIX}-INITIAL_FORMS": initial,
    }
    for number, row in enumerate(rows):
        given = {"kind": "recipient", "order": number, "is_offered": "on"} | row
        data |= {f"{PREFIX}-{number}-{name}": value for name, value in given.items()}
    return data


FULL = {
    "recipient_en": "Harbour Alliance",
    "contact": "list@example.org",
    "purpose_en": "meetings",
    "data_kinds_en": "name",
}


def test_an_organizer_asks_for_a_recipient(organizer, settings_row):
    answer = organizer.post(url(settings_row), form(FULL))

    assert answer.status_code == 302
    assert settings_row.separate_consents.get().recipient == "Harbour Alliance"


@pytest.mark.parametrize("lacking", FULL)
def test_a_recipient_is_named_whole(organizer, settings_row, lacking):
    answer = organizer.post(url(settings_row), form(FULL | {lacking: ""}))

    assert answer.status_code == 200
    assert not SeparateConsent.objects.exists()


def test_a_kind_is_asked_once(organizer, settings_row):
    photos = {"kind": "photos", "purpose_en": "reports"}

    answer = organizer.post(url(settings_row), form(photos, photos))

    assert answer.status_code == 200
    assert not SeparateConsent.objects.exists()


def test_the_page_says_how_many_agree_and_keeps_what_they_agreed_to(organizer, settings_row):
    asked = factories.separate_consent(settings=settings_row)
    factories.registered(settings_row.event, agreed=[asked])

    page = organizer.get(url(settings_row)).text
    answer = organizer.post(
        url(settings_row), form(FULL | {"id": asked.pk, "DELETE": "on"}, initial=1)
    )

    assert "these people are left out of lists until they agree" in page
    assert answer.status_code == 200
    assert SeparateConsent.objects.get() == asked


def test_a_registration_shows_its_consents_and_gives_none(organizer, settings_row):
    asked = factories.separate_consent(settings=settings_row)
    mine = factories.registered(settings_row.event, agreed=[asked])

    page = organizer.get(reverse("admin:registrations_registration_change", args=[mine.pk])).text

    assert str(asked) in page
    assert 'name="consents-0-to"' not in page
