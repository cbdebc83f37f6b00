"""The public contact of an event: on its page, in its mails, for search engines."""

import json
import re

import pytest
from django.core import mail as django_mail
from django.urls import reverse

from mail import delivery
from registrations.domain import personal_link
from summit.lib.web.signed_links import sign
from tests import factories
from tests.backoffice.posting import errors, save, url

pytestmark = pytest.mark.django_db

CONTACT = {
    "contact_name_en": "Zhang San",
    "contact_name_zh_hans": "张三",
    "contact_phone": "0311-86123456 ext. 12",
    "contact_email": "office@example.org",
}


def test_the_page_names_the_contact_with_links(client):
    event = factories.event(**CONTACT)

    english = client.get(event.get_absolute_url()).text
    chinese = client.get(f"/zh-hans/events/{event.slug}/").text

    assert "Zhang San" in english and "张三" not in english
    assert "张三" in chinese and "Zhang San" not in chinese
    for page in (english, chinese):
        assert 'href="tel:031186123456;ext=12"' in page
        assert '<a href="mailto:office@example.org">office@example.org</a>' in page


def test_a_page_without_a_contact_has_no_row_for_it(client):
    page = client.get(factories.event().get_absolute_url()).text

    assert "Contact" not in page
    assert "mailto:" not in page


def structured(client, event) -> dict:
    page = client.get(event.get_absolute_url()).text
    return json.loads(re.search(r'ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)[1])


def test_search_engines_find_the_contact_at_the_first_organizer(client):
    event = factories.event(**CONTACT)
    factories.role(event=event, role="organizer", order=1)
    factories.role(event=event, role="organizer", order=2)

    first, second = structured(client, event)["organizer"]

    assert first["contactPoint"] == {
        "@type": "ContactPoint",
        "name": "Zhang San",
        "telephone": "0311-86123456 ext. 12",
        "email": "office@example.org",
    }
    assert "contactPoint" not in second


def test_organizers_of_an_event_without_a_contact_have_none(client):
    role = factories.role(role="organizer")

    assert structured(client, role.event)["organizer"] == [
        {"@type": "Organization", "name": role.organization.name_en}
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Zhang San", "Phone: 0311-86123456 ext. 12", "E-mail: office@example.org"]),
        ("zh-hans", ["张三", "电话：0311-86123456 ext. 12", "office@example.org"]),
    ],
)
def test_mails_of_the_event_name_the_contact(language, words):
    event = factories.registration_settings(event=factories.upcoming_event(**CONTACT)).event
    factories.registered(event, language=language)

    delivery.deliver_due()

    [message] = django_mail.outbox
    html = next(part.content for part in message.alternatives if part.mimetype == "text/html")
    for word in words:
        assert word in message.body
        assert word in html


def test_the_personal_page_names_the_contact(client):
    event = factories.registration_settings(event=factories.upcoming_event(**CONTACT)).event
    person = personal_link.prove(factories.registered(event))

    page = client.get(reverse("my-registration", args=[sign(person.code)])).text

    assert "Zhang San" in page
    assert "Contact for this event" in page
    assert 'href="mailto:office@example.org"' in page


def test_an_organizer_gives_the_contact_and_reads_that_it_is_public(organizer):
    event = factories.event()

    assert "Public: shown to everybody" in organizer.get(url(event, "change")).text
    save(organizer, event, **CONTACT | {"contact_email": "Office＠example.org"})

    event.refresh_from_db()
    assert event.contact_name_zh_hans == "张三"
    assert event.contact_email == "Office@example.org"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("contact_phone", "ask Zhang San", "Enter a phone number"),
        ("contact_email", "office", "valid email"),
    ],
)
def test_what_is_no_way_to_reach_somebody_is_refused(organizer, field, value, words):
    event = factories.event()

    response = save(organizer, event, **{field: value})

    assert words in str(errors(response)[field])


def test_a_contact_that_was_taken_out_is_in_no_history(organizer):
    event = factories.event(**CONTACT)

    save(organizer, event, **dict.fromkeys(CONTACT, ""))

    assert not any(
        value in CONTACT.values() for row in event.history.values() for value in row.values()
    )
    event.refresh_from_db()
    assert not event.has_contact
