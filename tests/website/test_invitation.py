"""The personal page of somebody whom an organizer has put on the list."""

import pytest
from django.urls import reverse

from registrations.domain import attendees
from registrations.domain.attendees import Listed
from summit.lib.web.signed_links import sign
from tests import factories

SOURCE = "list of the employer, 3 May"


@pytest.fixture
def event(db):
    return factories.registration_settings(event=factories.upcoming_event()).event


@pytest.fixture
def guest(event, organizer):
    return _listed(event, organizer, is_invited=True)


def _listed(event, organizer, **fields):
    person = Listed(
        **{"name": "Wang Fang", "email": "w@example.com", "category": "guest", "language": "en"}
        | fields
    )
    return attendees.add(event, [person], source=SOURCE, by=organizer.user)[0]


def address(guest, name="my-registration"):
    return reverse(name, args=[sign(guest.code)])


def test_invited_person_reads_the_source_and_accepts_with_consent(client, guest):
    page = client.get(address(guest)).text
    assert f"Your data comes from: {SOURCE}." in page
    assert "Accept the invitation" in page
    assert "Cancel my registration" not in page

    refused = client.post(address(guest, "my-accept"))
    assert refused.status_code == 409
    guest.refresh_from_db()
    assert (guest.status, guest.consented_at) == ("invited", None)

    client.post(address(guest, "my-accept"), {"consent": "on"})

    guest.refresh_from_db()
    assert (guest.status, guest.lacks_consent) == ("confirmed", False)
    assert "Your data comes from" not in client.get(address(guest)).text


def test_invited_person_declines(client, guest):
    client.post(address(guest, "my-decline"))

    guest.refresh_from_db()
    assert (guest.status, guest.cancel_reason) == ("cancelled", "declined_invite")
    assert "Accept the invitation" not in client.get(address(guest)).text


def test_confirmed_person_of_a_list_may_agree_and_keeps_the_place_without(client, event, organizer):
    guest = _listed(event, organizer)
    page = client.get(address(guest)).text
    assert "I agree" in page
    assert "Show this at the entrance." in page

    client.post(address(guest, "my-consent"))
    guest.refresh_from_db()
    assert guest.lacks_consent

    client.post(address(guest, "my-consent"), {"consent": "on"})
    guest.refresh_from_db()
    assert not guest.lacks_consent
    assert "I agree" not in client.get(address(guest)).text


def test_own_data_names_the_source(client, guest):
    assert SOURCE in client.get(address(guest, "my-data-page")).text


def test_declining_what_is_no_invitation_is_refused(client, event):
    mine = factories.registered(event)

    assert client.post(address(mine, "my-decline")).status_code == 409
    mine.refresh_from_db()
    assert mine.status == "confirmed"


def test_visitors_do_not_call_themselves_guests_or_speakers(client, event):
    page = client.get(reverse("register", args=[event.slug])).text

    assert 'value="company"' in page
    assert 'value="guest"' not in page
    assert 'value="speaker"' not in page
