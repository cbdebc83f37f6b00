import pytest

from events.models import Event
from projects.models import CooperationIntention, Project
from summit.lib.database.states import MoveRefused, move
from tests import factories


@pytest.mark.parametrize("model", [Event, Project, CooperationIntention])
def test_the_table_of_moves_names_known_states_only(model):
    known = set(model.Status.values)

    assert set(model.MOVES) <= known
    assert {to for targets in model.MOVES.values() for to in targets} <= known


@pytest.mark.django_db
def test_a_move_that_the_table_does_not_hold_is_refused_in_plain_words():
    draft = factories.event(status="draft")

    with pytest.raises(MoveRefused) as refusal:
        move(draft, "cancelled")

    assert refusal.value.messages == ["This is “draft” and cannot become “cancelled”."]
    assert (draft.status, draft.history.count()) == ("draft", 1)


@pytest.mark.django_db
def test_a_move_from_an_old_copy_is_refused():
    draft = factories.event(status="draft")
    Event.objects.update(status="published")

    with pytest.raises(MoveRefused, match="in the meantime"):
        move(draft, "published")


@pytest.mark.django_db
def test_a_move_of_a_row_that_was_deleted_is_refused():
    draft = factories.event(status="draft")
    Event.objects.all().delete()

    with pytest.raises(MoveRefused):
        move(draft, "published")


@pytest.mark.django_db
def test_a_move_writes_nothing_else_of_what_was_read_before():
    draft = factories.event(status="draft", venue_en="Old hall")
    Event.objects.update(venue_en="New hall")

    move(draft, "published")

    kept = Event.objects.get()
    assert (kept.status, kept.venue_en) == ("published", "New hall")
