"""Hosts, opening speakers, guests of honour and interpreters on public pages."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

HOST = {
    "name_en": "",
    "name_zh_hans": "王建国",
    "position_en": "Deputy Director",
    "position_zh_hans": "副局长",
}


def words(page) -> dict[str, list[str]]:
    """Return each line by its role, without mark-up."""
    lines = page.context["others"]
    return {line.label: [_plain(each) for each in line.people] for line in lines}


def _plain(html: str) -> str:
    return "".join(part.split(">", 1)[-1] for part in html.split("<"))


@pytest.fixture
def host():
    bureau = factories.organization(name_en="Science Bureau", name_zh_hans="石家庄市科学技术局")
    return factories.programme_person(session=factories.session(), organization=bureau, **HOST)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", {"Host:": ["王建国 Wang Jianguo, Deputy Director, Science Bureau"]}),
        ("zh-hans", {"主持人：": ["石家庄市科学技术局副局长 王建国"]}),
    ],
)
def test_page_of_a_session_names_its_host_as_the_language_does(client, host, language, said):
    page = client.get(f"/{language}/events/{host.event.slug}/programme/{host.session.slug}/")

    assert words(page) == said
    assert 'lang="zh-Hans">王建国' in page.text or language == "zh-hans"


def test_programme_names_them_at_their_session_and_above_it(client, host):
    factories.programme_person(event=host.event, role="interpreter", name_en="Ann Hale")
    factories.programme_person(event=host.event, role="interpreter", name_en="Bo Berg", order=1)

    page = client.get(f"/en/events/{host.event.slug}/")

    [(_day, [slot])] = page.context["days"]
    assert [line.label for line in slot.others] == ["Host:"]
    [names] = words(page).values()
    assert [name.split(",")[0] for name in names] == ["Ann Hale", "Bo Berg"]
    assert "Interpreters:" in page.text


def test_roles_stand_in_their_own_order_and_people_in_theirs(client):
    session = factories.session()
    for order, (role, name) in enumerate(
        [("interpreter", "Last"), ("guest", "Third"), ("host", "First"), ("leader", "Second")]
    ):
        person = {"role": role, "name_en": name, "position_en": "", "position_zh_hans": ""}
        factories.programme_person(session=session, order=order, **person)

    page = client.get(session.get_absolute_url())

    assert [names[0] for names in words(page).values()] == ["First", "Second", "Third", "Last"]


def test_hidden_organization_is_not_named(client, host):
    host.organization.is_public = False
    host.organization.save()

    page = client.get(f"/en/events/{host.event.slug}/")

    assert "王建国" in page.text
    assert "Science Bureau" not in page.text


def test_organization_in_words_and_hostile_names_are_harmless(client):
    hostile = "<script>alert(1)</script>"
    person = factories.programme_person(name_en=hostile, organization_name_en=hostile)

    page = client.get(f"/en/events/{person.event.slug}/")

    assert hostile not in page.text
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_they_are_no_experts(client, host):
    page = client.get(f"/en/events/{host.event.slug}/")

    assert list(page.context["people"]) == []
    assert "王建国" not in client.get("/en/experts/").text


def test_pages_cost_the_same_with_one_and_with_three(client, host, django_assert_max_num_queries):
    addresses = [f"/en/events/{host.event.slug}/", host.session.get_absolute_url()]
    for address in addresses:
        client.get(address)
    with django_assert_max_num_queries(100) as one:
        for address in addresses:
            client.get(address)
    for _number in range(2):
        factories.programme_person(
            session=host.session, organization=factories.organization(), **HOST
        )
    with django_assert_max_num_queries(len(one)):
        for address in addresses:
            client.get(address)
