"""The trap of public forms catches programs, and lets people go on whose browser fell into it."""

import pytest
from django.urls import reverse

from registrations.forms.stamp import Stamp
from registrations.models import Registration
from tests import factories, stamps
from tests.website.registering import register_url, typed

FILLED = {"leave_empty": "https://www.example.org"}


@pytest.fixture
def event(db):
    return factories.registration_settings().event


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("filled_again", [{}, FILLED, {"leave_empty": "x" * 9000}])
def test_a_form_that_a_browser_filled_is_taken_when_it_is_sent_again(
    stranger, event, language, filled_again
):
    address = register_url(event, language)
    form = typed(event, {"name": "王伟"}) | FILLED

    refused = stranger.post(address, form)
    shared = refused.context["shared"]
    kept = typed(event, {"name": "王伟"}) | {"shown_at": shared["shown_at"].value()}
    taken = stranger.post(address, kept | filled_again)

    assert refused.status_code == 422
    assert shared["leave_empty"].value() == ""
    assert "王伟" in refused.text
    assert "www.example.org" not in refused.text
    assert taken.status_code == 302
    assert Registration.objects.count() == 1


def test_a_form_with_other_mistakes_comes_back_with_an_empty_trap(stranger, event):
    page = stranger.post(register_url(event), typed(event, {"name": ""}) | FILLED)

    assert page.context["shared"]["leave_empty"].value() == ""


def test_the_trap_is_empty_after_another_person_is_added(stranger, event):
    page = stranger.post(register_url(event), typed(event, more="1") | FILLED)

    assert "www.example.org" not in page.text


def test_fillers_know_no_text_for_the_trap(stranger, event):
    page = stranger.get(register_url(event)).text

    assert 'name="website"' not in page
    assert 'name="leave_empty"' in page


def test_a_lost_link_is_sent_by_one_more_press(stranger, event):
    person = factories.registered(event)
    address = reverse("lost-link")
    form = {"email": person.email, "shown_at": stamps.of_lost_link(), **FILLED}

    refused = stranger.post(address, form)
    stamp = refused.context["form"]["shown_at"].value()
    taken = stranger.post(address, form | {"shown_at": stamp})

    assert (refused.status_code, taken.status_code) == (422, 200)
    assert person.mails.filter(kind="link").count() == 1


def test_stamps_of_before_are_read(event):
    stamp = Stamp.issue("link")

    assert Stamp.read(str(stamp), "link") == stamp
    assert not stamp.is_of_refused
