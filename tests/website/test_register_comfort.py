"""The registration form: switching the language, further people, and what a browser fills in."""

import re

import pytest

from registrations.models import Registration
from tests import factories
from tests.website.registering import register_url, typed

pytestmark = pytest.mark.django_db


def test_the_other_language_keeps_what_was_typed_in_no_address(stranger):
    event = factories.registration_settings().event
    form = typed(event, {"name": "王伟", "email": "not yet"}, {"name": "Ann"}, again="1")

    response = stranger.post(register_url(event, "zh-hans"), form)

    assert response.status_code == 200
    assert '<html lang="zh-Hans">' in response.text
    assert 'value="王伟"' in response.text
    assert 'value="not yet"' in response.text
    assert 'value="Ann"' in response.text
    assert "people-2-name" not in response.text
    assert 'class="errorlist"' not in response.text
    assert Registration.objects.count() == 0


def test_the_switch_is_a_button_of_the_form(stranger):
    event = factories.registration_settings().event

    page = stranger.get(register_url(event)).text

    buttons = re.findall(r'<button class="language"[^>]*>', page)
    assert len(buttons) == 2
    for button in buttons:
        assert 'form="registration"' in button
        assert f'formaction="/zh-hans/events/{event.slug}/register/"' in button
    assert 'class="language" href' not in page


def test_a_browser_offers_the_contact_persons_data_to_nobody_else(stranger):
    event = factories.registration_settings().event
    factories.question(settings=event.registration_settings)

    page = stranger.get(register_url(event) + "?people=3").text

    found = re.findall(r'<input[^>]*name="people-(\d)-\w+"[^>]*>', page)
    assert set(found) == {"0", "1", "2"}
    for box in re.findall(r'<input[^>]*name="people-[012]-[^>]*>', page):
        if 'type="hidden"' not in box:
            assert 'autocomplete="off"' in box
    assert 'autocomplete="name"' in re.search(r'<input[^>]*name="contact-name"[^>]*>', page)[0]
    alone = stranger.get(register_url(event)).text
    assert 'autocomplete="name"' in re.search(r'<input[^>]*name="people-0-name"[^>]*>', alone)[0]
