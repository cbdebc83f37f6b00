"""Texts that exist in one language only, on every public page that shows blocks of text."""

import datetime as dt
import re

import pytest

from events.models import SiteProfile
from tests import factories

pytestmark = pytest.mark.django_db

NOTES = {
    "en": "This text is available in Chinese only.",
    "zh-hans": "本文仅有英文版。",
}
OTHER = {"en": "zh_hans", "zh-hans": "en"}


def notes(client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    return re.findall(r'<p class="language-note">([^<]*)</p>', response.text)


def texts(language: str, *names: str) -> dict[str, str]:
    return {f"{name}_{OTHER[language]}": f"{name} 文本" for name in names}


def page_of(kind: str, language: str) -> tuple[str, int]:
    """Return the path of a page whose texts fall back, and how many notes it needs."""
    match kind:
        case "expert":
            row, number = factories.expert(**texts(language, "biography")), 1
        case "organization":
            row, number = factories.organization(**texts(language, "description")), 1
        case "session":
            row, number = factories.session(**texts(language, "abstract")), 1
        case "project":
            row = factories.project(**texts(language, "summary", "advantages", "description"))
            number = 3
        case "series":
            row = factories.series(**texts(language, "summary", "description"))
            factories.event(series=row)
            number = 2
        case "event":
            # The description stands right below the summary: one line for both.
            row = factories.event(**texts(language, "summary", "description", "outcome"))
            number = 2
        case "description":
            both = {"summary_en": "A", "summary_zh_hans": "甲"}
            row, number = factories.event(**both, **texts(language, "description")), 1
        case "intention":
            row = factories.signed_intention(
                **{"purpose_en": "", "purpose_zh_hans": ""} | texts(language, "purpose")
            )
            factories.amendment(
                intention=row,
                amended_on=factories.DAY + dt.timedelta(days=9),
                **{"reason_en": "", "reason_zh_hans": "", "change_en": "", "change_zh_hans": ""}
                | texts(language, "reason", "change"),
            )
            number = 2
    return row.get_absolute_url().replace("/en/", f"/{language}/"), number


@pytest.mark.parametrize("language", NOTES)
@pytest.mark.parametrize(
    "kind",
    [
        *("expert", "organization", "session", "project", "series"),
        *("event", "description", "intention"),
    ],
)
def test_a_text_of_one_language_says_so_once_a_block(client, kind, language):
    path, number = page_of(kind, language)
    of_the_text = next(code for code in NOTES if code != language)

    assert notes(client, path) == [NOTES[language]] * number
    assert notes(client, path.replace(f"/{language}/", f"/{of_the_text}/")) == []


@pytest.mark.parametrize("language", NOTES)
def test_the_sites_own_texts_say_so_too(client, language):
    profile = SiteProfile.load()
    for name, text in texts(language, "about", "privacy_notice").items():
        setattr(profile, name, text)
    profile.save()
    event = factories.registration_settings().event

    for path in ("about/", "privacy/", f"events/{event.slug}/register/"):
        assert notes(client, f"/{language}/{path}") == [NOTES[language]]


def test_names_and_cards_have_no_note(client):
    event = factories.event(title_en="", city_zh_hans="石家庄", **texts("en", "venue"))
    session = factories.session(event=event, title_en="")
    factories.appearance(
        session=session, expert=factories.expert(name_en="", **texts("en", "biography"))
    )

    assert notes(client, event.get_absolute_url()) == []
    assert notes(client, "/en/events/?when=past") == []
    assert notes(client, "/en/experts/") == []


def test_a_chinese_name_has_its_reading_on_every_english_page(client):
    expert = factories.expert(name_en="", name_zh_hans="单芳", honorific_zh_hans="教授")
    session = factories.session()
    factories.appearance(session=session, expert=expert)
    project = factories.project()
    factories.recommendation(expert=expert, project=project, session=session)
    intention = factories.signed_intention(session=session, expert=expert, projects=[project])

    rows = (expert, session, session.event, project, intention)
    for path in [row.get_absolute_url() for row in rows]:
        assert "单芳教授 Shan Fang" in client.get(path).text
        assert "Shan Fang" not in client.get(path.replace("/en/", "/zh-hans/")).text
    assert "单芳教授 Shan Fang" in client.get("/en/intentions/").text
    assert "单芳教授 Shan Fang" in client.get("/en/experts/").text
