"""The pages of registration in a browser: in every state, in both languages."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from events.models import Event, SiteProfile
from registrations.models import Registration, RegistrationSettings
from summit.lib.web.signed_links import sign
from tests import factories
from tests.journeys.conftest import DESKTOP, LANGUAGES, PHONE
from tests.journeys.html import errors_of
from tests.journeys.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KINDS = {"short_text": ("", ""), "yes_no": ("", "")} | dict.fromkeys(
    ("choice", "choices"), ("Tea\nCoffee\nNothing", "茶\n咖啡\n不需要")
)


def event_of(**settings) -> Event:
    """An upcoming event with texts in both languages that asks everything there is."""
    event = factories.upcoming_event(
        title_en="Shijiazhuang–British Biomedical Project Docking Summit",
        title_zh_hans="石家庄·英国生物医药项目对接峰会",
        venue_en="International Convention Centre, Hall 3",
        venue_zh_hans="国际会展中心3号厅",
    )
    how = factories.registration_settings(event=event, **settings)
    for kind, (english, chinese) in KINDS.items():
        factories.question(
            settings=how,
            kind=kind,
            text_en=f"What would you like ({kind.replace('_', ' ')})?",
            text_zh_hans="您需要什么？",
            options_en=english,
            options_zh_hans=chinese,
        )
    return event


def forms() -> dict[str, str]:
    """The paths of the pages without a key, by what they show."""
    profile = SiteProfile.load()
    profile.privacy_notice_en = "We keep what you type for this event and nothing else."
    profile.privacy_notice_zh_hans = "您填写的信息仅用于本次活动。"
    profile.save()
    full = event_of(capacity=0)
    RegistrationSettings.objects.filter(event=full).update(ask_phone="required")
    later = event_of(opens_at=timezone.now() + dt.timedelta(days=3))
    open_ = event_of(capacity=80)
    return {
        "register": f"events/{open_.slug}/register/",
        "register-two": f"events/{open_.slug}/register/?people=2",
        "register-full": f"events/{full.slug}/register/",
        "register-approval": f"events/{event_of(needs_approval=True).slug}/register/",
        "register-closed": f"events/{later.slug}/register/",
        "registered": f"events/{open_.slug}/registered/",
        "lost-link": "my/",
        "find": "my/find/",
        "unknown-link": "my/nonsense/",
    }


def personal() -> dict[str, str]:
    """The paths of a personal page in every status, and of what can be done there."""
    event = event_of(offer_hours=24)
    until = timezone.now() + dt.timedelta(hours=20)
    question = event.registration_settings.questions.first()
    found, people = {}, {}
    for status in Registration.Status.values:
        people[status] = factories.registered(
            event,
            name="王伟 Wang Wei",
            organization_name="Qingyao Biotechnology",
            answers={question.pk: "tea"},
        )
    for status, mine in people.items():
        times = {"queued_at": timezone.now(), "offer_expires_at": until}
        factories.put_in_status(mine, status, first=people["confirmed"], **times)
        found[f"my-{status}"] = f"my/{sign(mine.code)}/"
        if status == "confirmed":
            found["my-correct"] = f"my/{sign(mine.code)}/correct/"
            found["my-cancel"] = f"my/{sign(mine.code)}/cancel/"
    return found


def look(page, name: str) -> None:
    """Keep a picture where a person who looks at pages has asked for them."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_every_state_breaks_no_axe_rule_and_scrolls_one_way(
    live_server, page, complaints, language, size, scheme
):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    broken, scrolling = [], []

    for name, path in (forms() | personal()).items():
        page.goto(f"/{language}/{path}")
        if name == "register-full":
            page.locator("main form button:not([name])").click()
            page.wait_for_selector(".errorlist")
            page.wait_for_load_state()
        broken += violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            scrolling.append(path)
        look(page, f"{name}.{language}.{size['width']}.{scheme}")

    assert broken == []
    assert scrolling == []
    assert [words for words in complaints if "Failed to load resource" not in words] == []


def test_every_state_is_valid_html(tmp_path):
    client = Client()
    pages = {
        f"{language} {name}": client.get(f"/{language}/{path}").content
        for language in LANGUAGES
        for name, path in (forms() | personal()).items()
    }
    full = forms()["register-full"]
    pages["with errors"] = client.post(f"/en/{full}", {"people-TOTAL_FORMS": "2"}).content

    assert errors_of(pages, tmp_path) == []
