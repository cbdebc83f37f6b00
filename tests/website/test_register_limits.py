"""People are counted, and whatever strangers send; a network holds few seats."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from registrations.domain import check_in, personal_link, place, registration
from registrations.models import Registration
from summit.lib.web.signed_links import sign
from tests import factories, stamps
from tests.website.registering import register_url, sends, ten, typed
from throttle import rate_limit


@pytest.fixture(autouse=True)
def _within_one_window():
    """What is counted begins anew every ten minutes; no test crosses that moment."""
    with time_machine.travel(timezone.now().replace(minute=0, second=1)):
        yield


def test_people_are_counted_and_not_forms(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (25, 600)}
    event = factories.registration_settings().event

    pages = [sends(stranger, event, *ten(name)) for name in "abc"]

    assert [page.status_code for page in pages] == [302, 302, 422]
    assert "Too many attempts from here" in pages[2].text
    assert 'value="c9@example.org"' in pages[2].text
    assert Registration.objects.count() == 20


@pytest.mark.parametrize(
    ("shared", "code"),
    [
        ({"category": ""}, 422),
        ({"leave_empty": "http://spam.example"}, 422),
        ({"shown_at": "made-up"}, 422),
        ({"people-TOTAL_FORMS": "9999"}, 422),
        ({}, 409),
    ],
)
def test_forms_that_are_refused_are_counted_apart(stranger, settings, shared, code):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (1, 600), "form": (3, 600)}
    event = factories.registration_settings().event
    if code == 409:
        Event.objects.update(status="cancelled", cancelled_at=timezone.now())

    codes = [sends(stranger, event, **shared).status_code for _n in range(3)]
    last = sends(stranger, event, **shared)
    Event.objects.update(status="published", cancelled_at=None)
    right = sends(stranger, event)

    assert codes == [code] * 3
    assert last.status_code == (429 if code == 409 else 422)
    assert "Too many attempts from here" in last.text
    assert right.status_code == 302


def test_posts_to_events_that_are_none_are_counted(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"form": (2, 600)}

    codes = [stranger.post("/en/events/none/register/").status_code for _n in range(3)]

    assert codes == [404, 404, 429]


def test_sixty_colleagues_who_mistype_first_are_all_registered(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (60, 600), "form": (300, 600)}
    event = factories.registration_settings(capacity=100, hold_hours=24).event

    for number in range(60):
        person = {"name": f"Person {number}", "email": f"person{number}@example.org"}
        wrong = sends(stranger, event, person, category="")
        assert (wrong.status_code, "Too many" in wrong.text) == (422, False)
        assert sends(stranger, event, person).status_code == 302

    assert Registration.objects.count() == 60
    one_more = sends(stranger, event, {"email": "one-more@example.org"})
    assert (one_more.status_code, "Too many attempts" in one_more.text) == (422, True)


def test_people_who_were_refused_take_nothing_from_those_of_the_network(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (2, 600), "mailbox": (1, 600)}
    event = factories.registration_settings().event
    first = typed(event, {"email": "a@b.org"})

    codes = [
        stranger.post(register_url(event), form).status_code
        for form in (
            first,
            # Sent twice, to a mailbox that is full, and too many at once.
            first,
            typed(event, {"email": "a@b.org"}),
            typed(event, *ten("c")),
            typed(event, {"email": "d@b.org"}),
            typed(event, {"email": "e@b.org"}),
        )
    ]

    assert codes == [302, 422, 422, 422, 302, 422]


def test_asking_for_more_blocks_takes_nothing_from_the_registrations(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (1, 600), "form": (3, 600)}
    event = factories.registration_settings().event

    codes = [sends(stranger, event, more="1").status_code for _n in range(4)]

    assert codes == [200, 200, 200, 429]
    assert sends(stranger, event).status_code == 302


def test_invalid_lost_links_are_counted_too(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"link": (2, 600)}
    for _n in range(2):
        stranger.post("/en/my/", {"email": "nobody"})

    page = stranger.post("/en/my/", {"email": "a@b.org", "shown_at": stamps.of_lost_link()})

    assert page.status_code == 422
    assert "Too many attempts from here" in page.text


# Seats held for one network


def statuses() -> list[str]:
    return list(Registration.objects.order_by("pk").values_list("status", flat=True))


def test_network_holds_no_more_seats_than_the_limit_and_nobody_is_refused(stranger, capped):
    first = sends(stranger, capped, {"email": "a@b.org"}, {"email": "b@b.org"})
    second = sends(stranger, capped, {"email": "c@b.org"}, {"email": "d@b.org"})

    assert [page.status_code for page in (first, second)] == [302, 302]
    assert statuses() == ["held"] * 3 + ["waitlisted"]


def test_opened_links_make_room_for_the_colleagues(stranger, capped):
    for name in "abcd":
        sends(stranger, capped, {"email": f"{name}@b.org"})

    for row in Registration.objects.order_by("pk")[:2]:
        stranger.get(reverse("my-registration", args=[sign(row.code)]))
    for name in "ef":
        sends(stranger, capped, {"email": f"{name}@b.org"})

    assert statuses() == ["confirmed"] * 2 + ["held"] * 3 + ["waitlisted"]


def test_seats_that_were_given_back_are_no_reason_to_hold_new_ones(stranger, capped, organizer):
    for name in "abc":
        sends(stranger, capped, {"email": f"{name}@b.org"})

    place.cancel_all(Registration.objects.all(), by=organizer.user, tell=False)
    sends(stranger, capped, {"email": "d@b.org"})

    assert statuses() == ["cancelled"] * 3 + ["waitlisted"]


def test_other_networks_other_events_and_another_day_hold_seats_of_their_own(stranger, capped):
    other = factories.registration_settings(capacity=100, hold_hours=24).event
    for name in "abc":
        sends(stranger, capped, {"email": f"{name}@b.org"})

    stranger.post(
        register_url(capped), typed(capped, {"email": "d@b.org"}), REMOTE_ADDR="203.0.113.9"
    )
    sends(stranger, other, {"email": "a@b.org"})
    Registration.objects.update(registered_at=timezone.now() - dt.timedelta(days=2))
    sends(stranger, capped, {"email": "e@b.org"})

    assert statuses() == ["held"] * 6


def test_midnight_makes_no_room_for_the_same_network(stranger, capped, time_machine):
    def send(moment, name):
        time_machine.move_to(moment, tick=False)
        sends(stranger, capped, {"email": f"{name}@b.org"})
        return statuses()[-1]

    before = [send("2020-03-01 23:58Z", name) for name in "abc"]

    assert before == ["held"] * 3
    assert send("2020-03-02 00:02Z", "d") == "waitlisted"
    assert send("2020-03-02 23:57Z", "e") == "waitlisted"
    rate_limit.forget()
    assert send("2020-03-02 23:57Z", "f") == "waitlisted"


def test_one_network_of_ipv6_is_one_whatever_its_addresses(stranger, capped):
    for number in range(1, 6):
        stranger.post(
            register_url(capped),
            typed(capped, {"email": f"p{number}@b.org"}),
            REMOTE_ADDR=f"2001:db8:1:1::{number:x}",
        )

    assert statuses() == ["held"] * 3 + ["waitlisted"] * 2


def test_of_the_network_a_hash_is_kept_for_a_day_and_until_it_is_proven(stranger, capped):
    for name in "ab":
        sends(stranger, capped, {"email": f"{name}@b.org"})
    proven, old = Registration.objects.order_by("pk")
    keys = {proven.network_key, old.network_key}

    personal_link.prove(proven)
    before = registration.forget_networks()
    Registration.objects.update(registered_at=timezone.now() - dt.timedelta(days=2))
    after = registration.forget_networks()

    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert (before, after) == (0, 1)
    assert set(Registration.objects.values_list("network_key", flat=True)) == {""}


def test_check_in_proves_the_address(capped, organizer):
    row = factories.registered(capped)

    check_in.check_in(row, by=organizer.user)

    row.refresh_from_db()
    assert row.proven_at is not None
