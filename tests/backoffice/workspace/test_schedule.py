import datetime as dt
import re

import pytest
from django.utils import timezone

from events.models import OrganizerScope
from mail.models import OutboundMail
from meetings.domain import drafting
from meetings.domain.loading import load_schedule
from meetings.domain.placing import take_draft
from meetings.domain.publishing import publish
from meetings.models import Absence, Meeting, ScheduleVersion
from meetings.schedule_kinds import Kind
from tests import cast, factories
from tests.backoffice.posting import url
from tests.backoffice.workspace.pages import cost
from tests.factories import save
from tests.meetings import rows

pytestmark = pytest.mark.django_db
VIEWS = ("people", "tables", "open", "compute", "rules", "changes", "versions")


@pytest.fixture
def organizer(db):
    return cast.make_organizer()


@pytest.fixture
def event(db):
    return rows.meeting_event()


def pair(event, **fields):
    return rows.meeting(
        rows.participant(event, name="Li Min"), rows.owner(event, name="Ann Farrow"), **fields
    )


def page(event, view="people", **more):
    query = "&".join(f"{name}={value}" for name, value in {"show": view, **more}.items())
    return f"{url(event, 'schedule')}?{query}"


def do(person, event, deed, **data):
    draft = ScheduleVersion.objects.filter(event=event).drafts().first()
    version = {"version": draft.changes} if draft else {}
    return person.post(url(event, "schedule"), {"do": deed, **version, **data}, follow=True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_with_nothing_with_one_and_with_hostile_names(
    organizer, event, view, language
):
    organizer.cookies["django_language"] = language
    empty = rows.meeting_event(slots=0, tables=0)
    hostile = '<script>alert("1")</script>'
    met = rows.meeting(rows.participant(event, name=hostile), rows.owner(event))
    rows.placed(take_draft(event), met)

    nothing, one = organizer.get(page(empty, view)), organizer.get(page(event, view))

    assert (nothing.status_code, one.status_code) == (200, 200)
    assert "<script>alert" not in one.text


def test_event_without_meetings_says_so(organizer):
    event = factories.upcoming_event()

    answer = organizer.get(page(event), follow=True)

    assert "This event offers no one-to-one meetings yet." in answer.text


def test_auditor_reads_and_presses_nothing(event):
    auditor = cast.make_auditor()
    met = pair(event)
    rows.placed(take_draft(event), met)

    shown = auditor.get(page(event))
    refused = do(auditor, event, "fill")

    assert "Ann Farrow" in shown.text
    assert 'name="do"' not in shown.text
    assert refused.status_code == 403


def test_organizer_who_is_limited_to_another_event_is_refused(event):
    organizer = cast.make_organizer("limited")
    other = rows.meeting_event()
    save(OrganizerScope(user=organizer.user, event=other))

    assert organizer.get(page(event)).status_code in (302, 403, 404)


def test_draft_is_filled_and_says_that_nothing_is_proven(organizer, event):
    one = rows.participant(event)
    for _number in range(4):
        rows.meeting(one, rows.owner(event))

    answer = do(organizer, event, "fill")

    assert "3 meetings were placed." in answer.text
    assert "1 meeting found no place. This is not proven to be the best schedule" in answer.text
    assert "Somebody has other meetings in every slot that is left." in answer.text


def test_grid_shows_the_meeting_in_both_views_with_headings(organizer, event):
    met = pair(event)
    rows.placed(take_draft(event), met)

    people, tables = organizer.get(page(event)).text, organizer.get(page(event, "tables")).text

    link = f'href="?meeting={met.pk}"'
    assert people.count(link) == 3
    assert '<th scope="col">09:00–09:30</th>' in people
    assert re.search(r'<th scope="row">Ann Farrow<', people)
    assert tables.count(link) == 2
    assert re.search(r'<th scope="row">A1<', tables)
    assert "Li Min – Ann Farrow" in tables


def test_broken_rule_is_marked_in_the_grid_and_said_in_a_sentence(organizer, event):
    met, other = pair(event), pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    rows.placed(draft, other)
    drafting.check(draft)

    grid, rules = organizer.get(page(event)).text, organizer.get(page(event, "rules")).text

    assert "1 rule is broken." in grid
    assert "breaks a rule" in grid
    assert "Table A1 has two meetings at 09:00." in rules


def test_rules_that_others_broke_are_found_when_they_are_checked_again(organizer, event):
    met = pair(event)
    rows.placed(take_draft(event), met)
    first = event.meeting_slots.first()
    person = met.people.first().participant
    save(Absence(participant=person, starts_at=first.starts_at, ends_at=first.ends_at))

    answer = do(organizer, event, "check")

    assert "Li Min is away at 09:00." in answer.text


def test_page_of_a_meeting_says_beside_each_slot_what_the_move_breaks(organizer, event):
    met = pair(event)
    rows.placed(take_draft(event), met)
    second = list(event.meeting_slots.all())[1]
    person = met.people.first().participant
    save(Absence(participant=person, starts_at=second.starts_at, ends_at=second.ends_at))

    shown = organizer.get(f"{url(event, 'schedule')}?meeting={met.pk}").text
    tables = organizer.get(f"{url(event, 'schedule')}?meeting={met.pk}&slot={second.pk}").text

    assert "Li Min is away at 09:30." in shown
    assert "breaks no rule" in shown
    assert tables.count("Li Min is away at 09:30.") == 2


def test_meeting_is_moved_by_the_form_of_its_page(organizer, event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    slot, table = event.meeting_slots.last(), event.meeting_tables.last()
    people = list(met.people.values_list("participant", flat=True))

    answer = do(
        organizer, event, "move", meeting=met.pk, slot=slot.pk, table=table.pk, people=people
    )

    place = load_schedule(draft)[met.pk]
    assert "The meeting was moved." in answer.text
    assert (place.slot.start, place.table) == (slot.starts_at, table.pk)


def test_first_move_begins_a_draft_of_what_is_published(organizer, event):
    met = pair(event)
    published = rows.published(event)
    before = rows.placed(published, met)
    people = list(met.people.values_list("participant", flat=True))

    do(
        organizer,
        event,
        "move",
        meeting=met.pk,
        slot=event.meeting_slots.last().pk,
        table=event.meeting_tables.last().pk,
        people=people,
    )

    draft = ScheduleVersion.objects.drafts().get()
    assert load_schedule(published) == {met.pk: before}
    assert load_schedule(draft)[met.pk] != before


def test_second_of_two_who_move_is_told_so(organizer, event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    shown = draft.changes
    drafting.set_locked(draft, [met.pk], locked=False, version=shown)

    answer = organizer.post(
        url(event, "schedule"), {"do": "take-out", "meeting": met.pk, "version": shown}, follow=True
    )

    assert "Somebody else has changed this in the meantime." in answer.text
    assert met.pk in load_schedule(draft)


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "\x00"])
def test_forged_version_is_refused(organizer, event, version):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)

    answer = organizer.post(
        url(event, "schedule"), {"do": "take-out", "meeting": met.pk, "version": version}
    )

    assert answer.status_code in (302, 400)
    assert met.pk in load_schedule(draft)


@pytest.mark.parametrize("query", ["show=nothing", "meeting=999999", "meeting=x"])
def test_address_of_nothing_is_not_found(organizer, event, query):
    assert organizer.get(f"{url(event, 'schedule')}?{query}").status_code == 404


def test_meeting_of_another_event_is_not_found(organizer, event):
    met = pair(rows.meeting_event())

    assert organizer.get(f"{url(event, 'schedule')}?meeting={met.pk}").status_code == 404


def test_locked_meetings_swap_take_out_and_call_off(organizer, event):
    one, other = pair(event), pair(event)
    draft = take_draft(event)
    first = rows.placed(draft, one)
    rows.placed(draft, other, slot=1)

    swapped = do(organizer, event, "swap", meeting=one.pk, other=other.pk)
    locked = do(organizer, event, "lock", meeting=one.pk, locked="1")
    refused = do(organizer, event, "take-out", meeting=one.pk)
    unlocked = do(organizer, event, "lock", meeting=one.pk)
    out = do(organizer, event, "take-out", meeting=one.pk)
    off = do(organizer, event, "call-off", meeting=other.pk, reason="Ill")

    assert "have changed places" in swapped.text
    assert "The meeting is locked." in locked.text
    assert "This meeting is locked. Unlock it first." in refused.text
    assert "no longer locked" in unlocked.text
    assert "has no place any more" in out.text
    assert "The meeting was called off." in off.text
    assert Meeting.objects.get(pk=other.pk).status == Meeting.Status.CANCELLED
    assert load_schedule(draft) == {}
    assert first


def test_changes_name_whom_they_concern_and_publishing_tells_them(organizer, event):
    without = factories.registered(event, email="", phone="13800001111", name="Zhao Qi")
    met = rows.meeting(rows.owner(event, registration=without), rows.participant(event))
    draft = take_draft(event)
    rows.placed(draft, met)

    before = organizer.get(page(event, "changes")).text
    after = do(organizer, event, "publish")

    assert "Publish and send 1 e-mail" in before
    assert "Zhao Qi" in before
    assert "138 0000 1111" in before or "13800001111" in before
    assert "Version 1 is published. 1 e-mail is on its way." in after.text
    assert "Zhao Qi" in after.text
    assert OutboundMail.objects.filter(kind=Kind.CHANGED).count() == 1


def test_broken_draft_offers_no_publishing_and_is_refused_in_sentences(organizer, event):
    met, other = pair(event), pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    rows.placed(draft, other)
    drafting.check(draft)

    shown = organizer.get(page(event, "changes")).text
    answer = do(organizer, event, "publish")

    assert 'value="publish"' not in shown
    assert "Table A1 has two meetings at 09:00." in answer.text


def test_outdated_draft_is_brought_up_to_date(organizer, event):
    met, walk_up = pair(event), pair(event)
    first = take_draft(event)
    rows.placed(first, met)
    publish(first)
    take_draft(event)
    rows.placed(first, walk_up, slot=1)

    shown = organizer.get(page(event, "changes")).text
    do(organizer, event, "update")
    answer = do(organizer, event, "publish")

    assert "Bring the draft up to date" in shown
    assert "Version 2 is published." in answer.text


def test_discarded_draft_is_gone(organizer, event):
    rows.placed(take_draft(event), pair(event))

    answer = do(organizer, event, "discard")

    assert "The draft was discarded." in answer.text
    assert not ScheduleVersion.objects.exists()


def test_slots_in_the_past_are_offered_no_more(organizer, event):
    met = pair(event)
    past = timezone.now() - dt.timedelta(hours=1)
    for number, slot in enumerate(event.meeting_slots.all()):
        start = past + dt.timedelta(minutes=number)
        event.meeting_slots.filter(pk=slot.pk).update(
            starts_at=start, ends_at=start + dt.timedelta(minutes=1)
        )

    shown = organizer.get(f"{url(event, 'schedule')}?meeting={met.pk}").text

    assert "Every slot has begun or is over." in shown


@pytest.mark.parametrize("view", VIEWS)
def test_view_costs_twelve_queries_however_many_meetings_there_are(organizer, event, view):
    named = rows.interpreter(event)
    published = rows.published(event)
    rows.placed(published, pair(event), interpreter=named)
    draft = take_draft(event)
    rows.placed(draft, pair(event), slot=1, interpreter=named)
    drafting.check(draft)
    few = cost(organizer, page(event, view))
    for number in range(3):
        rows.placed(draft, pair(event), slot=number, table=1, interpreter=rows.interpreter(event))
    drafting.check(draft)

    many = cost(organizer, page(event, view))

    assert few == many
    assert many <= 12


def test_page_of_a_meeting_costs_the_same_with_few_and_many(organizer, event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    address = f"{url(event, 'schedule')}?meeting={met.pk}"
    few = cost(organizer, address)
    for number in range(3):
        rows.placed(draft, pair(event), slot=number, table=1)

    assert cost(organizer, address) == few
    assert cost(cast.make_superuser(), address) <= 12
