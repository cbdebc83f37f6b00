"""An organizer who is limited to a series writes to nobody beyond it, and publishes nothing."""

import uuid

import pytest
from django.contrib.messages import get_messages

from mail.models import OutboundMail
from projects.models import Project
from registrations.models import Message
from tests import factories
from tests.backoffice.posting import do, url
from tests.two_series import BEYOND, limited_to_event, world

pytestmark = pytest.mark.django_db

WRITTEN = {"statuses": ["confirmed"], "subject_en": "Bring a coat", "text_en": "It is cold."}
STEPS = [{}, {"confirm": "1"}, {"edit": "1"}]


@pytest.fixture
def told():
    return world()


@pytest.fixture(params=["series", "event"])
def limited(request, told):
    return told.organizer if request.param == "series" else limited_to_event(told)


def write(person, event, **changes):
    data = {**WRITTEN, "key": str(uuid.uuid4()), **changes}
    return person.post(url(event, "messages"), data)


def draft_at(event):
    project = factories.project(status="draft", published_at=None)
    factories.recommendation(event=event, session=None, project=project)
    return project


def status_of(project):
    return Project.objects.get(pk=project.pk).status


# Messages to attendees


@pytest.mark.parametrize("step", STEPS, ids=["preview", "send", "edit"])
def test_message_to_attendees_of_another_series_is_never_sent(told, limited, step):
    OutboundMail.objects.all().delete()

    answer = write(limited, told.beyond.event, **step)

    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert not Message.objects.exists()
    assert not OutboundMail.objects.exists()


def test_what_was_sent_in_another_series_is_not_shown(told, limited, superuser):
    write(superuser, told.beyond.event, subject_en=f"{BEYOND} subject", confirm="1")
    assert BEYOND in superuser.get(url(told.beyond.event, "messages")).text

    answer = limited.get(url(told.beyond.event, "messages"))

    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert BEYOND not in limited.get(url(told.mine.event, "messages")).text


def test_message_reaches_the_attendees_of_their_event_alone(told, limited):
    OutboundMail.objects.all().delete()

    assert write(limited, told.mine.event, confirm="1").status_code == 302

    attendees = set(told.mine.event.registrations.all())
    assert told.mine.registration in attendees
    assert {mail.subject for mail in OutboundMail.objects.all()} == attendees


def test_session_of_another_series_selects_nobody(told, limited):
    answer = write(limited, told.mine.event, session=told.beyond.session.pk, confirm="1")

    assert "session" in answer.context["form"].errors
    assert BEYOND not in answer.text
    assert not Message.objects.exists()


# Publishing what is recommended


def test_projects_of_another_series_are_not_published(told, limited):
    project = draft_at(told.beyond.event)

    answers = [
        limited.get(url(told.beyond.event, "action", "publish-projects")),
        do(limited, told.beyond.event, "publish-projects"),
    ]

    assert [(each.status_code, each.url) for each in answers] == [(302, "/admin/")] * 2
    assert status_of(project) == "draft"


def test_projects_of_their_event_are_published(told, limited):
    project = draft_at(told.mine.event)

    do(limited, told.mine.event, "publish-projects")

    assert status_of(project) == "published"


def test_project_that_is_recommended_in_another_series_as_well_stays_a_draft(told, limited):
    shared = draft_at(told.mine.event)
    factories.recommendation(event=told.beyond.event, session=None, project=shared)

    answer = do(limited, told.mine.event, "publish-projects")

    assert "outside your limits" in answer.text
    assert status_of(shared) == "draft"


def test_projects_that_are_theirs_are_published_and_the_others_are_said(told, limited):
    own, shared = draft_at(told.mine.event), draft_at(told.mine.event)
    factories.recommendation(event=told.beyond.event, session=None, project=shared)

    answer = do(limited, told.mine.event, "publish-projects")

    assert (status_of(own), status_of(shared)) == ("published", "draft")
    words = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    assert "1 draft was not published" in words
