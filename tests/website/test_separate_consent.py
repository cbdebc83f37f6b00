import pytest
from django.urls import reverse
from django.utils import translation

from registrations.models import Consent, Registration, SeparateConsent
from summit.lib.web.signed_links import sign
from tests import factories
from tests.website.registering import register_url, sends, typed


@pytest.fixture
def asked(db) -> SeparateConsent:
    return factories.separate_consent(recipient_en="Harbour Alliance", is_abroad=True)


def my(person: Registration, name: str = "my-registration") -> str:
    return reverse(name, args=[sign(person.code)])


def given() -> list[int]:
    return list(Consent.objects.standing().values_list("to", flat=True))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "My data may be given to Harbour Alliance."), ("zh-hans", "Harbour Alliance")],
)
def test_the_form_asks_below_the_notice_and_ticks_nothing(stranger, asked, language, sentence):
    page = stranger.get(register_url(asked.settings.event, language)).text

    assert page.index('name="consent"') < page.index(f'value="{asked.key}"')
    assert sentence in page
    assert f'value="{asked.key}" checked' not in page
    assert "list@example.org" in page


def test_what_is_not_offered_is_not_asked(stranger, asked):
    asked.is_offered = False
    asked.save()

    assert "agreed" not in stranger.get(register_url(asked.settings.event)).text


def test_a_ticked_box_is_noted_with_the_registration(stranger, asked):
    photos = factories.separate_consent(settings=asked.settings, kind="photos")

    answer = sends(stranger, asked.settings.event, agreed=asked.key)

    assert answer.status_code == 302
    assert given() == [asked.pk]
    assert photos.pk not in given()


def test_registering_needs_no_separate_consent(stranger, asked):
    assert sends(stranger, asked.settings.event).status_code == 302
    assert given() == []


def test_nobody_agrees_for_a_second_person(stranger, asked):
    event = asked.settings.event

    page = stranger.get(f"{register_url(event)}?people=2").text
    sends(stranger, event, {}, {}, agreed=asked.key)

    assert asked.key not in page
    assert "Each person agrees for themselves" in page
    assert Registration.objects.count() == 2
    assert given() == []


def test_a_box_whose_wording_has_changed_is_shown_anew(stranger, asked):
    old = asked.key
    asked.purpose_en = "advertising"
    asked.save()

    answer = sends(stranger, asked.settings.event, agreed=old)

    assert answer.status_code == 422
    assert "was changed meanwhile" in answer.text
    assert not Registration.objects.exists()


def test_a_ticked_box_stays_ticked_in_the_other_language(stranger, asked):
    event = asked.settings.event
    data = typed(event, agreed=asked.key) | {"again": "1"}

    page = stranger.post(register_url(event, "zh-hans"), data).text
    assert f'value="{asked.key}" checked' in page


def test_the_personal_page_gives_and_withdraws(stranger, asked):
    mine = factories.registered(asked.settings.event)

    page = stranger.get(my(mine)).text
    stranger.post(my(mine, "my-choices"), {"shown": asked.key, "agreed": asked.key})
    agreed = given(), f'value="{asked.key}" checked' in stranger.get(my(mine)).text
    stranger.post(my(mine, "my-choices"), {"shown": asked.key})

    assert f'value="{asked.key}" checked' not in page
    assert agreed == ([asked.pk], True)
    assert given() == []


def test_the_personal_page_refuses_in_words(stranger, asked):
    mine = factories.registered(asked.settings.event)

    answer = stranger.post(my(mine, "my-choices"), {"agreed": "7-none"})

    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text


def test_own_data_shows_the_wording_and_both_moments(stranger, asked):
    mine = factories.registered(asked.settings.event, agreed=[asked])
    stranger.post(my(mine, "my-choices"), {"shown": asked.key})

    page = stranger.get(my(mine, "my-data-page")).text

    assert "My data may be given to Harbour Alliance." in page
    assert "agreed on" in page
    assert "withdrawn on" in page


def test_the_screen_withdraws_and_gives_nothing(stranger, asked):
    event = asked.settings.event
    sends(stranger, event, {"email": "", "phone": "138 0013 8000"}, agreed=asked.key)
    screen = reverse("registered", args=[event.slug])
    withdraw = reverse("registered-withdraw", args=[event.slug, 1])

    page = stranger.get(screen).text
    for wrong in ("", "x", "9" * 30):
        stranger.post(withdraw, {"consent": wrong})
    before = given()
    stranger.post(withdraw, {"consent": asked.pk, "agreed": asked.key})
    stranger.post(withdraw, {"consent": asked.pk, "agreed": asked.key})

    assert f'action="{withdraw}"' in page
    assert (before, given()) == ([asked.pk], [])
    assert withdraw not in stranger.get(screen).text


def test_another_browser_withdraws_nothing(stranger, asked):
    event = asked.settings.event
    factories.registered(event, agreed=[asked])

    answer = stranger.post(
        reverse("registered-withdraw", args=[event.slug, 1]), {"consent": asked.pk}
    )

    assert answer.status_code == 404
    assert given() == [asked.pk]


def test_every_kind_has_a_sentence_in_both_languages(asked):
    for kind in SeparateConsent.Kind:
        for language in ("en", "zh-hans"):
            with translation.override(language):
                assert SeparateConsent(kind=kind).sentence
