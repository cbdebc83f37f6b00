"""Mails to the contact person of a group in the outbox: whose they are, and how they are found."""

import pytest

from events.models import OrganizerScope
from mail.models import OutboundMail
from tests import factories
from tests.backoffice.posting import url

pytestmark = pytest.mark.django_db
OUTBOX = "/admin/mail/outboundmail/"


@pytest.fixture
def mine():
    return factories.group(factories.registration_settings().event, 2)


@pytest.fixture
def other():
    event = factories.registration_settings(event=factories.upcoming_event()).event
    return factories.group(event, 2, name="Zoe Elsewhere", email="zoe@elsewhere.example")


def listed(organizer, query=""):
    rows = organizer.get(f"{OUTBOX}?{query}").context["cl"].result_list
    return {row.subject for row in rows}


def test_who_is_limited_to_an_event_sees_mails_of_its_groups_alone(organizer, mine, other):
    OrganizerScope.objects.create(user=organizer.user, event=mine.event)

    assert listed(organizer) == {mine}
    row = OutboundMail.objects.get(registration_group=mine)
    assert organizer.get(url(row, "change")).status_code == 200
    row = OutboundMail.objects.get(registration_group=other)
    assert organizer.get(url(row, "change")).status_code != 200


def test_filter_by_event_and_by_series_finds_mails_of_groups(organizer, mine, other):
    series = f"event__series__id__exact={mine.event.series_id}"

    assert listed(organizer) == {mine, other}
    assert listed(organizer, f"event__id__exact={mine.event_id}") == {mine}
    assert mine.event.series_id is None or listed(organizer, series) == {mine}


@pytest.mark.parametrize("typed", ["Zoe", "zoe@elsewhere.example", "Member 1"])
def test_search_finds_mails_by_contact_person_and_people(organizer, other, typed):
    assert search_outbox(organizer, typed) == {other}


def search_outbox(organizer, typed):
    answer = organizer.post(OUTBOX, {"q": typed}, follow=True)
    return {row.subject for row in answer.context["cl"].result_list}


def test_start_page_counts_failed_mails_of_groups_within_limits(organizer, mine, other):
    OrganizerScope.objects.create(user=organizer.user, event=mine.event)
    OutboundMail.objects.update(status="given_up")

    page = organizer.get("/admin/")

    assert page.context["start"]["given_up"] == 1
