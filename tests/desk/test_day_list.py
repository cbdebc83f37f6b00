"""The list for the day, which the page of a door keeps."""

import json

import pytest

from desk.views import day_list
from registrations.domain import check_in
from registrations.models import Registration
from tests import factories


@pytest.fixture
def read(clerk, url):
    """Return what the list holds, by name."""

    def read_list(**asked):
        answer = clerk.get(url("desk-day-list"), asked).json()
        return {person[1]: person for person in answer["people"]}

    return read_list


def test_list_holds_who_has_a_place_with_what_they_are_found_by(read, event):
    expected = factories.registered(event, name="王伟", organization_name="清曜生物")
    waiting, gone = (factories.registered(event, name=name) for name in ("Ann Hale", "Bo Lind"))
    Registration.objects.filter(pk=waiting.pk).update(status="pending")
    Registration.objects.filter(pk=gone.pk).update(status="cancelled")

    people = read()

    assert list(people) == ["Ann Hale", "王伟"]
    ticket, name, organization, state, found_by = people["王伟"]
    assert (ticket, name, organization, state) == (expected.ticket, "王伟", "清曜生物", "expected")
    for word in ("wangwei", "ww", "qingyao", expected.ticket.lower()):
        assert word in found_by
    assert people["Ann Hale"][3] == "waiting"


def test_list_holds_no_addresses_and_numbers(clerk, url, event):
    person = factories.registered(event, phone="+44 20 7946 0123")

    page = clerk.get(url("desk-day-list"))

    assert person.email not in page.text and "7946" not in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_list_tells_who_came_where_this_desk_checks_in(read, clerk, event):
    event.registration_settings.takes_session_attendance = True
    event.registration_settings.save()
    session = factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)
    person = factories.registered(event)
    check_in.check_in(person, by=clerk.user)

    assert read()[person.name][3] == "arrived"
    assert read(session=session.slug)[person.name][3] == "expected"


def test_session_that_is_gone_is_refused_in_words(clerk, url):
    page = clerk.get(url("desk-day-list"), {"session": "gone"})

    assert page.status_code == 409
    assert "not taken any more" in json.loads(page.content)["error"]


def test_page_keeps_no_list_of_too_many(read, event, monkeypatch):
    monkeypatch.setattr(day_list, "MOST_KEPT", 1)
    factories.registered(event)
    assert len(read()) == 1

    factories.registered(event)

    assert read() == {}


def test_list_asks_as_little_for_many_as_for_few(
    clerk, url, event, django_assert_num_queries, django_assert_max_num_queries
):
    factories.registered(event)
    with django_assert_max_num_queries(20) as few:
        clerk.get(url("desk-day-list"))
    for _each in range(5):
        factories.registered(event)

    with django_assert_num_queries(len(few)):
        clerk.get(url("desk-day-list"))


def test_letters_are_those_that_do_not_decompose(clerk, url):
    letters = clerk.get(url("desk-day-list")).json()["letters"]

    assert {letter: letters[letter] for letter in "øłßæœđıþ"} == {
        **{"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "þ": "th"}
    }
    assert "é" not in letters
