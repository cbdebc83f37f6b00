"""What opens a group, and what its pages tell of others: nothing to who merely typed something."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mail import delivery, outbox
from registrations.domain.query_code import code_of
from registrations.models import Registration, RegistrationGroup
from summit.lib.web import constant_pace
from tests import factories
from tests.website.registering import sends
from tests.website.test_group import OWN, find, group_page
from tests.website.test_own_screen import plain, same, screen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(constant_pace, "SECONDS", 0)


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=30).event


def test_the_code_of_a_member_never_opens_the_group(stranger, event):
    sends(stranger, event, {"name": "王伟", "email": ""}, OWN, **{"contact-phone": "138 0013 8000"})
    without, own = Registration.objects.order_by("pk")
    group, counts, pages, client = without.group, [], [], Client()

    # The first one warms what is kept in memory.
    for code in ("BBBBBB", "AAAAAA", code_of(own), code_of(group)):
        with CaptureQueriesContext(connection) as found:
            pages.append(find(client, "138 0013 8000", code))
        counts.append(len(found))
    alone = Client()
    find(alone, "138 0013 8000", code_of(without))

    # As any wrong code: in words, and in what is asked of the database.
    assert [page.status_code for page in pages] == [422, 422, 422, 302]
    shown = [re.sub(r' value="[^"]*"', "", plain(page)) for page in pages[1:3]]
    assert shown[0] == shown[1]
    assert counts[1] == counts[2]
    assert "Li Jing" in client.get(screen(event)).text
    assert "Li Jing" not in alone.get(screen(event)).text


def test_messages_to_the_contact_person_tell_the_code_of_the_group(stranger, event):
    sends(stranger, event, {"name": "王伟", "email": ""}, OWN)
    without, own = Registration.objects.order_by("pk")

    outbox.queue("confirmed", [without, own])
    delivery.deliver_due()

    codes = {each.to[0]: set() for each in mail.outbox}
    for each in mail.outbox:
        codes[each.to[0]].update(re.findall(r"Query code: (\w+)\.", each.body))
    assert codes["contact@example.org"] == {code_of(without.group)}
    assert codes["own@example.org"] == {code_of(own)}


@pytest.mark.parametrize("capacity", [3, None])
@pytest.mark.parametrize("contact", ["wei@example.org", "139 0013 9000"])
def test_correcting_a_member_into_somebody_known_tells_nothing(contact, capacity):
    field = "email" if "@" in contact else "phone"
    of_member = {"email": "", field: contact}
    pages, rows = [], []
    # The first time warms what is kept in memory.
    for is_known in (False, False, True):
        of = factories.registration_settings(
            event=factories.upcoming_event(**same()), capacity=capacity
        ).event
        mine = of_member if is_known else {"email": "other@example.org"}
        factories.registered(of, name="王伟", **mine)
        sends(Client(), of, {"name": "Wrong", **of_member}, {"name": "Ann", "email": ""})
        group, client = RegistrationGroup.objects.get(event=of), Client()
        client.get(group_page(group))
        right = {"name": "王伟", "category": "company", "organization_name": "W", "position": ""}
        answer = client.post(group_page(group, "1/correct/"), right | of_member)
        page = client.get(group_page(group))
        assert answer.status_code == 302
        pages.append(re.sub(r'/my/[^"]*', "", plain(page)).replace(of.slug, "slug"))
        rows.append(group.members.order_by("pk").first())

    assert pages[1] == pages[2]
    assert [row.status for row in rows] == ["confirmed", "confirmed", "double"]


def test_correcting_the_number_of_a_member_tells_nothing(stranger, event):
    factories.registered(event, name="王伟", email="", phone="139 0013 9000")
    sends(stranger, event, {"name": "王伟", "email": "", "phone": "137 0013 7000"}, OWN)
    group = RegistrationGroup.objects.get()
    stranger.get(group_page(group))
    answers = [
        stranger.post(
            group_page(group, "1/correct/"),
            {"name": "王伟", "category": "company", "organization_name": "W", "phone": number},
        )
        for number in ("136 0013 6000", "139 0013 9000")
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    row = group.members.order_by("pk").first()
    assert (row.status, row.shown_status) == ("double", "confirmed")


def test_the_wrong_contact_of_a_group_is_corrected_on_the_screen():
    pages = []
    for is_known in (False, True):
        of = factories.registration_settings(event=factories.upcoming_event(**same())).event
        factories.registered(of, name="王伟" if is_known else "李静", email="right@example.org")
        client = Client()
        sends(client, of, {"name": "王伟", "email": ""}, OWN)
        link = screen(of, "1/contact/")
        assert link in client.get(screen(of)).text
        form = client.get(link)
        assert "Correct your contact" in form.text and "contact@example.org" in form.text

        answer = client.post(link, {"email": "right@example.org", "phone": ""})

        assert answer["Location"] == screen(of)
        pages.append(plain(client.get(screen(of))).replace(of.slug, "slug"))
        group = RegistrationGroup.objects.get(event=of)
        Client().get(group_page(group))
        assert link not in client.get(screen(of)).text
        assert client.get(link).status_code == 404

    assert pages[0] == pages[1]
    assert "right@example.org" in pages[0]
