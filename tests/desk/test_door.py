import re

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from events.models import Event
from registrations.domain import check_in, place, privacy
from registrations.models import CheckIn, Registration, RegistrationSettings
from tests import factories

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def names(response):
    return re.findall(r'desk-card-name">([^<]+)<', response.text)


@pytest.fixture
def wang_wei(event):
    return factories.registered(
        event,
        name="王伟",
        email="wei@example.org",
        organization_name="清曜生物",
        position="总经理",
        phone="+86 10 6255 1234",
    )


@pytest.mark.parametrize(
    "text",
    [
        *("王伟", "wang wei", "wangwei", "WEI wang", "ww", "wei@example.org", "清曜", "62551234"),
        "王 伟",
    ],
)
def test_a_person_is_found_by_whatever_they_say(event, wang_wei, tap, text):
    factories.registered(event, name="Ann Hale")
    factories.registered(factories.registration_settings().event, name="王伟")

    page = tap("desk-door", q=text)

    assert page.status_code == 200
    assert names(page) == ["王伟"]
    for fact in ("清曜生物", "总经理", "company", "confirmed", wang_wei.ticket, "Check in"):
        assert fact in page.text


def test_who_has_a_place_comes_first_and_then_those_whose_name_begins_so(event, tap):
    for name, status in (
        ("Zhang Li", "confirmed"),
        ("Li Na", "cancelled"),
        ("Li Bai", "confirmed"),
        ("Alice", "waitlisted"),
    ):
        made = factories.registered(event, name=name)
        Registration.objects.filter(pk=made.pk).update(status=status, queued_at=timezone.now())

    assert names(tap("desk-door", q="li")) == ["Li Bai", "Alice", "Zhang Li", "Li Na"]


def test_of_more_than_twenty_the_first_are_shown_and_it_is_said(event, tap):
    for number in range(21):
        factories.registered(event, name=f"Wang {number:02}")

    page = tap("desk-door", q="wang")

    assert len(names(page)) == 20
    assert "More than 20 people were found" in page.text
    assert "More than 20" not in tap("desk-door", q="wang 07").text


def test_nobody_found_leads_to_a_walk_in_with_the_name(tap):
    page = tap("desk-door", q="Zhao Min")

    assert "No one found." in page.text
    assert 'name="name" value="Zhao Min"' in page.text
    assert "A code has" not in page.text


@pytest.mark.parametrize("text", ["", "   ", "\x07"])
def test_nothing_typed_is_said(wang_wei, tap, text):
    page = tap("desk-door", q=text)

    assert page.status_code == 200
    assert "Type a name or scan a code." in page.text
    assert names(page) == []


@pytest.mark.parametrize("text", ["a\0b", "x" * 5000, "%", "_", "'; --", "\\", "𝔄" * 10])
def test_nonsense_finds_nobody_and_breaks_nothing(wang_wei, tap, text):
    for scanned in ("", "1"):
        page = tap("desk-door", q=text, scanned=scanned)

        # What no text can hold is refused for the whole site.
        assert page.status_code in ((400,) if "\0" in text else (200, 409))
        assert names(page) == []


def test_the_erased_are_not_found(event, wang_wei, tap):
    privacy.erase([wang_wei])

    assert names(tap("desk-door", q="王伟")) == []
    assert "Nobody has this code" in tap("desk-door", q=wang_wei.ticket).text


# Codes


@pytest.mark.parametrize("spelling", [str, str.lower, lambda code: f"{code[:5]}-{code[5:]}"])
def test_a_whole_ticket_shows_its_person_at_once(wang_wei, tap, spelling):
    page = tap("desk-door", q=spelling(wang_wei.ticket))

    assert names(page) == ["王伟"]
    assert CheckIn.objects.count() == 0


def test_a_ticket_checks_in_at_once_where_the_desk_wants_that(clerk, wang_wei, tap):
    page = tap("desk-door", q=wang_wei.ticket, at_once="1")

    assert "desk-card-new" in page.text
    assert CheckIn.objects.get().checked_in_by == clerk.user


def test_a_ticket_scanned_twice_says_who_checked_in_and_when(clerk, wang_wei, tap):
    tap("desk-door", q=wang_wei.ticket, at_once="1")
    CheckIn.objects.update(checked_in_at=factories.at(9, 30))

    page = tap("desk-door", q=wang_wei.ticket, at_once="1")

    assert "Checked in already" in page.text
    assert "29 October 2020 (Thu) 09:30 China time, by clerk" in strip_tags(page.text)
    assert "desk-card-new" not in page.text
    assert CheckIn.objects.count() == 1


def test_a_search_checks_nobody_in(wang_wei, tap):
    tap("desk-door", q="wang wei", at_once="1")

    assert CheckIn.objects.count() == 0


def test_a_search_without_a_word_finds_nobody(wang_wei, tap):
    assert names(tap("desk-door", q=" ，, ")) == []


@pytest.mark.parametrize("status", ["waitlisted", "pending", "cancelled"])
def test_a_ticket_without_a_place_is_shown_and_not_checked_in(wang_wei, tap, status):
    Registration.objects.update(status=status, queued_at=timezone.now())

    page = tap("desk-door", q=wang_wei.ticket, at_once="1")

    assert names(page) == ["王伟"]
    assert CheckIn.objects.count() == 0
    button = "Register as a walk-in" if status == "cancelled" else "Give a seat and check in"
    assert button in page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"q": "7K2M"}, "A code has 10 characters, this has 4. Scan it again or type all."),
        ({"q": "0000000000"}, "Nobody has this code. Scan it again, or search by name."),
        ({"q": "7K2M9QXR4123"}, "This is not the code of a ticket"),
        ({"q": "https://example.org/", "scanned": "1"}, "This is not the code of a ticket"),
        ({"q": "7K2M", "scanned": "1"}, "A code has 10 characters, this has 4."),
    ],
)
def test_what_is_no_ticket_is_said_plainly(tap, fields, words):
    assert words in tap("desk-door", **fields).text


def test_half_a_code_finds_its_person(wang_wei, tap):
    assert names(tap("desk-door", q=wang_wei.ticket[:6])) == ["王伟"]


def test_a_name_of_ten_letters_is_a_name(event, tap):
    factories.registered(event, name="Christophe")

    assert names(tap("desk-door", q="Christophe")) == ["Christophe"]


def test_a_ticket_of_another_event_names_it(tap):
    other = factories.registration_settings(
        event=factories.upcoming_event(title_en="River Forum")
    ).event

    page = tap("desk-door", q=factories.registered(other, name="Elsewhere").ticket, at_once="1")

    assert page.status_code == 409
    assert "This code is for another event: “River Forum”." in page.text
    assert "Elsewhere" not in page.text
    assert CheckIn.objects.count() == 0


# Cards


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("waitlisted", ["Number 2 on the waiting list.", "Give a seat and check in"]),
        ("pending", ["Waiting for an organizer’s approval.", "Give a seat and check in"]),
        ("offered", ["A seat is kept until", "Give a seat and check in"]),
        ("cancelled", ["This registration ended on", "(cancelled)", "Register as a walk-in"]),
        ("declined", ["This registration ended on", "(not approved)", "Register as a walk-in"]),
        ("expired", ["This registration ended on", "(offer expired)", "Register as a walk-in"]),
    ],
)
def test_a_card_says_what_stands_and_offers_what_can_be_done(event, tap, status, words):
    RegistrationSettings.objects.update(capacity=0)
    people = [factories.registered(event, name=name) for name in ("First", "Second")]
    now = timezone.now()
    Registration.objects.filter(pk=people[1].pk).update(
        status=status, offer_expires_at=now, cancelled_at=now
    )

    page = tap("desk-door", q="second")

    assert [each for each in words if each not in page.text] == []
    assert not re.search(r">\s*Check in\s*<", page.text)


def test_hostile_texts_are_only_text(event, clerk, tap, url):
    mine = factories.registered(
        event, name=HOSTILE[:100], organization_name=HOSTILE, position=HOSTILE
    )
    check_in.check_in(mine, by=clerk.user)

    for page in (
        tap("desk-door", q="script", script=False),
        tap("desk-door", q=HOSTILE, script=False),
        tap("desk-check-in", ticket=mine.ticket, q=HOSTILE, session=""),
        tap("desk-walk-in", begin="1", name=HOSTILE, script=False),
        tap("desk-walk-in", name=HOSTILE, organization_name=HOSTILE, script=False),
    ):
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


# The page


def test_the_page_without_a_script_shows_what_was_typed_and_found(wang_wei, tap):
    page = tap("desk-door", q="wang wei", at_once="1", script=False)

    assert page.text.startswith("<!doctype html>")
    assert 'value="wang wei"' in page.text
    assert re.search(r'name="at_once" value="1" checked', page.text)
    assert names(page) == ["王伟"]


def test_the_latest_five_arrivals_are_on_the_page(clerk, event, url):
    people = [factories.registered(event, name=f"Person {number}") for number in range(7)]
    for each in people:
        check_in.check_in(each, by=clerk.user)
    check_in.undo(people[6], by=clerk.user)
    privacy.erase([people[5]])

    page = clerk.get(url("desk-door"))

    shown = re.findall(r"<b>(Person \d)</b>", page.text)
    assert shown == [f"Person {number}" for number in (4, 3, 2, 1, 0)]
    assert "(China time)" in page.text


def test_an_empty_desk_says_so(clerk, url):
    assert "Nobody has come yet." in clerk.get(url("desk-door")).text


def test_an_event_that_does_not_take_place_says_so(event, clerk, url):
    Event.objects.update(status="cancelled", cancelled_at=timezone.now())

    assert "cancelled, so nobody can be checked in" in clerk.get(url("desk-door")).text


def test_counts_are_given_to_the_script(clerk, event, url):
    people = [factories.registered(event) for _each in range(3)]
    check_in.check_in(people[0], by=clerk.user)

    assert clerk.get(url("desk-counts")).json() == {"expected": 3, "arrived": 1, "waiting": 0}


def test_nothing_personal_is_in_any_address(clerk, event, wang_wei, tap):
    check_in.check_in(wang_wei, by=clerk.user)
    page = tap("desk-door", q="wang wei", script=False)

    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page.text)
    assert addresses
    for address in addresses:
        for secret in (wang_wei.ticket, "wang", "wei@", "%E7%8E%8B", wang_wei.code):
            assert secret not in address
    assert 'method="get"' not in page.text


@pytest.mark.parametrize("script", [True, False])
def test_search_costs_the_same_with_one_person_and_three(
    event, tap, clerk, django_assert_num_queries, script
):
    RegistrationSettings.objects.update(capacity=1)

    def more(name):
        mine = factories.registered(event, name=name)
        check_in.admit(mine, by=clerk.user, beyond_capacity=True)
        check_in.check_in(mine, by=clerk.user)
        factories.registered(event, name=name)
        place.cancel(factories.registered(event, name=name), by=clerk.user)

    # The page names the site and lists the files; the answer to a script does not.
    queries = 11 if script else 13
    more("Wang First")
    tap("desk-door", q="wang", script=script)
    with django_assert_num_queries(queries):
        tap("desk-door", q="wang", script=script)
    for name in ("Wang Second", "Wang Third"):
        more(name)
    with django_assert_num_queries(queries):
        page = tap("desk-door", q="wang", script=script)

    assert len(names(page)) == 9


@pytest.mark.parametrize("slug", ["\0", "a\0b", "x" * 5000, "nothing"])
def test_session_that_cannot_be_is_one_that_is_gone(event, clerk, url, slug):
    RegistrationSettings.objects.update(takes_session_attendance=True)
    mine = factories.registered(event)
    asked = {"session": slug, "ticket": mine.ticket}

    for name in ("desk-door", "desk-walk-in", "desk-counts"):
        assert clerk.get(url(name), asked).status_code == 409
    for name in ("desk-door", "desk-walk-in", "desk-check-in", "desk-undo", "desk-admit"):
        # What no text can hold is refused for the whole site.
        assert clerk.post(url(name), asked).status_code == (400 if "\0" in slug else 409)
    assert CheckIn.objects.count() == 0
