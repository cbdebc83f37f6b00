import pytest
from django.contrib.auth.models import User

from meetings.domain.totals import TotalsRefused, enter_totals
from meetings.models import MeetingTotals
from tests import factories

pytestmark = pytest.mark.django_db

JIANGSU = {
    "requested": None,
    "held": 329,
    "intention": 131,
    "first_contact": None,
    "keep_talking": 174,
    "no_interest": None,
    "source": " minutes ",
}


@pytest.fixture
def by():
    return User.objects.create_user("organizer")


def test_totals_are_kept_with_their_source_and_what_is_not_told(by):
    event = factories.event()

    kept = enter_totals(event, **JIANGSU, by=by)

    assert MeetingTotals.objects.get() == kept
    assert (kept.held, kept.intention, kept.keep_talking, kept.not_told) == (329, 131, 174, 24)
    assert (kept.requested, kept.source) == (None, "minutes")


def test_totals_entered_again_take_the_place_of_those_before(by):
    event = factories.event()
    enter_totals(event, **JIANGSU, by=by)

    enter_totals(event, **JIANGSU | {"held": 330}, by=by)

    assert MeetingTotals.objects.get().not_told == 25
    assert MeetingTotals.history.count() == 2


def test_empty_boxes_take_the_totals_back(by):
    event = factories.event()
    enter_totals(event, **JIANGSU, by=by)

    assert enter_totals(event, **dict.fromkeys(JIANGSU) | {"source": ""}, by=by) is None

    assert not MeetingTotals.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"held": 300}, "held", "The outcomes add up to 305, but only 300 meetings were held."),
        ({"requested": 328}, "requested", "More meetings were held than requested."),
        ({"source": "  "}, "source", "Enter where the numbers come from"),
        ({"held": None}, "held", "Enter how many meetings were held, or empty all boxes."),
    ],
)
def test_totals_that_do_not_fit_are_refused_beside_the_box(by, changes, field, words):
    event = factories.event()

    with pytest.raises(TotalsRefused) as refusal:
        enter_totals(event, **JIANGSU | changes, by=by)

    [message] = refusal.value.message_dict[field]
    assert words in message
    assert not MeetingTotals.objects.exists()


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (lambda: factories.event(status="draft"), "published events only"),
        (factories.upcoming_event, "has not begun"),
    ],
)
def test_totals_are_refused_of_an_event_that_is_no_past_one(by, event, words):
    with pytest.raises(TotalsRefused, match=words):
        enter_totals(event(), **JIANGSU, by=by)
