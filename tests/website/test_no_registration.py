"""Public pages of an event whose attendees organizers put on the list themselves."""

import pytest

from events.domain import postponement
from registrations.domain import attendees
from registrations.domain.attendees import Listed
from tests import factories
from tests.website.registering import register_url, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return factories.registration_settings(takes_registrations=False).event


def test_pages_offer_no_registration_and_speak_of_none(stranger, event, organizer):
    guest = Listed(name="Secret Guest", email="", category="guest", language="en")
    attendees.add(event, [guest], source="list of the employer", by=organizer.user)

    for address in ("/en/", f"/en/events/{event.slug}/"):
        text = stranger.get(address).text
        assert event.title_en in text
        assert "/register/" not in text
        assert "Registration is open" not in text
        assert "Registration has closed" not in text
        assert "Secret Guest" not in text


def test_postponed_event_promises_no_registration(stranger, event):
    postponement.postpone(event)

    assert "You can register once" not in stranger.get(f"/en/events/{event.slug}/").text


def test_form_is_refused_in_words(stranger, event):
    for answer in (
        stranger.get(register_url(event)),
        stranger.post(register_url(event), typed(event)),
    ):
        assert "This event takes no registrations here." in answer.text

    assert not event.registrations.exists()
