import pytest

from meetings.domain import computing
from meetings.domain.loading import load_schedule
from meetings.domain.placing import take_draft
from meetings.models import Computation
from tests import cast
from tests.backoffice.posting import url
from tests.meetings import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def processes(monkeypatch):
    """Note the processes that are begun: they would not see the rows of a test."""
    begun = []
    monkeypatch.setattr(
        computing.subprocess, "Popen", lambda command, **_options: begun.append(command)
    )
    return begun


@pytest.fixture
def event(db):
    event = rows.meeting_event(tables=4)
    expert = rows.owner(event, name="Ann Farrow")
    for _ in range(4):
        rows.meeting(rows.participant(event), expert)
    return event


@pytest.fixture
def organizer(db):
    return cast.make_organizer()


def page(event):
    return f"{url(event, 'schedule')}?show=compute"


def test_organizer_computes_and_reads_what_is_proven_and_why(
    organizer, event, processes, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        organizer.post(page(event), {"do": "compute", "way": "anew", "seconds": "10"})
    running = organizer.get(page(event))
    row = Computation.objects.get()
    computing.compute(row)
    done = organizer.get(page(event))

    assert [command[-2:] for command in processes] == [["compute_schedule", str(row.pk)]]
    assert running["Refresh"] == "3"
    assert "Computing" in running.text
    assert "Refresh" not in done
    assert "3 of 4 meetings have a place" in done.text
    assert "Ann Farrow has 3 free slots and 4 accepted requests." in done.text
    assert len(load_schedule(take_draft(event))) == 3


def test_organizer_stops_a_computation(organizer, event):
    organizer.post(page(event), {"do": "compute", "way": "anew", "seconds": "10"})

    answer = organizer.post(page(event), {"do": "stop"}, follow=True)

    assert Computation.objects.get().status == "stopped"
    assert "The draft stays as it was." in answer.text


def test_second_organizer_is_told_that_it_is_computed_already(organizer, event):
    organizer.post(page(event), {"do": "compute", "way": "anew", "seconds": "10"})

    answer = organizer.post(
        page(event), {"do": "compute", "way": "few_moves", "seconds": "10"}, follow=True
    )

    assert "A schedule of this event is being computed already." in answer.text
    assert Computation.objects.count() == 1


@pytest.mark.parametrize("sent", [{"way": "best"}, {"seconds": "0"}, {"seconds": "9" * 30}])
def test_what_no_form_offers_is_refused_in_words(organizer, event, sent):
    data = {"do": "compute", "way": "anew", "seconds": "10"} | sent

    answer = organizer.post(page(event), data, follow=True)

    assert "Choose how it is computed, and for how long." in answer.text
    assert not Computation.objects.exists()


def test_found_schedule_is_taken_over_into_a_draft_that_was_changed(organizer, event):
    draft = take_draft(event)
    row = computing.start(event, by=None, way="anew", seconds=10)
    rows.placed(draft, event.meetings.first())
    computing.compute(row)
    draft.refresh_from_db()

    shown = organizer.get(page(event))
    organizer.post(
        page(event), {"do": "take-over", "computation": row.pk, "version": draft.changes}
    )

    assert "Take it over all the same" in shown.text
    assert len(load_schedule(draft)) == 3


def test_page_in_chinese_tells_the_same(organizer, event):
    computing.compute(computing.start(event, by=None, way="anew", seconds=10))
    organizer.cookies["django_language"] = "zh-hans"

    answer = organizer.get(page(event))

    assert "4场洽谈中已排定3场" in answer.text
    assert "Ann Farrow有3个空闲时段，却有4个已接受的约见。" in answer.text
    assert "meetings" not in answer.text.split('class="schedule-results"')[1].split("</ul>")[0]
