"""What is typed to find an attendee in the admin stands in no address."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from backoffice.kit.private_search import COOKIE, MOST
from registrations.models import Registration
from tests import factories
from tests.backoffice.posting import search

LIST = "/admin/registrations/registration/"


@pytest.fixture
def two(db) -> list[Registration]:
    event = factories.registration_settings().event
    return [factories.registered(event, name=name) for name in ("Zephyrine Quill", "王伟")]


def found(page):
    return [row.name for row in page.context["cl"].result_list]


def test_words_are_in_no_address(organizer, two):
    address = search(organizer, "Zephyrine", "?status__exact=confirmed&p=2")
    page = organizer.get(address)

    assert found(page) == ["Zephyrine Quill"]
    assert address.startswith(f"{LIST}?status__exact=confirmed&q=")
    assert 'value="Zephyrine"' in page.text
    links = [part.partition('"')[0] for part in page.text.split('href="')[1:]]
    assert [link for link in links if "ephyrine" in link] == []
    assert any("&amp;q=" in link or "?q=" in link for link in links)


def test_form_of_the_list_posts_them(organizer, two):
    assert '<form id="changelist-search" method="post"' in organizer.get(LIST).text


def test_words_stay_in_the_browser_that_typed_them(organizer, superuser, two):
    address = search(organizer, "王伟")

    cookie = organizer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", LIST)
    assert cookie["max-age"] == ""
    assert superuser.get(address).status_code == 302
    superuser.cookies[COOKIE] = cookie.value
    page = superuser.get(address, follow=True)
    assert len(found(page)) == 2
    assert "This search has expired. Search again." in page.text


def test_address_with_words_finds_everybody_and_says_so(organizer, two):
    page = organizer.get(f"{LIST}?q=Zephyrine&status__exact=confirmed", follow=True)

    assert page.redirect_chain == [(f"{LIST}?status__exact=confirmed", 302)]
    assert len(found(page)) == 2
    assert "This search has expired. Search again." in page.text


def test_nothing_typed_shows_everybody(organizer, two):
    address = search(organizer, "Zephyrine", "?status__exact=confirmed")
    query = address.removeprefix(LIST)

    assert search(organizer, "  ", query) == f"{LIST}?status__exact=confirmed"


def test_earlier_searches_can_be_gone_back_to(organizer, two):
    addresses = [search(organizer, "Zephyrine"), search(organizer, "王伟")]

    pages = [organizer.get(address) for address in addresses]
    for number in range(MOST):
        search(organizer, f"{number}" * 500)

    assert [found(page) for page in pages] == [["Zephyrine Quill"], ["王伟"]]
    assert organizer.get(addresses[0]).status_code == 302
    assert len(organizer.cookies[COOKIE].OutputString()) < 4000


def test_longest_searches_in_chinese_fit_a_cookie(organizer, two):
    for number in range(MOST + 1):
        words = "".join(chr(0x4E00 + (number * 977 + place * 131) % 20_000) for place in range(500))
        address = search(organizer, words)

    assert organizer.get(address).status_code == 200
    assert len(organizer.cookies[COOKIE].OutputString()) < 4000


@pytest.mark.parametrize("value", ["", "nonsense", "bm9uc2Vuc2U:1a:abc", "x" * 4000])
def test_cookie_that_somebody_else_wrote_is_none(organizer, two, value):
    organizer.cookies[COOKIE] = value

    assert organizer.get(f"{LIST}?q=abc").status_code == 302


def test_stranger_searches_nothing(two):
    answer = Client().post(LIST, {"q": "Zephyrine"})

    assert answer.status_code == 302
    assert answer.url.startswith(f"{reverse(settings.LOGIN_URL)}?next=")
    assert COOKIE not in answer.cookies


def test_who_may_not_see_attendees_searches_nothing(stranger, two, django_user_model):
    clerk = django_user_model.objects.create_user("clerk", is_staff=True)
    stranger.force_login(clerk)

    assert stranger.get(search(stranger, "Zephyrine")).status_code == 403
