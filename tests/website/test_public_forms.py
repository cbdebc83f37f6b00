"""What strangers can send: each form is counted, and every other address takes nothing."""

import time

import pytest
from django.urls import reverse

from summit.lib.web import constant_pace
from summit.lib.web.signed_links import sign
from tests import factories, stamps
from tests.pages import public_patterns, story
from throttle.models import RateCount

pytestmark = pytest.mark.django_db

# By what each form is counted; tests of each form show that it is refused past the limit.
FORMS = {
    "register": "form",
    "lost-link": "link",
    "find-registration": "form",
    "find-by-text": "form",
    "registered-correct": "form",
    "registered-cancel": "form",
    "registered-accept": "form",
    "registered-way": "form",
    "registered-withdraw": "form",
    "registered-send-code": "form",
    "registered-enter-code": "form",
    "registered-number": "form",
    "registered-number-code": "form",
    "registered-own-code": "form",
    "registered-own-code-enter": "form",
    "registered-number-stop": "form",
    "registered-remove": "form",
    "registered-contact": "form",
    "registered-singly": "form",
    "registered-leave": "form",
    "my-group-correct": "code",
    "my-group-cancel": "code",
    "my-group-accept": "code",
    "my-group-singly": "code",
    "not-me": "code",
    "my-correct": "code",
    "my-address": "code",
    "my-stop-address": "code",
    "confirm-address": "code",
    "my-cancel": "code",
    "my-accept": "code",
    "my-decline": "code",
    "my-consent": "code",
    "my-choices": "code",
    "my-way": "code",
    "my-erase-answer": "code",
    "my-new-link": "code",
    **{
        f"my-meetings-{name}": "code"
        for name in (
            *("entry", "leave", "away", "person", "request", "who", "call-off", "feedback"),
        )
    },
    "event-interest": "form",
    "expert-interest": "form",
    "project-interest": "form",
    "interests-leave": "form",
    **{f"my-expert{more}": "form" for more in ("", "-withdraw", "-renew", "-erase")},
    **{f"my-expert-slides{more}": "form" for more in ("", "-remove")},
    **{f"my-expert-{more}": "form" for more in ("travel", "passport")},
    "my-interest-withdraw": "code",
    "my-interest-renew": "code",
    "my-interest-delete": "code",
    "call": "form",
    "find-submission": "form",
    **{f"submission{more}": "form" for more in ("", "-withdraw", "-renew", "-erase", "-another")},
    "submission-files": "form",
    "submission-file-remove": "form",
    "subscribe": "link",
    "subscribe-code": "form",
    "subscription": "code",
    "subscription-end-at-once": "code",
    "staff-forgotten": "staff-link",
    "staff-log-in-link": "staff-link",
    "staff-new-authenticator": "staff-set-up",
    "staff-new-password": "staff-set-up",
    "staff-no-authenticator": "staff-link",
    "set_language": "form",
    # For who has the right password alone; wrong codes are failed log-ins.
    "staff-code": None,
    # Takes nothing but a mailed link, once.
    "staff-open-log-in": None,
    # Forgets what stands in the visitor's own session.
    "staff-recovery-codes": None,
}
ARGUMENTS = {
    "code": sign("no such code"),
    "event": "x",
    "file_code": "x",
    "number": 1,
    "path": "x.webp",
    "slug": "x",
    "token": "x",
}


def posted(client, pattern, arguments):
    if pattern.name in arguments:
        kwargs = arguments[pattern.name]
    else:
        kwargs = {name: ARGUMENTS[name] for name in pattern.pattern.converters}
    return client.post(reverse(pattern.name, kwargs=kwargs), {"email": "ann@example.org"})


def test_every_address_that_takes_a_form_is_in_the_table(client, settings):
    by_code = {"event-file": {"code": "x"}, "poster": {"code": "x"}, "hall-screen": {"signed": "x"}}
    arguments = {**story().arguments(), **by_code}

    takes = {
        pattern.name
        for pattern in public_patterns()
        if posted(client, pattern, arguments).status_code != 405
    }

    assert takes == set(FORMS)
    assert {scope for scope in FORMS.values() if scope} <= set(settings.RATE_LIMITS)


# Those of the log-in count by the account what fails: tests/staff/views has their tests.
@pytest.mark.parametrize("name", [name for name in FORMS if not name.startswith("staff-")])
def test_whatever_is_sent_is_counted_and_refused_past_the_limit(client, settings, name):
    arguments = story().arguments()
    factories.registration_settings(event=factories.upcoming_event(slug="x"))
    pattern = next(each for each in public_patterns() if each.name == name)
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (0, 600))

    answer = posted(client, pattern, arguments)

    assert RateCount.objects.exists()
    assert answer.status_code in (422, 429)


def test_each_thing_sent_to_a_personal_page_is_counted(client, settings):
    row = factories.registered(factories.registration_settings().event)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"form": (2, 600)}
    address = reverse("my-correct", kwargs={"code": sign(row.code)})

    codes = [client.post(address, {"name": ""}).status_code for _n in range(3)]

    assert codes == [422, 422, 429]
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", [name for name, scope in FORMS.items() if scope == "code"])
def test_guess_at_a_personal_page_is_counted(client, name):
    pattern = next(each for each in public_patterns() if each.name == name)

    client.post(
        reverse(name, kwargs={each: ARGUMENTS[each] for each in pattern.pattern.converters})
    )

    assert RateCount.objects.get().count == 1


def test_lost_link_is_counted_for_the_network_and_for_the_address(client):
    for email in ("ann@example.org", "bo@example.org"):
        client.post("/en/my/", {"shown_at": stamps.of_lost_link(), "email": email})

    # Besides, each stamp is used once.
    assert sorted(RateCount.objects.values_list("count", flat=True)) == [*[1, 1], *[1, 1], 2]


@pytest.mark.usefixtures("real_pace")
@pytest.mark.parametrize("address", ["/en/my/", "/staff/forgotten/", "/staff/log-in-link/"])
def test_pace_of_the_answer_does_not_tell_that_nobody_has_the_address(client, address):
    form = {
        "shown_at": stamps.of_lost_link(),
        "email": "ann@example.org",
        "username": "ann",
    }

    start = time.monotonic()
    answer = client.post(address, form)

    # Whoever is known is looked up, and a mail to them queued, long before that.
    assert answer.status_code == 200
    assert time.monotonic() - start >= constant_pace.SECONDS > 0.1
