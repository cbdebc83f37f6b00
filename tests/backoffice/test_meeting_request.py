"""Requests for meetings in the admin: found, answered for others, taken up again, prioritized."""

import pytest

from events.models import OrganizerScope
from meetings.models import Meeting, MeetingRequest
from tests import factories
from tests.backoffice.posting import buttons, do, url, use_on_selected
from tests.backoffice.workspace.pages import cost
from tests.meetings import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return rows.meeting_event()


@pytest.fixture
def asked(event):
    return rows.request(rows.participant(event, name="Ann"), rows.owner(event, name="鲍明"))


def listed(person, query=""):
    page = person.get(url(MeetingRequest, "changelist") + query)
    return [row.pk for row in page.context["cl"].result_list]


def test_list_is_filtered_by_status_priority_event_and_person(organizer, event, asked):
    other = rows.request(rows.participant(event), rows.owner(event), status="declined", priority=2)

    assert listed(organizer, f"?event__id__exact={event.pk}") == [other.pk, asked.pk]
    assert listed(organizer, "?status__exact=open") == [asked.pk]
    assert listed(organizer, "?priority__exact=2") == [other.pk]
    assert listed(organizer, f"?participant={asked.asked.pk}") == [asked.pk]


def test_search_finds_either_side_by_pinyin(organizer, asked):
    answer = organizer.post(url(MeetingRequest, "changelist"), {"q": "baoming"})

    assert listed(organizer, "?" + answer.url.split("?")[1]) == [asked.pk]


def test_list_costs_as_much_with_one_and_with_three(organizer, event, asked):
    one = cost(organizer, url(MeetingRequest, "changelist"))
    for _each in range(2):
        rows.request(rows.participant(event), rows.owner(event))

    assert cost(organizer, url(MeetingRequest, "changelist")) == one


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ("open", ["accept", "decline", "withdraw", "priority"]),
        ("accepted", ["decline", "withdraw", "priority"]),
        ("declined", ["accept"]),
        ("expired", ["accept", "take-up"]),
        ("withdrawn", ["take-up"]),
    ],
)
def test_buttons_are_those_that_fit(organizer, asked, status, names):
    MeetingRequest.objects.update(status=status)

    assert buttons(organizer, asked) == names


def test_request_is_accepted_declined_and_taken_up_for_others(organizer, asked):
    do(organizer, asked, "accept")
    asked.refresh_from_db()
    assert (asked.status, asked.answered_by, Meeting.objects.get().status) == (
        *("accepted", organizer.user),
        "agreed",
    )

    do(organizer, asked, "withdraw")
    asked.refresh_from_db()
    assert (asked.status, Meeting.objects.get().status) == ("withdrawn", "cancelled")

    do(organizer, asked, "take-up")
    asked.refresh_from_db()
    assert (asked.status, asked.answered_by) == ("open", None)

    do(organizer, asked, "decline")
    asked.refresh_from_db()
    assert asked.status == "declined"


def test_many_are_accepted_and_get_a_priority_at_once(organizer, event, asked):
    other = rows.request(rows.participant(event), rows.owner(event))

    use_on_selected(organizer, "priority", asked, other, priority="2")
    use_on_selected(organizer, "accept", asked, other)

    found = MeetingRequest.objects.values_list("status", "priority")
    assert set(found) == {("accepted", 2)}
    assert {meeting.priority for meeting in Meeting.objects.all()} == {2}


def test_what_one_of_many_refuses_is_said_and_the_others_are_done(organizer, event, asked):
    other = rows.request(rows.participant(event), rows.owner(event))
    type(other.asked).objects.filter(pk=other.asked.pk).update(status="left")

    page = use_on_selected(organizer, "accept", asked, other)

    assert "does not take part" in page.text
    assert set(MeetingRequest.objects.values_list("status", flat=True)) == {"accepted", "open"}


def test_auditor_reads_and_limited_organizer_sees_nothing(auditor, organizer, asked):
    OrganizerScope.objects.create(user=organizer.user, series=factories.series())

    assert auditor.get(url(asked, "change")).status_code == 200
    assert auditor.post(url(asked, "action", "accept")).status_code == 403
    assert listed(organizer) == []
    assert organizer.post(url(asked, "action", "accept")).status_code == 302
    asked.refresh_from_db()
    assert asked.status == "open"
