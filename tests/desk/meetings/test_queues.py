import re

import pytest
from django.urls import reverse

from meetings.domain import queue
from meetings.models import Meeting, QueueEntry
from tests import factories
from tests.cast import make_clerk
from tests.meetings import rows


@pytest.fixture
def event(db):
    """An event with queues at two tables, each with its host."""
    made = rows.meeting_event(slots=0, rules={"way": "queue", "slot_minutes": 20})
    for number, table in enumerate(made.meeting_tables.all()):
        registration = factories.proven(made, name=f"Host {number}")
        table.host = rows.owner(made, registration=registration)
        table.save()
    return made


def guest(event, name="王伟"):
    return rows.participant(event, registration=factories.proven(event, name=name))


@pytest.fixture
def press(clerk, url):
    def send(do, *, table="A1", script=True, **fields):
        headers = {"X-Requested-With": "fetch"} if script else {}
        return clerk.post(
            url("meetings-queues"), {"table": table, "do": do} | fields, headers=headers
        )

    return send


def test_the_desk_of_an_event_with_queues_leads_to_them(clerk, url):
    answer = clerk.get(url("meetings-desk"))

    assert (answer.status_code, answer.url) == (302, url("meetings-queues"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("2 people wait", "about 40 min", "Number 1: called")),
        ("zh-hans", ("2人排队", "约40分钟", "1号：")),
    ],
)
def test_the_overview_has_every_queue(event, clerk, url, language, words):
    table = event.meeting_tables.first()
    for number in range(3):
        queue.join(table, guest(event, f"Guest {number}"))
    queue.call_next(table)
    clerk.cookies["django_language"] = language

    page = clerk.get(url("meetings-queues"))

    for word in ("Host 0", "Host 1", *words):
        assert word in re.sub(r"\s+", " ", page.text)


def test_somebody_joins_is_called_comes_and_ends_with_an_outcome(event, clerk, url, press):
    person = guest(event)
    searched = clerk.post(url("meetings-queues"), {"table": "A1", "q": "wang wei"})
    [join] = re.findall(r'value="(join:[^"]+)"', searched.text)

    joined, called = press(join), press("call")
    came, finished = press("came:1"), press("finish:1")

    assert "王伟 has number 1." in joined.text
    assert "Number 1, 王伟: please come to table A1." in called.text
    meeting = Meeting.objects.get()
    assert url("meetings-meeting", meeting.code) in came.text
    assert (finished.status_code, meeting.status) == (200, "held")
    assert QueueEntry.objects.get(participant=person).status == "done"


def test_who_is_passed_over_is_said(event, press):
    first, second = event.meeting_tables.all()
    busy, free = guest(event, "Busy"), guest(event, "Free")
    queue.join(second, busy)
    queue.call_next(second)
    queue.join(first, busy)
    queue.join(first, free)

    answer = press("call")

    assert "Number 2, Free: please come to table A1." in answer.text
    assert "Number 1 is at another table and was passed over." in answer.text


def test_taps_work_without_a_script_and_are_sent_again(event, clerk, press):
    queue.join(event.meeting_tables.first(), guest(event))

    answers = [press("call", script=False) for _again in range(2)]
    missed = [press("missed:1", script=False) for _again in range(2)]
    again = press("again:1", script=False)

    assert {answer.status_code for answer in (*answers, *missed, again)} == {302}
    assert answers[0].url.endswith("?table=A1")
    assert QueueEntry.objects.get().status == "waiting"
    assert "王伟" in clerk.get(again.url).text


@pytest.mark.parametrize("do", ["came:1", "came:x", "join:NOBODY", "fly:1", ""])
def test_what_makes_no_sense_is_refused(event, press, do):
    queue.join(event.meeting_tables.first(), guest(event))

    assert press(do).status_code == 409
    assert QueueEntry.objects.get().status == "waiting"


def test_a_table_that_is_gone_is_said(press, url):
    answer = press("call", table="Z9")

    assert (answer.status_code, answer.url) == (302, url("meetings-queues"))


def test_a_clerk_of_another_event_calls_nobody(event, url):
    queue.join(event.meeting_tables.first(), guest(event))
    other = make_clerk(rows.meeting_event())

    answer = other.post(url("meetings-queues"), {"table": "A1", "do": "call"})

    assert answer.status_code == 403
    assert QueueEntry.objects.get().status == "waiting"


def test_queues_cost_the_same_however_many_wait(event, clerk, url, django_assert_num_queries):
    table = event.meeting_tables.first()
    # The first answer also fills caches that all pages share.
    clerk.get(url("meetings-queues"))
    for length in (1, 3):
        for number in range(length):
            queue.join(table, guest(event, f"Guest {length} {number}"))
        for address in (url("meetings-queues"), f"{url('meetings-queues')}?table=A1"):
            with django_assert_num_queries(10):
                clerk.get(address)


def test_other_events_are_no_queue(event, clerk):
    other = rows.meeting_event(rules={"way": "queue"})

    assert clerk.get(reverse("meetings-queues", args=[other.slug])).status_code == 403


def test_the_hall_reads_numbers_and_hosts_and_no_guests(event, clerk, url):
    first, second = event.meeting_tables.all()
    for name in ("Called", "Waits"):
        queue.join(first, guest(event, name))
    queue.call_next(first)

    page = re.sub(r"\s+", " ", clerk.get(url("meetings-hall")).text)

    for words in (
        "排队叫号",
        "Queues",
        "Host 0",
        "Host 1",
        "<b>1</b> 请到桌前",
        "1 waiting",
        "0 waiting",
    ):
        assert words in page
    for name in ("Called", "Waits"):
        assert f">{name}<" not in page
