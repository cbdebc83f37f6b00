"""The public surface, languages, and what every public page carries."""

import re

import pytest
from django.urls import reverse

from tests import factories
from tests.pages import LANGUAGES, PROBES, public_patterns, story

pytestmark = pytest.mark.django_db

PUBLIC = {
    "root": "",
    "set_language": "i18n/setlang/",
    "media": "media/<path:path>",
    "sitemap": "sitemap.xml",
    "sitemap-section": "sitemap-<slug:section>.xml",
    "robots": "robots.txt",
    "favicon": "favicon.ico",
    "healthz": "healthz",
    "readyz": "readyz",
    "metrics": "metrics",
    "event-file": "files/<slug:code>/",
    "poster": "posters/<slug:code>.png",
    "hall-screen": "screens/<str:signed>/",
    "staff-code": "staff/code/",
    "staff-no-authenticator": "staff/no-authenticator/",
    "staff-forgotten": "staff/forgotten/",
    "staff-log-in-link": "staff/log-in-link/",
    "staff-open-log-in": "staff/open-log-in/",
    "staff-link": "staff/welcome/<str:token>/",
    "staff-new-password": "staff/new-password/",
    "staff-new-authenticator": "staff/new-authenticator/",
    "staff-recovery-codes": "staff/recovery-codes/",
    "staff-recovery-codes-file": "staff/recovery-codes.txt",
    "subscription-end-at-once": "my/projects/<str:code>/end/",
    "home": "",
    "series-list": "series/",
    "series": "series/<slug:slug>/",
    "events": "events/",
    "event": "events/<slug:slug>/",
    "event-calendar": "events/<slug:slug>/calendar.ics",
    "register": "events/<slug:slug>/register/",
    "registered": "events/<slug:slug>/registered/",
    "registered-ticket": "events/<slug:slug>/registered/<int:number>/ticket.png",
    "registered-calendar": "events/<slug:slug>/registered/<int:number>/event.ics",
    "registered-correct": "events/<slug:slug>/registered/<int:number>/correct/",
    "registered-way": "events/<slug:slug>/registered/<int:number>/way/",
    "registered-cancel": "events/<slug:slug>/registered/<int:number>/cancel/",
    "registered-accept": "events/<slug:slug>/registered/<int:number>/accept/",
    "registered-withdraw": "events/<slug:slug>/registered/<int:number>/withdraw/",
    "registered-send-code": "events/<slug:slug>/registered/<int:number>/send-code/",
    "registered-enter-code": "events/<slug:slug>/registered/<int:number>/enter-code/",
    "registered-number": "events/<slug:slug>/registered/<int:number>/number/",
    "registered-number-code": "events/<slug:slug>/registered/<int:number>/number/code/",
    "registered-own-code": "events/<slug:slug>/registered/<int:number>/number/own-code/",
    "registered-own-code-enter": (
        "events/<slug:slug>/registered/<int:number>/number/own-code/enter/"
    ),
    "registered-number-stop": "events/<slug:slug>/registered/<int:number>/number/stop/",
    "registered-remove": "events/<slug:slug>/registered/<int:number>/remove/",
    "registered-contact": "events/<slug:slug>/registered/<int:number>/contact/",
    "registered-singly": "events/<slug:slug>/registered/<int:number>/singly/",
    "registered-leave": "events/<slug:slug>/registered/leave/",
    "session": "events/<slug:event_slug>/programme/<slug:slug>/",
    "session-calendar": "events/<slug:event_slug>/programme/<slug:slug>/calendar.ics",
    "experts": "experts/",
    "expert": "experts/<slug:slug>/",
    "organizations": "organizations/",
    "organization": "organizations/<slug:slug>/",
    "projects": "projects/",
    "project": "projects/<slug:slug>/",
    "intentions": "intentions/",
    "intention": "intentions/<slug:reference>/",
    "lost-link": "my/",
    "find-registration": "my/find/",
    "find-by-text": "my/find/text/",
    "call": "calls/<slug:slug>/",
    "submission": "submissions/<str:code>/",
    "event-interest": "events/<slug:slug>/interest/",
    "expert-interest": "experts/<slug:slug>/interest/",
    "project-interest": "projects/<slug:slug>/interest/",
    "interests-sent": "interests/sent/",
    "interests-leave": "interests/leave/",
    "my-expert": "my/expert/<str:code>/",
    "my-expert-withdraw": "my/expert/<str:code>/withdraw/",
    "my-expert-renew": "my/expert/<str:code>/new-link/",
    "my-expert-erase": "my/expert/<str:code>/erase/",
    "my-expert-portrait": "my/expert/<str:code>/portrait.webp",
    "my-expert-slides": "my/expert/<str:code>/slides/",
    "my-expert-slides-file": "my/expert/<str:code>/slides/<slug:file_code>/",
    "my-expert-slides-remove": "my/expert/<str:code>/slides/<slug:file_code>/remove/",
    "my-expert-travel": "my/expert/<str:code>/visits/<slug:event>/travel/",
    "my-expert-passport": "my/expert/<str:code>/visits/<slug:event>/passport/",
    "my-meetings-feedback": "my/<str:code>/meetings/feedback/",
    "my-interest": "my/interest/<str:code>/",
    "my-interest-withdraw": "my/interest/<str:code>/withdraw/",
    "my-interest-renew": "my/interest/<str:code>/new-link/",
    "my-interest-delete": "my/interest/<str:code>/delete/",
    "subscribe": "new-projects/",
    "subscribe-code": "new-projects/code/",
    "subscription": "my/projects/<str:code>/",
    "submission-withdraw": "submissions/<str:code>/withdraw/",
    "submission-renew": "submissions/<str:code>/new-link/",
    "submission-erase": "submissions/<str:code>/erase/",
    "submission-another": "submissions/<str:code>/another/",
    "submission-files": "submissions/<str:code>/files/",
    "submission-file": "submissions/<str:code>/files/<slug:file_code>/",
    "submission-file-remove": "submissions/<str:code>/files/<slug:file_code>/remove/",
    "find-submission": "submissions/",
    "submit-need": "needs/",
    "present-project": "offers/",
    "my-group": "my/group/<str:code>/",
    "my-group-correct": "my/group/<str:code>/<int:number>/correct/",
    "my-group-cancel": "my/group/<str:code>/<int:number>/cancel/",
    "my-group-accept": "my/group/<str:code>/accept/",
    "my-group-singly": "my/group/<str:code>/singly/",
    "not-me": "my/not-me/<str:code>/",
    "my-registration": "my/<str:code>/",
    "my-correct": "my/<str:code>/correct/",
    "my-address": "my/<str:code>/address/",
    "my-stop-address": "my/<str:code>/address/stop/",
    "confirm-address": "my/confirm/<str:code>/",
    "my-cancel": "my/<str:code>/cancel/",
    "my-accept": "my/<str:code>/accept/",
    "my-decline": "my/<str:code>/decline/",
    "my-consent": "my/<str:code>/consent/",
    "my-choices": "my/<str:code>/choices/",
    "my-way": "my/<str:code>/way/",
    "my-erase-answer": "my/<str:code>/erase-answer/",
    "my-new-link": "my/<str:code>/new-link/",
    "my-data": "my/<str:code>/data.json",
    "my-data-page": "my/<str:code>/data/",
    "my-file": "my/<str:code>/files/<slug:file_code>/",
    "my-calendar": "my/<str:code>/event.ics",
    "my-meetings-schedule": "my/<str:code>/meetings/schedule/",
    "my-meetings-calendar": "my/<str:code>/meetings/schedule.ics",
    "my-meetings-call-off": "my/<str:code>/meetings/<int:number>/call-off/",
    "interpreter": "interpreter/<str:code>/",
    "my-meetings": "my/<str:code>/meetings/",
    "my-meetings-entry": "my/<str:code>/meetings/entry/",
    "my-meetings-leave": "my/<str:code>/meetings/leave/",
    "my-meetings-away": "my/<str:code>/meetings/away/",
    "my-meetings-people": "my/<str:code>/meetings/people/",
    "my-meetings-person": "my/<str:code>/meetings/people/<int:number>/",
    "my-meetings-request": "my/<str:code>/meetings/requests/<int:number>/",
    "my-meetings-who": "my/<str:code>/meetings/<int:number>/who/",
    "follow-up-calendar": "follow-ups/<str:code>/calendar.ics",
    "about": "about/",
    "privacy": "privacy/",
    "feed": "feed.xml",
}

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def test_public_surface_is_exactly_this():
    found = {pattern.name: str(pattern.pattern) for pattern in public_patterns()}

    assert found == PUBLIC


@pytest.mark.parametrize(
    ("accepted", "home"),
    [
        ("zh-CN,zh;q=0.9", "/zh-hans/"),
        ("zh-TW", "/zh-hans/"),
        ("zh", "/zh-hans/"),
        ("fr-FR,zh-CN;q=0.5", "/zh-hans/"),
        ("en-GB", "/en/"),
        ("fr-FR", "/en/"),
        ("", "/en/"),
        ("*;q=x,\u00e9", "/en/"),
    ],
)
def test_root_leads_to_the_browsers_language(client, accepted, home):
    response = client.get("/", headers={"accept-language": accepted})

    assert (response.status_code, response.url) == (302, home)
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


def test_root_honours_the_language_cookie(client):
    client.cookies["django_language"] = "zh-hans"

    assert client.get("/", headers={"accept-language": "en"}).url == "/zh-hans/"


def test_unknown_language_is_not_found_and_both_languages_are_named(client):
    response = client.get("/fr/projects/")
    text = response.content.decode()

    assert response.status_code == 404
    assert 'href="/en/"' in text
    assert 'href="/zh-hans/"' in text
    assert "This site is in English and in Chinese." in text
    assert "本网站提供中文和英文两种语言。" in text


def test_address_without_language_leads_to_one(client):
    response = client.get("/about/", headers={"accept-language": "zh-CN"})

    assert (response.status_code, response.url) == (302, "/zh-hans/about/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_says_what_it_is_and_where_else_it_is(stranger, language):
    told = story()
    tag = {"en": "en", "zh-hans": "zh-Hans"}[language]

    for path in told.pages():
        if not path.startswith(f"/{language}/"):
            continue
        text = stranger.get(path).content.decode()
        rest = path.removeprefix(f"/{language}")
        default = "/" if rest == "/" else f"/en{rest}"

        assert text.startswith(f'<!doctype html>\n<html lang="{tag}">'), path
        assert text.count("<h1") == 1, path
        assert f'<link rel="canonical" href="http://testserver{path}">' in text, path
        alternates = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', text)
        assert dict(alternates) == {
            "en": f"http://testserver/en{rest}",
            "zh-Hans": f"http://testserver/zh-hans{rest}",
            "x-default": f"http://testserver{default}",
        }, path
        assert len(re.findall(r'<meta name="description" content="[^"]+">', text)) == 1, path
        for name in ("title", "description", "url", "locale", "site_name"):
            assert len(re.findall(f'property="og:{name}" content="[^"]+"', text)) == 1, path


def test_titles_differ_from_page_to_page(stranger):
    told = story()
    titles = [
        re.search(r"<title>(.*?)</title>", stranger.get(path).content.decode())[1]
        for path in told.pages()
        if path.startswith("/en/")
    ]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    "path",
    ["projects/?q=blood&kind=offer&sector=x%26y", "events/?when=past", "experts/?q=%E7%8E%8B"],
)
def test_language_switch_keeps_page_and_query(stranger, path):
    text = stranger.get(f"/en/{path}").content.decode()

    link = re.search(r'<a class="language" href="([^"]+)" hreflang="zh-Hans"', text)[1]
    assert link.replace("&amp;", "&") == f"/zh-hans/{path}"


def test_every_page_is_there_on_an_empty_site(stranger):
    addresses = [
        reverse(pattern.name).replace("/en/", f"/{language}/", 1)
        for pattern in public_patterns()
        if not pattern.pattern.converters
        and pattern.name not in {"set_language", "favicon", "interests-leave"} | PROBES
        for language in LANGUAGES
    ]

    statuses = {address: stranger.get(address, follow=True).status_code for address in addresses}

    assert set(statuses.values()) == {200}


def test_no_page_runs_what_an_organizer_typed(stranger):
    told = story(en=HOSTILE, zh_hans=HOSTILE)
    type(told.project).objects.update(
        summary_en=HOSTILE,
        description_en=HOSTILE,
        advantages_en=f"[x](javascript:alert(1)){HOSTILE}",
    )
    type(told.expert).objects.update(biography_en=HOSTILE, honorific_en="<script>alert(1)</script>")
    type(told.organization).objects.update(description_en=HOSTILE, city_en=HOSTILE)

    for path in [*told.pages(), "/en/feed.xml", "/sitemap.xml", "/sitemap-events.xml"]:
        response = stranger.get(path)
        text = response.content.decode()

        assert response.status_code == 200, path
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert 'href="javascript:' not in text, path


def test_pages_set_no_cookie_and_need_no_script(stranger):
    for path in story().pages():
        response = stranger.get(path)

        assert response.cookies == {}, path
        assert "nonce-" not in response["Content-Security-Policy"], path
        assert "style=" not in re.sub(r"<style.*?</style>", "", response.content.decode()), path


def test_pages_show_a_text_in_its_own_language_where_it_has_no_other(stranger):
    project = factories.project(title_en="Only in English", title_zh_hans="")

    text = stranger.get(f"/zh-hans/projects/{project.slug}/").content.decode()

    assert '<h1 lang="en">Only in English</h1>' in text
