import pytest

from meetings.domain.fill import fill
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import replace_schedule, take_draft
from meetings.domain.plan import Place, Side, Span
from meetings.domain.validation import broken_rules
from meetings.models import Absence, RatherNot
from tests import factories
from tests.factories import save
from tests.meetings import rows

pytestmark = pytest.mark.django_db


def span_of(slot):
    return Span(slot.starts_at, slot.ends_at)


def test_plan_has_slots_tables_people_and_meetings_of_the_event():
    event = rows.meeting_event(rules={"most": 4, "most_in_a_row": 2})
    one, other = rows.participant(event), rows.owner(event, languages=["en"])
    rows.meeting(rows.participant(rows.meeting_event()), rows.owner(rows.meeting_event()))
    met = rows.meeting(one, other, priority=1)

    plan = load_plan(event)

    assert plan.slots == tuple(span_of(slot) for slot in event.meeting_slots.all())
    assert [table.seats for table in plan.tables] == [4, 4]
    assert plan.people.keys() == {one.pk, other.pk}
    assert plan.people[other.pk].languages == {"en"}
    assert [(each.key, each.sides, each.priority) for each in plan.meetings] == [
        (met.pk, (Side((one.pk,)), Side((other.pk,))), 1)
    ]
    assert (plan.most, plan.most_in_a_row) == (4, 2)


def test_plan_knows_when_people_are_away_and_who_is_kept_apart():
    event = rows.meeting_event()
    first, second, third = event.meeting_slots.all()
    speaker = factories.expert()
    talk = factories.session(event=event, starts_at=first.starts_at, ends_at=first.ends_at)
    talks = factories.session(
        event=event, kind="talks", starts_at=second.starts_at, ends_at=second.ends_at
    )
    for session in (talk, talks):
        factories.appearance(session=session, expert=speaker)
    one, other = rows.participant(event), rows.owner(event, expert=speaker)
    save(Absence(participant=one, starts_at=third.starts_at, ends_at=third.ends_at))
    RatherNot.objects.create(participant=one, other=other)

    plan = load_plan(event)

    assert plan.people[one.pk].away == (span_of(third),)
    assert plan.people[other.pk].away == (span_of(first),)
    assert plan.apart == {frozenset({one.pk, other.pk})}


def test_host_and_interpreter_of_a_session_are_away_by_their_names():
    event = rows.meeting_event()
    first = event.meeting_slots.first()
    session = factories.session(event=event, starts_at=first.starts_at, ends_at=first.ends_at)
    factories.programme_person(event=event, session=session, role="host", name_en="Li Min")
    factories.programme_person(event=event, session=session, role="interpreter", name_en="Wu Fang")
    host = rows.participant(event, name="Li  Min")
    named = rows.interpreter(event, name="Wu Fang", present=[span_of(first)])
    other = rows.interpreter(event, name="Zhao Lei")
    other.sessions.add(session)

    plan = load_plan(event)

    assert plan.people[host.pk].away == (span_of(first),)
    assert {each.key: each.away for each in plan.interpreters} == {
        named.pk: (span_of(first),),
        other.pk: (span_of(first),),
    }
    assert {each.key: each.present for each in plan.interpreters}[named.pk] == (span_of(first),)


def test_schedule_that_is_written_is_read_back_with_its_locks(django_assert_max_num_queries):
    event = rows.meeting_event()
    one, other, third = rows.participant(event), rows.owner(event), rows.owner(event)
    met, second = rows.meeting(one, other), rows.meeting(one, third)
    draft = take_draft(event)
    filled = fill(load_plan(event), {}).schedule

    replace_schedule(draft, filled, locked=[met.pk])
    with django_assert_max_num_queries(12):
        plan = load_plan(event, draft)

    assert filled.keys() == {met.pk, second.pk}
    assert load_schedule(draft) == filled
    assert plan.locked == {met.pk: filled[met.pk]}
    assert broken_rules(plan, filled) == []


def test_draft_begins_as_a_copy_of_what_is_published():
    event = rows.meeting_event()
    met = rows.meeting(rows.participant(event), rows.owner(event))
    published = rows.published(event)
    place = rows.placed(published, met)

    draft = take_draft(event)

    assert isinstance(place, Place)
    assert load_schedule(draft) == load_schedule(published) == {met.pk: place}
    assert (draft.number, draft.base_changes) == (2, published.changes)
    assert take_draft(event) == draft
