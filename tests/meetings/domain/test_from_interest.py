"""From what a visitor wrote to a request for a meeting."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from interests.models import Interest
from meetings.domain import from_interest
from meetings.models import MeetingRequest
from tests import cast, factories
from tests.meetings import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db):
    return cast.make_organizer().user


def test_the_meeting_is_requested_for_the_visitor_who_is_found_by_the_contact(by):
    event = rows.meeting_event()
    project = factories.project()
    registration = factories.proven(event, email="visitor@example.org")
    visitor, owner = rows.participant(event, registration=registration), rows.owner(event)
    owner.projects.add(project)
    interest = factories.interest(
        project=project,
        email="Visitor@example.org",
        message="Let us talk.",
        consented_at=timezone.now(),
        consent_wording="1",
    )

    [asker] = from_interest.participants_like(interest, event)
    [asked] = from_interest.owners_of(interest, event)
    request = from_interest.ask_for_interest(interest, asker=asker, asked=asked, by=by)

    interest.refresh_from_db()
    assert (asker, asked) == (visitor, owner)
    assert (request.interest, request.reason, request.entered_by) == (interest, "Let us talk.", by)
    assert list(request.projects.all()) == [project]
    assert (interest.status, interest.event) == (Interest.Status.MEETING, event)
    with pytest.raises(ValidationError, match="requested already"):
        from_interest.ask_for_interest(interest, asker=asker, asked=asked, by=by)


def test_a_message_that_may_not_be_passed_on_is_not_and_a_refusal_leaves_the_interest(by):
    event = rows.meeting_event()
    asker, asked = rows.participant(event), rows.owner(event)
    interest = factories.interest(project=factories.project(), message="Secret")

    with pytest.raises(ValidationError):
        from_interest.ask_for_interest(interest, asker=asker, asked=asker, by=by)
    interest.refresh_from_db()
    assert interest.meeting_requested_at is None

    from_interest.ask_for_interest(interest, asker=asker, asked=asked, by=by)
    assert MeetingRequest.objects.get().reason == ""
