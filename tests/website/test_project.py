import datetime as dt
import re

import pytest
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db


def titles(client, query: str = "", language: str = "en") -> list[str]:
    response = client.get(f"/{language}/projects/?{query}")
    assert response.status_code == 200
    return [project.title for project in response.context["projects"]]


@pytest.fixture
def diagnostics():
    return factories.sector(name_en="Diagnostics", name_zh_hans="诊断", slug="diagnostics")


@pytest.fixture
def devices():
    return factories.sector(name_en="Devices", name_zh_hans="器械", slug="devices")


def test_newest_come_first(client):
    now = timezone.now()
    for number, days in enumerate((2, 1, 3)):
        factories.project(
            title_en=f"P{number}", published_at=now - dt.timedelta(days=days), owner=None
        )

    assert titles(client) == ["P1", "P0", "P2"]


def test_expired_projects_are_not_listed_but_keep_their_page(client):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    expired = factories.project(title_en="Gone", valid_until=yesterday)
    factories.project(title_en="Today", valid_until=timezone.localdate())

    page = client.get(expired.get_absolute_url())

    assert titles(client) == ["Today"]
    assert 'class="expired"' in page.content.decode()


def test_filters_narrow_the_list(client, diagnostics, devices):
    licence = factories.mode(slug="licensing")
    british = factories.organization(country="GB")
    chinese = factories.organization(country="CN")
    a = factories.project(
        title_en="A", sectors=[diagnostics, devices], maturity=2, owner=british, modes=[licence]
    )
    factories.project(title_en="B", sectors=[devices], maturity=5, owner=chinese, kind="request")
    factories.project(title_en="C", maturity=9, owner=None)
    event = factories.event(slug="summit")
    factories.recommendation(project=a, event=event)

    found = {
        query: set(titles(client, query))
        for query in (
            "sector=diagnostics",
            "sector=diagnostics&sector=devices",
            "maturity=research",
            "maturity=prototype&maturity=ready",
            "kind=request",
            "mode=licensing",
            "country=CN",
            "event=summit",
            "sector=devices&country=GB&maturity=research&mode=licensing&event=summit&kind=offer",
            "sector=devices&country=CN&maturity=research",
        )
    }

    assert found == {
        "sector=diagnostics": {"A"},
        "sector=diagnostics&sector=devices": {"A", "B"},
        "maturity=research": {"A"},
        "maturity=prototype&maturity=ready": {"B", "C"},
        "kind=request": {"B"},
        "mode=licensing": {"A"},
        "country=CN": {"B"},
        "event=summit": {"A"},
        "sector=devices&country=GB&maturity=research&mode=licensing&event=summit&kind=offer": {"A"},
        "sector=devices&country=CN&maturity=research": set(),
    }


def test_search_finds_both_languages_from_either(client):
    owner = factories.organization(name_en="Owner", name_zh_hans="石家庄市医院")
    factories.project(
        title_en="Remote testing of blood", title_zh_hans="远程血液检测系统", owner=owner
    )
    factories.project(title_en="Other", title_zh_hans="其他", owner=None)

    for language in ("en", "zh-hans"):
        for query in (
            "blood",
            "血液",
            "BLOOD testing",
            "blood 检测",
            "ｂｌｏｏｄ",
            "shi jia",
            "医院",
        ):
            assert len(titles(client, f"q={query}", language)) == 1, (language, query)
    assert titles(client, "q=blood other") == []


def test_search_does_not_tell_of_an_owner_who_is_not_public(client):
    hidden = factories.organization(is_public=False, name_en="Narwhal", country="SE")
    factories.project(owner=hidden)

    text = client.get("/en/projects/?country=SE").content.decode()

    assert titles(client, "q=narwhal") == []
    assert "Sweden" not in text
    assert "Narwhal" not in text


def test_match_in_the_title_comes_before_match_in_the_text(client):
    old = timezone.now() - dt.timedelta(days=30)
    factories.project(title_en="Blood analyser", published_at=old, owner=None)
    factories.project(title_en="Newer", summary_en="For blood.", owner=None)

    assert titles(client, "q=blood") == ["Blood analyser", "Newer"]


def test_results_say_how_many_and_each_filter_can_be_taken_away(client, diagnostics):
    factories.project(title_en="Blood", sectors=[diagnostics])

    text = client.get("/zh-hans/projects/?q=blood&sector=diagnostics").content.decode()

    assert re.search(r'class="results-count">[^<]*1[^<]*<', text)
    assert 'href="/zh-hans/projects/?sector=diagnostics"' in text
    assert 'href="/zh-hans/projects/?q=blood"' in text
    assert re.search(r'<input type="checkbox" name="sector" value="diagnostics"[^>]* checked', text)


@pytest.mark.parametrize(
    "query",
    [
        "sector=nothing",
        "maturity=12",
        "kind=%3Cscript%3E",
        "mode=x&country=XX&event=none",
        "sector=%00",
        "country=" + "x" * 5000,
    ],
)
def test_unknown_filter_is_named_and_left_out(client, diagnostics, query):
    factories.project(title_en="Still here", modes=[factories.mode()])
    factories.recommendation()

    response = client.get(f"/en/projects/?{query}")
    text = response.content.decode()

    assert response.status_code == 200
    assert "Still here" in text
    assert "not-understood" in text
    assert "<script>" not in text


@pytest.mark.parametrize("query", ["%00", "x" * 10_000, "%27%22%25_\\", "%F0%9F%A6%A0", "%ff"])
def test_any_search_text_is_answered(client, query):
    assert titles(client, f"q={query}") == []


def test_second_page_holds_the_rest_and_keeps_the_filters(client, diagnostics):
    for number in range(25):
        factories.project(title_en=f"P{number}", sectors=[diagnostics], owner=None)

    first = client.get("/en/projects/?sector=diagnostics").content.decode()
    response = client.get("/en/projects/?sector=diagnostics&page=2")

    assert re.search(r'rel="next" href="\?sector=diagnostics&amp;page=2"', first)
    assert len(response.context["projects"]) == 1
    assert response.context["object_list"].totally_ordered


def test_project_page_tells_the_whole_story(client):
    owner = factories.organization(name_en="Acme", country="GB")
    project = factories.project(
        title_en="Blood box",
        owner=owner,
        maturity=6,
        property_status="granted",
        modes=[factories.mode(name_en="Licence")],
        advantages_en="- quick",
        description_en="It *works*.",
        is_demonstration=True,
    )
    session = factories.session(title_en="Pitches")
    expert = factories.expert(name_en="Ann Hale", honorific_en="Dr")
    factories.recommendation(project=project, expert=expert, session=session, note_en="Because.")
    signed = factories.signed_intention(session=session, projects=[project], expert=expert)

    text = client.get(f"/en/projects/{project.slug}/").content.decode()

    for part in (
        "Blood box",
        "Acme",
        "TRL 6",
        "prototype demonstrated",
        "Patent granted",
        "Licence",
        "<li>quick</li>",
        "It <em>works</em>.",
        "Dr Ann Hale",
        "Pitches",
        "Because.",
        session.event.title,
        signed.reference,
        "Demonstration data.",
    ):
        assert part in text, part


def test_draft_is_previewed_with_its_recommendations(auditor):
    draft = factories.project(status="draft", title_en="Draft")
    factories.recommendation(project=draft, expert=factories.expert(name_en="Ann Hale"))

    text = auditor.get(f"/en/projects/{draft.slug}/").content.decode()

    assert "notice-preview" in text
    assert "Ann Hale" in text


def test_the_latest_events_are_offered_and_the_one_that_was_chosen(client, monkeypatch):
    monkeypatch.setattr("website.forms.catalogue.MOST_EVENTS", 2)
    events = [
        factories.event(starts_at=factories.at(8, n), ends_at=factories.at(9), slug=f"e-{n}")
        for n in range(4)
    ]
    for event in events:
        factories.recommendation(event=event)

    def offered(path: str) -> list[str]:
        field = client.get(path).context["filter"].fields["event"]
        return [slug for slug, _title in field.choices]

    assert offered("/en/projects/") == ["", "e-3", "e-2"]
    assert offered("/en/projects/?event=e-0") == ["", "e-3", "e-0"]
    assert len(client.get("/en/projects/?event=e-0").context["projects"]) == 1


@pytest.mark.parametrize(
    "query", ["soren", "SØREN", "covid19", "COVID-19", "real-time", "real time", "实时检测", "lodz"]
)
def test_project_is_found_by_likeness_in_every_text(client, query):
    owner = factories.organization(name_en="Łódź Works")
    factories.project(
        title_en="Søren’s test",
        description_en="A **real-time** test of COVID-19.",
        summary_zh_hans="實時\n檢測",
        owner=owner,
    )
    factories.project(title_en="Other", owner=None)

    assert titles(client, f"q={query}") == ["Søren’s test"]
