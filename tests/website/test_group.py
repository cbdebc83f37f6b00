"""A secretary registers her people: the form, the screen, her page, and what each of them gets."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mail import delivery
from mail.models import OutboundMail
from registrations.domain.query_code import code_of
from registrations.models import Registration, RegistrationGroup
from summit.lib.web.signed_links import GROUP, NOT_ME, sign
from tests import factories
from tests.website.registering import register_url, sends, typed
from tests.website.test_own_screen import plain, same, screen

pytestmark = pytest.mark.django_db
NOBODY = {"email": ""}
OWN = {"name": "Li Jing", "email": "own@example.org"}


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=30).event


def blocks(page):
    return re.findall(r'name="people-(\d+)-name" value="([^"]*)"', page.text)


def group_page(group, more=""):
    return f"/en/my/group/{sign(group.code, GROUP)}/{more}"


def test_one_person_sees_no_word_of_a_group(stranger, event):
    page = stranger.get(register_url(event)).text

    assert 'name="consent"' in page and "informed" not in page
    assert "contact-name" not in page and "Take out" not in page


def test_twenty_people_are_registered_with_one_tick(stranger, event):
    answer = sends(stranger, event, *[{"name": f"P{n}", "email": ""} for n in range(20)])

    group = RegistrationGroup.objects.get()
    assert answer.status_code == 302
    assert group.members.count() == 20
    assert (group.name, group.informed_at is not None) == ("Ann Contact", True)
    assert not Registration.objects.consenting().exists()


def test_twenty_one_are_refused_in_words(stranger, event):
    page = sends(stranger, event, *[{"name": f"P{n}", "email": ""} for n in range(21)])

    assert page.status_code == 422
    assert "At most 20 people can be registered at once." in page.text


def test_without_the_tick_nothing_is_kept(stranger, event):
    page = sends(stranger, event, NOBODY, OWN, informed="")

    assert page.status_code == 422
    assert "Inform them first." in page.text
    assert not Registration.objects.exists()


def test_no_separate_consent_is_offered_for_others(stranger, event):
    factories.separate_consent(settings=event.registration_settings)

    page = stranger.get(register_url(event) + "?people=2").text

    assert 'name="agreed"' not in page
    assert "Each person agrees for themselves" in page


def test_adding_a_person_makes_the_first_one_the_contact_and_takes_the_focus(stranger, event):
    one = typed(event, {"name": "Ann", "phone": "138 0013 8000", "email": "a@example.org"})

    page = stranger.post(register_url(event), one | {"more": "1"})

    assert blocks(page) == [("0", "Ann")]
    assert 'name="contact-phone" value="138 0013 8000"' in page.text
    assert 'name="contact-email" value="a@example.org"' in page.text
    assert "a@example.org" not in page.text.split('id="people-of-form"')[1]
    assert re.search(r'name="people-1-name"[^>]* autofocus', page.text)
    assert "Person 2 was added." in page.text


@pytest.mark.parametrize(
    ("out", "left", "focus"),
    [("1", ["B", "C"], 0), ("2", ["A", "C"], 1), ("3", ["A", "B"], 1)],
)
def test_a_person_is_taken_out_and_the_neighbour_has_the_focus(stranger, event, out, left, focus):
    people = [{"name": name, "email": ""} for name in "ABC"]

    page = stranger.post(register_url(event), typed(event, *people, fewer=out))

    assert [name for _number, name in blocks(page)] == left
    assert re.search(rf'name="people-{focus}-name"[^>]* autofocus', page.text)
    assert f"Person {out} was taken out." in page.text
    assert "errorlist" not in page.text


def test_who_is_left_alone_has_the_form_of_one_with_the_contact(stranger, event):
    people = [{"name": "A", "email": ""}, {"name": "B", "email": ""}]

    page = stranger.post(register_url(event), typed(event, *people, fewer="2"))

    assert 'name="people-0-email" value="contact@example.org"' in page.text
    assert 'name="consent"' in page.text and 'name="informed"' not in page.text


@pytest.mark.parametrize("out", ["", "0", "4", "-1", "x", "٢", "9" * 40])
def test_taking_out_nobody_changes_nothing(stranger, event, out):
    people = [{"name": name, "email": ""} for name in "ABC"]

    page = stranger.post(register_url(event), typed(event, *people, fewer=out))

    assert page.status_code == 200
    assert [name for _number, name in blocks(page)] == ["A", "B", "C"]


def test_enter_presses_a_button_that_sends(stranger, event):
    page = stranger.get(register_url(event) + "?people=3").text

    buttons = re.findall(r"<button[^>]*>", page)
    of_form = [each for each in buttons if 'form="registration"' in each]
    # The first one of the page belongs to the form, and neither adds nor takes out.
    assert (
        of_form[0] == '<button class="trap" form="registration" tabindex="-1" aria-hidden="true">'
    )
    assert page.index(of_form[0]) < page.index('name="again"') < page.index('name="more"')


def test_errors_name_the_person(stranger, event):
    page = sends(stranger, event, NOBODY, {"name": "王伟", "email": "wei@"})

    assert page.status_code == 422
    assert '<a href="#person-2">' in page.text
    assert "(王伟)" in page.text.split('<a href="#person-2">')[1][:200]


def test_the_same_name_twice_is_pointed_out(stranger, event):
    page = sends(stranger, event, *[{"name": "王伟", "email": ""}] * 2)

    assert page.status_code == 422
    assert "This person stands above already." in page.text


def test_a_group_that_never_fits_is_told_at_once(stranger):
    small = factories.registration_settings(capacity=2).event

    page = sends(stranger, small, NOBODY, OWN, {"name": "C", "email": ""}, is_together="on")

    assert page.status_code == 422
    assert "2 seats in all, so 3 people" in page.text


def test_the_screen_shows_all_and_cancels_each(stranger, event):
    sends(stranger, event, {"name": "王伟", "email": ""}, OWN)

    page = stranger.get(screen(event))
    stranger.post(screen(event, "2/cancel/"))

    assert all(text in page.text for text in ("王伟", "Li Jing", "contact@example.org"))
    assert page.text.count("Query code") == 1
    rows = Registration.objects.order_by("pk")
    assert [row.status for row in rows] == ["confirmed", "cancelled"]


def test_the_screen_says_that_the_group_waits_together_and_gives_that_up(stranger):
    event = factories.registration_settings(capacity=2).event
    factories.registered(event)
    sends(stranger, event, NOBODY, OWN, is_together="on")

    page = stranger.get(screen(event))
    stranger.post(screen(event, "1/singly/"))

    assert "Your group waits together" in page.text
    rows = Registration.objects.order_by("pk")[1:]
    assert [row.status for row in rows] == ["confirmed", "waitlisted"]


@pytest.mark.parametrize("contact", ["contact@example.org", "138 0013 8000"])
def test_the_contact_brings_the_whole_group_back_and_an_own_contact_one(stranger, event, contact):
    sends(stranger, event, {"name": "王伟", "email": ""}, OWN, **{"contact-phone": "138 0013 8000"})
    codes = re.findall(r'ticket-code">(\w+)', stranger.get(screen(event)).text)
    first, second = Registration.objects.order_by("pk")

    hers, his = Client(), Client()
    find(hers, contact, codes[0])
    find(his, "own@example.org", code_of(second))

    assert all(text in hers.get(screen(event)).text for text in ("王伟", "Li Jing"))
    own = his.get(screen(event)).text
    assert "Li Jing" in own and "王伟" not in own
    assert "This is not me" in own and "Ann Contact has registered you" in own


def find(client, contact, code):
    shown = client.get("/en/my/find/").context["form"]["shown_at"].value()
    return client.post("/en/my/find/", {"contact": contact, "query_code": code, "shown_at": shown})


def test_the_group_page_sees_corrects_and_cancels_each(stranger, event):
    sends(stranger, event, {"name": "王伟", "email": ""}, OWN)
    group = RegistrationGroup.objects.get()

    page = stranger.get(group_page(group))
    form = stranger.get(group_page(group, "1/correct/"))
    right = {"name": "王炜", "category": "company", "organization_name": "Works", "position": ""}
    stranger.post(group_page(group, "1/correct/"), right)
    stranger.post(group_page(group, "2/cancel/"))

    assert all(text in page.text for text in ("王伟", "Li Jing", "Ann Contact"))
    assert "own@example.org" not in page.text
    assert "no-store" in page["Cache-Control"]
    assert form.status_code == 200
    rows = Registration.objects.order_by("pk")
    assert [(row.name, row.status) for row in rows] == [
        ("王炜", "confirmed"),
        ("Li Jing", "cancelled"),
    ]


def test_what_the_person_has_opened_is_theirs(stranger, event):
    sends(stranger, event, NOBODY, OWN)
    group, row = RegistrationGroup.objects.get(), Registration.objects.get(name="Li Jing")

    own = Client().get(f"/en/my/{sign(row.code)}/")
    page = stranger.get(group_page(group))
    answer = stranger.get(group_page(group, "2/correct/"))

    assert "Ann Contact registered you" in own.text and "This is not me" in own.text
    assert "manages their own registration" in page.text
    assert answer.status_code == 404
    assert stranger.post(group_page(group, "2/cancel/")).status_code == 302


@pytest.mark.parametrize("more", ["", "9/cancel/", "9/correct/"])
def test_a_wrong_key_or_number_opens_nothing(stranger, event, more):
    sends(stranger, event, NOBODY, OWN)
    group = RegistrationGroup.objects.get()

    wrong = f"/en/my/group/{sign(group.code)}/{more}"

    assert stranger.get(wrong).status_code in (404, 405)
    if more:
        assert stranger.post(group_page(group, more)).status_code == 404


def test_a_member_removes_themselves_and_the_link_then_says_so(stranger, event):
    sends(stranger, event, {"name": "王伟", "email": ""}, OWN)
    row = Registration.objects.get(name="Li Jing")
    address = f"/en/my/not-me/{sign(row.code, NOT_ME)}/"

    shown = Client().get(address)
    Client().post(address)
    again = [Client().get(address), Client().post(address)]
    page = stranger.get(group_page(row.group))

    assert "Li Jing" not in shown.text and "Remove me" in shown.text
    assert all("You have been removed" in each.text for each in again)
    row.refresh_from_db()
    assert row.erased_at is not None and row.proven_at is None
    assert "1 person was taken out" in page.text and "Li Jing" not in page.text


def test_opening_the_page_of_removal_proves_and_removes_nothing(event, stranger):
    sends(stranger, event, NOBODY, OWN)
    row = Registration.objects.get(name="Li Jing")

    Client().get(f"/en/my/not-me/{sign(row.code, NOT_ME)}/")

    row.refresh_from_db()
    assert (row.proven_at, row.erased_at) == (None, None)


def test_what_takes_the_lock_on_seats_is_refused_in_words_without_registration(stranger, event):
    sends(stranger, event, NOBODY, OWN)
    row = Registration.objects.get(name="Li Jing")
    his = Client()
    find(his, "own@example.org", code_of(row))
    event.registration_settings.delete()

    answers = [
        his.post(screen(event, "1/remove/")),
        stranger.post(screen(event, "1/singly/")),
        Client().post(f"/en/my/not-me/{sign(row.code, NOT_ME)}/"),
    ]

    assert [each.status_code for each in answers] == [409] * 3
    assert all("This event takes no registrations here." in each.text for each in answers)
    row.refresh_from_db()
    assert row.erased_at is None


def test_only_a_member_has_a_link_of_removal(stranger, event):
    row = factories.registered(event)

    answer = stranger.get(f"/en/my/not-me/{sign(row.code, NOT_ME)}/")

    assert answer.status_code == 404


def test_the_first_message_has_the_notice_and_the_way_out_and_nothing_typed(stranger, event):
    sends(stranger, event, {"name": "王伟", "email": ""}, OWN)

    delivery.deliver_due()

    by_address = {each.to[0]: each for each in mail.outbox}
    first = by_address["own@example.org"].body
    assert "/my/not-me/" in first and "/privacy/" in first
    assert all(word not in first for word in ("Li Jing", "王伟", "Ann Contact"))
    hers = by_address["contact@example.org"].body
    assert "/my/group/" in hers
    assert all(word not in hers for word in ("Li Jing", "王伟", "Ann Contact"))


def test_own_data_says_who_informed_the_person(stranger, event):
    sends(stranger, event, NOBODY, OWN)
    row = Registration.objects.get(name="Li Jing")

    page = stranger.get(f"/en/my/{sign(row.code)}/data/").text
    data = stranger.get(f"/en/my/{sign(row.code)}/data.json").json()

    assert "Informed by that person on" in page and "Ann Contact" in page
    assert "Consented on" not in page
    assert data["registered_with_a_group"]["by"] == "Ann Contact"
    assert data["consent"]["at"] is None


def test_a_lost_link_brings_that_of_the_group(stranger, event):
    sends(stranger, event, OWN, {"name": "B", "email": "b@example.org"})
    OutboundMail.objects.all().delete()
    shown = stranger.get("/en/my/").context["form"]["shown_at"].value()

    stranger.post("/en/my/", {"email": "contact@example.org", "shown_at": shown})

    assert list(OutboundMail.objects.values_list("kind", flat=True)) == ["group_registered"]


@pytest.mark.parametrize("is_together", ["", "on"])
@pytest.mark.parametrize("capacity", [1, 3, None])
def test_known_and_unknown_members_look_alike(capacity, is_together):
    pages, queries = [], []
    # The first time warms what is kept in memory.
    for is_known in (False, False, True):
        of = factories.registration_settings(
            event=factories.upcoming_event(**same()), capacity=capacity
        ).event
        first = {"name": "王伟" if is_known else "李静"}
        factories.registered(of, **first, email="wei@example.org" if is_known else "a@example.org")
        client = Client()
        with CaptureQueriesContext(connection) as found:
            sent = sends(
                client,
                of,
                {"name": "王伟", "email": "wei@example.org"},
                {"name": "Ann", "email": ""},
                is_together=is_together,
            )
            page = client.get(screen(of)) if sent.status_code == 302 else sent
        pages.append(re.sub(r'value="[^"]{30,}"', "", plain(page).replace(of.slug, "slug")))
        queries.append(len(found))

    assert pages[1] == pages[2]
    assert queries[1] == queries[2]


def test_the_screen_of_a_group_costs_no_more_for_twenty(stranger, event):
    counts = []
    for number in (2, 20):
        client = Client()
        people = [{"name": f"P{n}", "email": ""} for n in range(number)]
        sends(client, event, *people, **{"contact-email": f"c{number}@example.org"})
        group = RegistrationGroup.objects.order_by("pk").last()
        client.get(group_page(group))
        found = []
        for address in (screen(event), group_page(group)):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        counts.append(found)

    assert counts[0] == counts[1]
