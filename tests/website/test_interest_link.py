"""The link of a message to the organizers: found again, and renewed."""

import pytest
from django.core import mail
from django.urls import reverse

from interests.domain import link
from interests.models import Interest
from mail.delivery import deliver_due
from mail.models import OutboundMail
from registrations.domain.privacy import erase_person
from registrations.domain.query_code import code_of
from submissions.models import Submission
from tests import factories, stamps
from tests.website.test_interest import send

pytestmark = pytest.mark.django_db
WHERE = "/en/submissions/"


@pytest.fixture
def project(db):
    return factories.project(status="published")


def look_up(client, contact, code):
    data = {"contact": contact, "query_code": code, "shown_at": stamps.of_find()}
    return client.post(WHERE, data)


def test_a_number_and_the_code_on_the_screen_bring_the_message_back(client, project):
    page = client.get(send(project, client, email="").url)
    [interest] = Interest.objects.all()

    assert code_of(interest) in page.text
    client.session.flush()
    found = look_up(client, "13800138000", code_of(interest))

    assert found.url == link.path_of(interest)
    assert code_of(interest) in client.get(found.url).text
    assert look_up(client, "13800138001", code_of(interest)).status_code == 422
    assert look_up(client, "13800138000", "222222").status_code == 422


def test_a_landline_has_no_query_code(client, project):
    page = client.get(send(project, client, email="", phone="0311-86123456").url)

    assert "Query code" not in page.text
    assert "save its address" in page.text


def test_links_of_messages_and_submissions_go_to_their_address(client, project):
    interest = factories.interest(project=project, email="wei@example.org")
    factories.interest(project=project, email="other@example.org")
    factories.interest(project=project, email="wei@example.org", status=Interest.Status.SPAM)
    factories.submission(email="wei@example.org")
    deliver_due()
    mail.outbox.clear()

    for email in ("wei@example.org", "nobody@example.org"):
        data = {"email": email, "shown_at": stamps.of_lost_link()}
        assert "links are on their way" in client.post(WHERE, data).text
    deliver_due()

    assert {message.to[0] for message in mail.outbox} == {"wei@example.org"}
    assert [link.path_of(interest) in message.body for message in mail.outbox].count(True) == 1
    assert len(mail.outbox) == 2


def test_a_renewed_link_ends_the_old_one_and_its_code(client, project):
    send(project, client)
    [interest] = Interest.objects.all()
    old, old_code = link.path_of(interest), code_of(interest)

    moved = client.post(f"{old}new-link/")

    interest.refresh_from_db()
    assert moved.url == f"{link.path_of(interest)}?renewed"
    assert "The old link no longer works" in client.get(moved.url).text
    gone = client.get(old)
    assert gone.status_code == 404
    assert f'href="{WHERE}"' in gone.text
    assert look_up(client, "wei@example.org", old_code).status_code == 422
    # This browser goes on showing what was sent from it.
    assert link.path_of(interest) in client.get(reverse("interests-sent")).text
    assert client.get(f"{link.path_of(interest)}new-link/").status_code == 405


def test_a_mailbox_gets_no_more_links_than_it_may(client, project, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (2, 3600)}
    interest = factories.interest(project=project, email="wei@example.org")

    for _time in range(4):
        interest = link.renew(interest)

    assert OutboundMail.objects.filter(kind="interest_link").count() == 2


def test_erasing_a_number_takes_messages_submissions_and_contacts_along(project):
    factories.interest(project=project, email="", phone="+8613800138000")
    factories.submission(phone="138 0013 8000")
    factories.contact(phone="0086 138 0013 8000", email="")
    kept = factories.interest(project=project, email="", phone="+8613800138001")

    erased = erase_person("13800138000")

    assert erased == {
        "registrations": 0,
        "contacts": 1,
        "interests": 1,
        "submissions": 1,
        "interpreters": 0,
    }
    assert list(Interest.objects.all()) == [kept]
    assert not Submission.objects.named().exists()
