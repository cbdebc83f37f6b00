"""Who may work at which desk: every address of it, each with get and post."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from registrations.domain import proof
from registrations.models import CheckIn, Registration
from summit.lib.i18n import clock
from tests import factories
from tests.cast import make_clerk

PAGES = ["desk-door", "desk-walk-in", "desk-counts"]
TAPS = ["desk-check-in", "desk-undo", "desk-admit", "desk-prove"]


@pytest.fixture
def mine(event):
    return factories.registered(event)


def answers(person, url, mine):
    """What each address answers, by its name and method."""
    found = {}
    mark = proof.mark_of_contact(mine)
    for name in (*PAGES, *TAPS):
        found[name, "get"] = person.get(url(name))
        form = {"ticket": mine.ticket, "q": mine.ticket, "contact": mark}
        found[name, "post"] = person.post(url(name), form)
    return found


def test_a_stranger_is_asked_to_log_in(stranger, url, mine):
    for response in answers(stranger, url, mine).values():
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")
    assert stranger.get("/desk/").url == "/admin/login/?next=/desk/"


def test_a_clerk_of_another_event_is_told_whom_to_ask(url, mine):
    clerk = make_clerk(factories.registration_settings().event)

    for response in answers(clerk, url, mine).values():
        assert response.status_code == 403
        assert (
            "You are not assigned to this event. Ask an organizer to assign you." in response.text
        )
        assert "Harbour Summit" not in response.text
        assert mine.name not in response.text
    assert CheckIn.objects.count() == 0


def test_a_clerk_learns_nothing_of_events_that_do_not_exist(clerk):
    page = clerk.get(reverse("desk-door", kwargs={"slug": "nothing"}))

    assert page.status_code == 403
    assert "You are not assigned to this event." in page.text


def test_the_refusal_is_in_the_language_of_the_user(url, mine):
    clerk = make_clerk(factories.registration_settings().event)
    clerk.cookies["django_language"] = "zh-hans"

    page = clerk.get(url("desk-door"))

    assert page.status_code == 403
    assert '<html lang="zh-Hans">' in page.text
    assert 'href="/desk/"' in page.text


def test_an_auditor_may_not_work_at_a_desk(auditor, url, mine):
    for response in answers(auditor, url, mine).values():
        assert response.status_code == 403
    assert auditor.get("/desk/").status_code == 403
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize("who", ["organizer", "superuser", "clerk"])
def test_organizers_and_the_events_own_clerks_may(request, who, url, mine):
    person = request.getfixturevalue(who)

    found = answers(person, url, mine)

    assert {key: response.status_code for key, response in found.items()} == {
        ("desk-door", "get"): 200,
        ("desk-door", "post"): 200,
        ("desk-walk-in", "get"): 200,
        ("desk-walk-in", "post"): 422,
        ("desk-counts", "get"): 200,
        ("desk-counts", "post"): 405,
        # Nothing is done by following a link.
        **{(name, "get"): 302 for name in TAPS},
        **{(name, "post"): 200 for name in TAPS},
    }


def test_organizers_are_told_that_an_event_does_not_exist(organizer):
    assert organizer.get(reverse("desk-door", kwargs={"slug": "nothing"})).status_code == 404


def test_who_is_no_longer_staff_works_at_no_desk(clerk, url):
    clerk.user.is_staff = False
    clerk.user.save()

    response = clerk.get(url("desk-door"))

    assert (response.status_code, response.url.partition("?")[0]) == (302, "/admin/login/")


def test_no_page_of_the_desk_is_kept_anywhere(clerk, url, mine):
    for response in answers(clerk, url, mine).values():
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]


def test_the_desk_sets_no_cookie_beyond_the_log_in(clerk, url, mine):
    set_here = {
        name for response in answers(clerk, url, mine).values() for name in response.cookies
    }

    assert set_here <= {"csrftoken", "sessionid"}


def test_taps_need_the_token_of_the_form(clerk, url, mine):
    clerk.handler.enforce_csrf_checks = True

    for name in TAPS:
        assert clerk.post(url(name), {"ticket": mine.ticket}).status_code == 403
    assert CheckIn.objects.count() == 0
    assert Registration.objects.get().status == "confirmed"


@pytest.mark.parametrize(
    ("who", "days", "status"), [("clerk", 13, 200), ("clerk", 15, 403), ("organizer", 15, 200)]
)
def test_a_desk_closes_to_clerks_two_weeks_after_its_event(request, event, who, days, status):
    person = request.getfixturevalue(who)
    ends_at = timezone.now() - dt.timedelta(days=days)
    Event.objects.update(starts_at=ends_at - dt.timedelta(hours=8), ends_at=ends_at)

    for name in ("desk-door", "desk-export", "desk-badges"):
        assert person.get(reverse(name, args=[event.slug])).status_code == status
    listed = event.slug in person.get("/desk/").text
    assert listed is (status == 200)


def test_a_clerk_is_told_until_when_a_past_event_is_open(event, clerk, organizer):
    ends_at = dt.datetime.now(event.zone) - dt.timedelta(days=1)
    Event.objects.update(starts_at=ends_at - dt.timedelta(hours=8), ends_at=ends_at)
    last = f"{clock.date((ends_at + dt.timedelta(days=14)).date())}"

    words = "This desk is open to you until"
    for address in ("/desk/", reverse("desk-door", args=[event.slug])):
        assert words in clerk.get(address).text
        assert last in clerk.get(address).text
        assert words not in organizer.get(address).text
