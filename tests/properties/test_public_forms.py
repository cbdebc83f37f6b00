"""Every form that a stranger can send, with anything in it."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain import feed
from registrations.models import Question, Registration
from summit.lib.web.signed_links import sign
from tests import factories, stamps
from tests.properties.hostile import ask, encoded, is_refused_null, pairs

pytestmark = pytest.mark.django_db

# A registration of ten people locks, counts, writes and queues a mail for each.
FORM_BUDGET = 120
emails = st.emails().map(quote)


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (10**6, 600))


@pytest.fixture
def event(db):
    """An event that asks everything there is to ask."""
    how = factories.registration_settings(
        ask_phone="optional", ask_position="required", needs_approval=True, capacity=1
    )
    for kind in Question.Kind.values:
        options = "A\nB\nC" if kind in ("choice", "choices") else ""
        factories.question(settings=how, kind=kind, options_en=options)
    return how.event


@pytest.fixture
def mine(event):
    return factories.registered(event)


def fields_of(event):
    questions = [f"question_{pk}" for pk in Question.objects.values_list("pk", flat=True)]
    shared = ["organization_name", "category", "consent", "shown_at", "leave_empty", "more"]
    of_person = ["name", "email", "phone", "position", *questions]
    management = ["TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"]
    in_set = [f"people-{number}-{name}" for number in (0, 1, 9) for name in of_person]
    return [*shared, *of_person, *in_set, *[f"people-{name}" for name in management]]


@given(data=st.data())
def test_registration_takes_anything(stranger, event, data):
    people = data.draw(st.integers(-3, 12) | encoded)
    body = data.draw(pairs(fields_of(event), most=30))

    body = f"{body}&people-TOTAL_FORMS={people}&people-INITIAL_FORMS=0"
    response = ask(
        stranger,
        "POST",
        f"/{data.draw(st.sampled_from(['en', 'zh-hans']))}/events/{event.slug}/register/",
        body=body,
        budget=FORM_BUDGET,
    )

    assert response.status_code in (200, 302, 422) or is_refused_null(response, body)
    assert Registration.objects.count() == 0


@given(name=encoded, email=encoded | emails, answers=st.data())
def test_registration_takes_anything_in_some_fields_of_a_whole_form(
    stranger, event, name, email, answers
):
    asked = [f"question_{pk}" for pk in Question.objects.values_list("pk", flat=True)]
    some = answers.draw(st.lists(st.sampled_from(["phone", *asked]), unique=True))
    typed = "&".join(f"people-0-{field}={answers.draw(encoded)}" for field in some)
    whole = (
        "people-TOTAL_FORMS=1&people-INITIAL_FORMS=0&organization_name=W&category=company"
        f"&consent=on&people-0-name={name}&people-0-email={email}&people-0-position=P&{typed}"
        f"&shown_at={quote(stamps.of_registration(event))}"
    )

    response = ask(
        stranger, "POST", f"/en/events/{event.slug}/register/", body=whole, budget=FORM_BUDGET
    )

    assert response.status_code in (302, 422) or is_refused_null(response, whole)


@given(body=pairs(["email", "leave_empty", "shown_at"]))
def test_lost_link_takes_anything(stranger, event, body):
    body = f"shown_at={quote(stamps.of_lost_link())}&{body}"

    response = ask(stranger, "POST", "/en/my/", body=body, budget=FORM_BUDGET)

    assert response.status_code in (200, 422) or is_refused_null(response, body)


@given(data=st.data())
@pytest.mark.parametrize(
    "page", ["", "correct/", "cancel/", "accept/", "new-link/", "data/", "data.json"]
)
def test_personal_page_takes_anything(stranger, event, mine, page, data):
    address = f"/en/my/{sign(mine.code)}/{page}"
    method = data.draw(st.sampled_from(["GET", "POST", "PUT"]))
    body = data.draw(pairs(fields_of(event), most=20))

    response = ask(stranger, method, f"{address}?{body}", body=body, budget=FORM_BUDGET)

    taken = response.status_code in (200, 302, 405, 409, 422)
    assert taken or is_refused_null(response, body)


@given(
    change=st.sampled_from(["{}x", "x{}", "{}.", ".{}", "{}%00", "{}/..", "{}:{}"]), part=encoded
)
def test_code_that_was_tampered_with_opens_nothing(stranger, mine, organizer, change, part):
    for place, key in (
        ("/en/my/{}/", sign(mine.code)),
        ("/en/follow-ups/{}/calendar.ics", feed.key_of(feed.create(organizer.user))),
    ):
        for code in (change.format(key, key), f"{key}{part or 'x'}", f"{part}{key}"):
            if code != key:
                response = ask(stranger, "GET", place.format(code))
                assert response.status_code in (302, 400, 404)
