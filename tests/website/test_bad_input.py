"""Whatever arrives at the public forms is answered in words and never breaks a page."""

import pytest

from registrations.models import Registration
from tests import factories
from tests.website.registering import register_url, typed

pytestmark = pytest.mark.django_db
KINDS = {"short_text": "", "choice": "Tea\nCoffee", "choices": "A\nB\nC", "yes_no": ""}


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (10**6, 600))


@pytest.fixture
def asking(db):
    """An event that asks everything there is to ask."""
    how = factories.registration_settings(ask_phone="optional", ask_position="optional")
    for kind, options in KINDS.items():
        factories.question(settings=how, kind=kind, options_en=options)
    return how


@pytest.mark.parametrize("number", ["abc", "-1", "0", "", "1e3", "9" * 5000, "१"])
@pytest.mark.parametrize("more", [{}, {"more": "1"}])
def test_nonsense_in_hidden_fields_still_shows_somebody_to_fill_in(stranger, asking, number, more):
    hidden = {"people-TOTAL_FORMS": number, "people-INITIAL_FORMS": number}

    page = stranger.post(
        register_url(asking.event), typed(asking.event, {"name": ""}, **hidden, **more)
    )

    assert page.status_code == (200 if more else 422)
    assert 'name="people-0-name"' in page.text
    assert Registration.objects.count() == 0


def test_more_people_than_the_most_are_refused_and_nobody_is_registered(stranger, asking):
    page = stranger.post(
        register_url(asking.event), typed(asking.event, **{"people-TOTAL_FORMS": "9999"})
    )

    assert page.status_code == 422
    assert "At most 20" in page.text
    assert Registration.objects.count() == 0


def test_line_breaks_and_turned_text_never_enter_a_name(stranger, asking):
    name = "Ann\r\nBcc: Bob \u202egnp\x1b[31m\u3000王伟"

    stranger.post(register_url(asking.event), typed(asking.event, {"name": name}))

    assert Registration.objects.get().name == "Ann Bcc: Bob gnp[31m 王伟"


@pytest.mark.parametrize("field", ["name", "email", "phone", "position", "organization_name"])
def test_endless_text_is_refused_in_every_field(stranger, asking, field):
    text = "x" * 10_000
    person, shared = ({}, {field: text}) if field == "organization_name" else ({field: text}, {})
    page = stranger.post(register_url(asking.event), typed(asking.event, person, **shared))

    assert page.status_code == 422
    assert 'class="errorlist"' in page.text
    assert Registration.objects.count() == 0


def test_answers_to_questions_of_other_events_are_left_out(stranger, asking):
    foreign = factories.question()
    smuggled = {f"question_{foreign.pk}": "smuggled", "question_x": "1", "question_": "2"}

    stranger.post(register_url(asking.event), typed(asking.event, smuggled))

    assert Registration.objects.get().answers.count() == 0
