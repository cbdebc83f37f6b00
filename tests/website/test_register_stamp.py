"""A form that registers is sent once, and only as the page that showed it."""

import time

import pytest
from django.test import Client

from registrations.domain import known_people
from registrations.forms.registration import SharedForm
from registrations.forms.stamp import MAX_AGE, Stamp
from registrations.models import Registration
from tests import factories, stamps
from tests.threads import at_once
from tests.website.registering import register_url, sends, typed
from throttle import rate_limit


def test_form_sent_twice_is_refused_once_and_keeps_what_was_typed(stranger):
    event = factories.registration_settings().event
    form = typed(event, {"email": "a@b.org"})
    stranger.post(register_url(event), form)

    page = stranger.post(register_url(event), form | {"people-0-email": "b@b.org"})
    stamp = page.context["shared"]["shown_at"].value()
    again = stranger.post(
        register_url(event), form | {"people-0-email": "b@b.org", "shown_at": stamp}
    )

    assert page.status_code == 422
    assert "This form has already been sent" in page.text
    assert 'value="b@b.org"' in page.text
    assert again.status_code == 302
    assert sorted(Registration.objects.values_list("email", flat=True)) == ["a@b.org", "b@b.org"]


def test_one_more_press_succeeds_without_a_wait(stranger, settings):
    settings.FORM_MIN_SECONDS = 3
    event = factories.registration_settings().event
    form = typed(event, {"email": "a@b.org"})
    stranger.post(register_url(event), form)

    page = stranger.post(register_url(event), form)
    stamp = page.context["shared"]["shown_at"].value()

    assert stranger.post(register_url(event), form | {"shown_at": stamp}).status_code == 302


@pytest.mark.parametrize("shared", [{"category": ""}, {"more": "1"}])
def test_stamp_of_a_form_that_was_not_taken_is_not_used(stranger, shared):
    event = factories.registration_settings().event
    form = typed(event)

    page = stranger.post(register_url(event), form | shared)
    stamp = page.context["shared"]["shown_at"].value()

    assert stamp == form["shown_at"]
    assert stranger.post(register_url(event), form).status_code == 302


def test_stamp_of_a_form_that_was_refused_whole_is_not_used(stranger, capped, monkeypatch):
    monkeypatch.setattr(known_people, "MOST_OF_A_CONTACT", 3)
    form = typed(capped, *[{"email": "office@example.org"}] * 4)

    refused = stranger.post(register_url(capped), form)

    assert refused.status_code == 422
    fewer = {name: value for name, value in form.items() if not name.startswith("people-3")}
    fewer["people-TOTAL_FORMS"] = 3
    assert stranger.post(register_url(capped), fewer).status_code == 302


@pytest.mark.parametrize("of", ["another event", "another form", "another day"])
def test_stamp_of_something_else_is_refused(stranger, of):
    event, other = (factories.registration_settings().event for _n in range(2))
    purpose = SharedForm.purpose_of(event)
    stamp = {
        "another event": stamps.of_registration(other),
        "another form": stamps.of_lost_link(),
        "another day": str(Stamp(purpose, "x", 1.0, int(time.time()) - 24 * 3600)),
    }[of]

    page = sends(stranger, event, shown_at=stamp)
    renewed = page.context["shared"]["shown_at"].value()

    assert page.status_code == 422
    assert "The form was sent unusually fast" in page.text
    assert sends(stranger, event, shown_at=renewed).status_code == 302


def test_lost_link_form_is_sent_once(stranger):
    form = {"shown_at": stamps.of_lost_link(), "email": "a@b.org"}

    pages = [stranger.post("/en/my/", form) for _n in range(2)]

    assert [page.status_code for page in pages] == [200, 422]
    assert "This form has already been sent" in pages[1].text


def test_one_stamp_at_once_registers_once(transactional_db):
    event = factories.registration_settings().event
    form = typed(event)
    forms = [form | {"people-0-email": f"p{number}@b.org"} for number in range(4)]

    answers = at_once(*(lambda f=f: Client().post(register_url(event), f) for f in forms))

    assert sorted(answer.status_code for answer in answers) == [302, 422, 422, 422]
    assert Registration.objects.count() == 1


def test_used_stamps_are_remembered_for_longer_than_they_hold(stranger):
    event = factories.registration_settings().event
    issued = int(time.time()) - MAX_AGE + 60
    stamp = str(Stamp(SharedForm.purpose_of(event), "x", 1.0, issued))
    sends(stranger, event, shown_at=stamp)

    rate_limit.forget()

    assert sends(stranger, event, shown_at=stamp).status_code == 422
