"""Pages of the desk of meetings cost the same few queries however large the schedule is."""

import pytest
from django.urls import reverse

from meetings.domain import day
from tests.meetings import rows
from tests.meetings.day import pair, schedule_of

# The most that a page of a schedule may cost.
MOST = 12


def fill(event, number):
    """Meetings in every slot, with interpreters: under way, to come and held."""
    for _time in range(number):
        index = event.meeting_tables.count()
        rows.table(event, name=f"B{index}", order=index)
        interpreter = rows.interpreter(event)
        for slot in range(3):
            made = rows.meeting(rows.participant(event), rows.owner(event, languages=["en"]))
            rows.placed(schedule_of(event), made, slot=slot, table=index, interpreter=interpreter)
            if slot == 0:
                day.arrive(made)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("meetings-desk", {}),
        *(("meetings-desk", {"show": show}) for show in ("next", "earlier", "outcome")),
        ("meetings-hall", {}),
        ("meetings-sheets", {"sheet": "hall"}),
    ],
)
def test_pages_of_the_schedule_cost_the_same(event, clerk, name, query, capture):
    costs = []
    for number in (1, 3):
        fill(event, number)
        costs.append(capture(clerk, reverse(name, args=[event.slug]), query))

    assert costs[0] == costs[1] <= MOST


@pytest.mark.parametrize("sheet", ["tables", "people", "interpreters"])
def test_sheets_cost_the_same(event, clerk, url, sheet, capture):
    costs = []
    for number in (1, 3):
        fill(event, number)
        costs.append(capture(clerk, url("meetings-sheets"), {"sheet": sheet}, is_posted=True))

    assert costs[0] == costs[1]


def test_a_meeting_costs_the_same_with_much_around_it(event, clerk, url, capture):
    meeting = pair(event)
    costs = []
    for number in (1, 3):
        fill(event, number)
        costs.append(capture(clerk, url("meetings-meeting", meeting.code), {}))

    assert costs[0] == costs[1] <= MOST


@pytest.fixture
def capture(django_assert_max_num_queries):
    def ask(person, address, data, *, is_posted=False):
        with django_assert_max_num_queries(100) as queries:
            answer = person.post(address, data) if is_posted else person.get(address, data)
        assert answer.status_code == 200
        return len(queries)

    def ask_again(*arguments, **more):
        # The first answer also fills caches that all pages share.
        ask(*arguments, **more)
        return ask(*arguments, **more)

    return ask_again
