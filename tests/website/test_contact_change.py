"""Another address on the personal page, and the page that confirms it."""

import pytest
from django.urls import reverse

from registrations.domain import contact_change, personal_link, place, registration
from registrations.models import ContactChange, Registration
from summit.lib.web.signed_links import CONTACT_CHANGE, sign
from tests import factories

OLD, NEW = "old@example.org", "jane.new@example.org"


@pytest.fixture
def mine(db) -> Registration:
    event = factories.registration_settings(capacity=5).event
    return personal_link.prove(factories.registered(event, name="王伟", email=OLD))


def url(of: Registration, name: str = "my-registration") -> str:
    return reverse(name, args=[sign(of.code)])


def confirm_url(change: ContactChange) -> str:
    return reverse("confirm-address", args=[sign(change.code, CONTACT_CHANGE)])


def test_change_is_asked_for_shown_masked_and_stopped(stranger, mine):
    form = stranger.get(url(mine, "my-address")).text
    asked = stranger.post(url(mine, "my-address"), {"email": "Jane.New＠example.org"})
    page = stranger.get(url(mine)).text
    stranger.post(url(mine, "my-stop-address"))

    assert OLD in form
    assert asked.headers["Location"] == url(mine)
    assert "j•••@example.org" in page.lower()
    assert "new@example.org" not in page.lower()
    assert ContactChange.objects.get().status == "stopped"
    assert "Stop the change" not in stranger.get(url(mine)).text


def test_looking_at_the_confirmation_confirms_nothing_and_its_button_does(stranger, mine):
    [change] = contact_change.ask(mine, email=NEW)
    old = url(mine)

    looked = stranger.get(confirm_url(change))
    before = Registration.objects.get().email
    sent = stranger.post(confirm_url(change))

    mine.refresh_from_db()
    assert (looked.status_code, before, mine.email) == (200, OLD, NEW)
    assert NEW in looked.text
    assert "王伟" not in looked.text
    assert looked.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in looked.headers["Cache-Control"]
    assert sent.headers["Location"] == url(mine)
    assert stranger.get(old).status_code == 404
    assert "This address is confirmed" in stranger.get(confirm_url(change)).text


def test_stopped_change_is_told_in_words(stranger, mine):
    [change] = contact_change.ask(mine, email=NEW)
    contact_change.stop(mine)

    page, sent = stranger.get(confirm_url(change)), stranger.post(confirm_url(change))

    assert (page.status_code, sent.status_code) == (200, 409)
    assert "stopped or has expired" in page.text
    assert "stopped or has expired" in sent.text


def test_old_link_hands_out_no_key_after_the_address_was_corrected_again(stranger, mine, organizer):
    [change] = contact_change.ask(mine, email=NEW)
    stranger.post(confirm_url(change))
    mine.refresh_from_db()
    contact_change.change_by_staff(mine, email="right@example.org", phone="", by=organizer.user)

    again = stranger.post(confirm_url(change))

    assert (again.status_code, "Location" in again.headers) == (200, False)
    assert "This address is confirmed" in again.text
    assert "form-errors" not in again.text
    assert sign(mine.code) not in again.text


def test_link_of_several_people_hands_out_no_key_of_who_stayed_with_the_address(stranger, db):
    event = factories.registration_settings(capacity=5).event
    people = [factories.applicant(email=OLD, name=name) for name in ("Ann", "Bea")]
    ann, bea = registration.register(event, people)
    personal_link.prove(ann)
    [change, _other] = contact_change.ask(ann, email=NEW, others=[bea.pk])
    place.cancel(Registration.objects.get(pk=ann.pk))

    first, again = [stranger.post(confirm_url(change)) for _each in range(2)]

    ann.refresh_from_db()
    bea.refresh_from_db()
    assert (ann.email, bea.email) == (OLD, NEW)
    assert first.headers["Location"] == url(bea)
    assert (again.status_code, "Location" in again.headers) == (200, False)
    assert "This address is confirmed" in again.text
    statuses = ContactChange.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["stopped", "confirmed"]


@pytest.mark.parametrize("kind", [CONTACT_CHANGE, "registration"])
def test_code_that_is_none_confirms_nothing(stranger, mine, kind):
    contact_change.ask(mine, email=NEW)

    response = stranger.post(reverse("confirm-address", args=[sign(mine.code, kind)]))

    mine.refresh_from_db()
    assert (response.status_code, mine.email) == (404, OLD)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "required"),
        ("x" * 10_000, "at most"),
        ("nobody", "valid"),
        ("OLD@example.org", "This is already your address"),
    ],
)
def test_bad_address_is_told_in_words_and_changes_nothing(stranger, mine, typed, said):
    response = stranger.post(url(mine, "my-address"), {"email": typed})

    assert response.status_code == 422
    assert said in response.text
    assert not ContactChange.objects.exists()


def test_people_of_another_address_cannot_be_chosen(stranger, mine):
    other = factories.registered(mine.event, email="other@example.org")

    response = stranger.post(url(mine, "my-address"), {"email": NEW, "others": [other.pk]})

    assert "Other" not in stranger.get(url(mine, "my-address")).text
    assert list(ContactChange.objects.values_list("registration", flat=True)) == [mine.pk]
    assert response.status_code == 302


def test_page_after_asking_is_the_same_for_a_known_and_a_new_address(
    stranger, mine, django_assert_num_queries
):
    factories.registered(mine.event, name="王伟", email="known@example.org")
    pages = []
    for email in ("known@example.org", "keeps@example.org"):
        stranger.post(url(mine, "my-address"), {"email": email})
        pages.append(stranger.get(url(mine)).text)
        stranger.post(url(mine, "my-stop-address"))

    assert pages[0].count("k•••@example.org") == 1
    assert pages[0].split("csrf")[0] == pages[1].split("csrf")[0]


def test_who_registered_on_this_browser_is_not_shown_the_new_query_code(stranger, mine, settings):
    session = stranger.session
    session["registered-here"] = [mine.ticket]
    session.save()
    address = reverse("registered", args=[mine.event.slug])
    before = stranger.get(address).text
    [change] = contact_change.ask(mine, email=NEW)

    contact_change.confirm(change)

    after = stranger.get(address).text
    assert ("Query code" in before, "Query code" in after) == (True, False)
    assert NEW not in after
