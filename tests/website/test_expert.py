import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def names(client, query: str = "", language: str = "en") -> list[str]:
    response = client.get(f"/{language}/experts/?{query}")
    assert response.status_code == 200
    return [expert.name for expert in response.context["experts"]]


@pytest.fixture
def wang_wei():
    return factories.expert(name_en="Wei Wang", name_zh_hans="王伟", country="CN")


@pytest.mark.parametrize(
    "query", ["wang wei", "Wang", "wangwei", "王伟", "伟", "ＷＡＮＧ", "hale wei", "曼彻斯特"]
)
def test_expert_is_found_by_name_pinyin_and_organization(client, wang_wei, query):
    university = factories.organization(name_en="Hale University", name_zh_hans="曼彻斯特城市大学")
    factories.affiliation(expert=wang_wei, organization=university)
    factories.expert(name_en="Ann Hale", name_zh_hans="安·黑尔")

    assert names(client, f"q={query}") == ["Wei Wang"]


def test_search_does_not_tell_of_a_hidden_organization(client, wang_wei):
    hidden = factories.organization(name_en="Narwhal", is_public=False)
    factories.affiliation(expert=wang_wei, organization=hidden)

    text = client.get(f"/en/experts/{wang_wei.slug}/").content.decode()

    assert names(client, "q=narwhal") == []
    assert "Narwhal" not in text


def test_experts_are_in_the_order_of_the_readers_language(client):
    for english, chinese in (("Zoe", "安安"), ("Ann", "张三"), ("bob", ""), ("", "陈一")):
        factories.expert(name_en=english, name_zh_hans=chinese)

    assert names(client) == ["Ann", "bob", "陈一", "Zoe"]
    assert names(client, language="zh-hans") == ["安安", "bob", "陈一", "张三"]


def test_country_narrows_the_list_and_an_unknown_one_is_named(client, wang_wei):
    factories.expert(name_en="Ann Hale", country="GB")

    text = client.get("/en/experts/?country=XX").content.decode()

    assert names(client, "country=CN") == ["Wei Wang"]
    assert "not-understood" in text
    assert "Ann Hale" in text


def test_list_has_pages(client):
    for _number in range(25):
        factories.expert()

    assert len(names(client, "page=2")) == 1


def test_expert_page_tells_of_positions_talks_projects_and_signings(client, wang_wei):
    factories.affiliation(
        expert=wang_wei,
        organization=factories.organization(name_en="NHS"),
        position_en="Consultant",
    )
    session = factories.session(title_en="New ways")
    factories.appearance(session=session, expert=wang_wei, role="moderator")
    project = factories.project(title_en="Blood box")
    factories.recommendation(expert=wang_wei, project=project, session=session)
    signed = factories.signed_intention(session=session, expert=wang_wei, projects=[project])
    wang_wei.languages = ["en", "zh"]
    wang_wei.biography_en = "Works on **blood**."
    wang_wei.save()

    text = client.get(f"/en/experts/{wang_wei.slug}/").content.decode()

    for part in (
        *("Wei Wang", "Consultant", "NHS", "New ways", "moderator", "Blood box"),
        *("English · Chinese", "Works on <strong>blood</strong>.", signed.reference),
    ):
        assert part in text, part


def test_expert_of_whom_little_is_known_has_a_page(client):
    bare = factories.expert(name_en="Ann", country="", languages=[])

    text = client.get(f"/en/experts/{bare.slug}/").content.decode()

    assert "<dt>" not in text
    assert "monogram" in text


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(("jurgen", "Jürgen Größmann"), ("JÜRGEN", "Jürgen Größmann")),
        *(("elodie", "Élodie Lefèvre"), ("élodie", "Élodie Lefèvre")),
        *(("zoe", "Zoë Núñez"), ("NÚÑEZ", "Zoë Núñez"), ("Ｚoë", "Zoë Núñez")),
        *(("орлов", "Дмитрий Орлов"), ("orlov", "Дмитрий Орлов")),
        *(("庄伟", "莊偉"), ("lubu", "吕布"), ("lü bu", "吕布")),
    ],
)
def test_expert_is_found_however_a_keyboard_writes_the_name(client, query, name):
    for each in ("Jürgen Größmann", "Élodie Lefèvre", "Zoë Núñez", "Дмитрий Орлов"):
        factories.expert(name_en=each)
    for each in ("莊偉", "吕布"):
        factories.expert(name_en="", name_zh_hans=each)

    assert names(client, f"q={query}") == [name]


def test_experts_are_sorted_by_their_letters(client):
    for each in ("Zoe", "Ünal", "Þórður", "Đặng", "Łukasz", "Œuvrard", "Mia"):
        factories.expert(name_en=each)

    assert names(client) == ["Đặng", "Łukasz", "Mia", "Œuvrard", "Þórður", "Ünal", "Zoe"]
