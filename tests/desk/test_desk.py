import datetime as dt
import re
import zoneinfo

from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from registrations.domain import check_in
from registrations.models import CheckIn
from summit.lib.i18n import clock
from tests import factories
from tests.cast import make_clerk


def an_event(title, days, **fields):
    start = timezone.now() + dt.timedelta(days=days)
    event = factories.event(
        title_en=title, starts_at=start, ends_at=start + dt.timedelta(hours=8), **fields
    )
    return factories.registration_settings(event=event).event


def titles(page):
    return re.findall(r'desk-event-title"[^>]*>\s*<a href="[^"]+">([^<]+)</a>', page.text)


def test_a_clerk_sees_the_next_event_first_and_the_past_ones_last(db):
    events = [
        an_event(title, days)
        for title, days in (("Later", 9), ("Today", -0.1), ("Earlier", -9), ("Lately", -3))
    ]
    an_event("Not mine", 1)

    page = make_clerk(*events).get("/desk/")

    assert titles(page) == ["Today", "Later", "Lately", "Earlier"]


def test_each_event_says_when_where_and_how_many(db, organizer):
    event = an_event("Summit", 1, venue_en="Hall 3", venue_zh_hans="3号厅")
    for _each in range(3):
        mine = factories.registered(event)
    check_in.check_in(mine, by=organizer.user)

    page = make_clerk(event).get("/desk/")

    assert "China time" in page.text
    assert "Hall 3" in page.text
    assert re.findall(r'data-count="(\w+)">(\d+)<', page.text) == [
        ("arrived", "1"),
        ("expected", "3"),
        ("waiting", "0"),
    ]
    assert f'href="/desk/{event.slug}/"' in page.text
    assert f'href="/desk/{event.slug}/badges/"' in page.text
    assert f'href="/desk/{event.slug}/export/"' in page.text


def test_who_is_assigned_to_nothing_is_told_what_to_do(db):
    page = make_clerk().get("/desk/")

    assert "You are not assigned to an event yet. Ask an organizer to add you" in page.text
    assert "admin" not in re.sub(r"<header.*?</header>", "", page.text, flags=re.S)


def test_an_organizer_without_an_event_that_takes_registrations_is_told_what_to_do(organizer):
    factories.upcoming_event()

    page = organizer.get("/desk/")

    assert "Add registration settings to an event in the admin" in page.text


def test_an_event_that_does_not_take_place_says_so(db):
    page = make_clerk(an_event("Off", 1, status="cancelled")).get("/desk/")

    assert "cancelled" in page.text


def test_costs_the_same_with_one_event_and_three(db, django_assert_num_queries):
    clerk = make_clerk(an_event("First", 1), an_event("Past", -9))
    clerk.get("/desk/")
    with django_assert_num_queries(9):
        clerk.get("/desk/")
    for number in range(2):
        for days in (2, -8):
            event = an_event(f"More {number}", days)
            clerk.user.desk_assignments.create(event=event)
            factories.registered(an_event("Others", 1))
    with django_assert_num_queries(9):
        page = clerk.get("/desk/")

    assert len(titles(page)) == 6


def test_a_desk_says_when_today_is_no_day_of_its_event(db, organizer):
    # Both begin within a minute of today and of tomorrow, where the event is.
    zone = zoneinfo.ZoneInfo("Pacific/Auckland")
    midnight = dt.datetime.combine(dt.datetime.now(zone).date(), dt.time(), zone)
    tomorrow, today = (midnight + dt.timedelta(days=days) for days in (1, 0))
    word = "today is"

    for starts_at, is_said in ((today, False), (tomorrow, True)):
        event = factories.event(
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(days=1),
            time_zone="Pacific/Auckland",
        )
        factories.registration_settings(event=event)
        for name in ("desk-door", "desk-walk-in"):
            page = organizer.get(reverse(name, args=[event.slug])).text
            assert (word in page) is is_said

    words = f"The event is on {clock.date(tomorrow.date())}; today is {clock.date(today.date())}."
    assert words in page


def test_latest_arrivals_leave_the_zone_to_their_heading(db, organizer):
    event = an_event("Summit", 1)
    check_in.check_in(factories.registered(event), by=organizer.user)
    came_at = timezone.now() - dt.timedelta(days=3)
    CheckIn.objects.update(checked_in_at=came_at)

    page = organizer.get(reverse("desk-door", args=[event.slug])).text

    [when] = re.findall(r'latest-when"><time[^>]*>(.+?)</time>', page)
    local = came_at.astimezone(event.zone)
    assert strip_tags(when) == f"{local.day} {local:%B (%a) %H:%M}"
    assert 'Latest arrivals <span class="quiet">(China time)' in page
