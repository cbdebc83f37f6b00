"""What is kept of a person as a contact is among their own data, once their address is proven."""

import pytest
from django.urls import reverse
from django.utils import timezone

from registrations.models import Registration
from summit.lib.web.signed_links import sign
from tests import factories
from website.own_data import (
    own_contacts,
    own_interests,
    own_proposals,
    own_submissions,
    own_subscriptions,
)

pytestmark = pytest.mark.django_db

KEPT = {
    "name": "Wang Wei",
    "phone": "+86 311 5550 7781",
    "wechat": "wangwei_tea",
    "language": "fr",
    "note": "rather by phone",
    "source": "business card of 3 May",
}


@pytest.fixture
def person():
    event = factories.registration_settings(event=factories.upcoming_event()).event
    return factories.registered(event, email="wei@example.org")


def own(client, person, name):
    return client.get(reverse(name, args=[sign(person.code)]))


def test_a_person_reads_what_is_kept_as_a_contact(client, person):
    owner = factories.organization(name_en="Harbour Works")
    factories.contact(organization=owner, email="WEI@example.org", **KEPT)
    factories.contact(name="Somebody Else")

    page = own(client, person, "my-data-page").text
    file = own(client, person, "my-data").json()

    for value in ("Harbour Works", *KEPT.values()):
        assert value in page or value == "fr"
    assert "French" in page
    assert "Somebody Else" not in page
    [contact] = file["contacts"]
    assert contact.items() >= KEPT.items()
    assert contact["contact_of"] == "Harbour Works"


def test_a_person_reads_that_the_page_of_a_project_shows_the_contact(client, person):
    project = factories.project(shows_contacts=True)
    factories.contact(project=project, email="wei@example.org", **KEPT)

    assert "Public on the page of the project" in own(client, person, "my-data-page").text
    [contact] = own(client, person, "my-data").json()["contacts"]
    assert contact["is_on_project_page"] is True


def test_a_person_who_is_no_contact_reads_of_none(client, person):
    factories.contact()

    assert "You as a contact" not in own(client, person, "my-data-page").text
    assert own(client, person, "my-data").json()["contacts"] == []


def test_an_address_that_is_not_proven_shows_nothing(person):
    factories.contact(email="wei@example.org")
    assert own_contacts(person) == []

    Registration.objects.filter(pk=person.pk).update(proven_at=timezone.now())
    person.refresh_from_db()

    assert len(own_contacts(person)) == 1


@pytest.mark.parametrize("how", ["sms", "staff", "double", "group"])
def test_what_proves_another_contact_shows_nothing_of_the_address(person, how):
    factories.contact(email="wei@example.org")
    factories.interest(email="wei@example.org")
    factories.submission(by=factories.sender(email="wei@example.org"))
    factories.expert_link(email="wei@example.org")
    Registration.objects.filter(pk=person.pk).update(proven_at=timezone.now(), proof=how)
    person.refresh_from_db()

    told = [own_contacts(person), own_interests(person), own_submissions(person)]
    assert [*told, own_proposals(person), own_subscriptions(person)] == [[], [], [], [], []]


def test_somebody_without_an_address_sees_no_contact_without_one(person):
    factories.contact(email="")
    Registration.objects.filter(pk=person.pk).update(
        email="", email_key="", proven_at=timezone.now()
    )
    person.refresh_from_db()

    assert own_contacts(person) == []
