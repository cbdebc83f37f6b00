"""What organizers keep from the public stays with them, wherever a visitor looks."""

import datetime as dt
from decimal import Decimal

import pytest

from events.domain import merging
from events.models import SiteProfile
from projects.models import Project
from projects.models.disclosure import Disclosure
from tests import factories
from tests.pages import listed_pages, story

pytestmark = pytest.mark.django_db

# In the title, in everything else, and in the address.
TITLE, FACT, SLUG = "Narwhaltitle", "Axolotlfact", "quokka-slug"
# Of the department, which no visitor reads of.
DESK = "Quetzaldesk"
TEXTS = [
    *("summary", "description", "advantages", "keywords", "key_indicators"),
    *("partner_conditions", "existing_basis", "ownership_rule"),
]


def told(disclosure: str, **fields):
    """Return a story about a request that has a sign in everything that a page could show.

    Another project is public and has its sector, mode, stage, industry and district as well.
    """
    of = story()
    texts = {f"{name}_{code}": FACT for name in TEXTS for code in ("en", "zh_hans")}
    shared = {
        "kind": "request",
        "district": factories.district(),
        "sectors": [factories.sector()],
        "modes": of.project.modes.all(),
        "industry": factories.industry(),
        "stage": "small_trial",
        "department": factories.department(name_en=DESK, name_zh_hans=DESK),
        "owner": factories.organization(name_en="Owner", name_zh_hans="所有者"),
    }
    factories.project(title_en="Decoy", title_zh_hans="Decoy", **shared)
    project = factories.project(
        slug=SLUG,
        title_en=TITLE,
        title_zh_hans=TITLE,
        disclosure=disclosure,
        solution_mode="commissioned",
        needed_until=dt.date(2099, 7, 13),
        price_to=Decimal("7654321"),
        price_currency="CNY",
        **texts,
        **shared | fields,
    )
    note = {"note_en": FACT, "note_zh_hans": FACT}
    factories.recommendation(expert=of.expert, project=project, session=of.session, **note)
    factories.signed_intention(
        session=of.session, company=of.organization, expert=of.expert, projects=[project]
    )
    factories.contact(project=project, name=f"{FACT} person")
    of.project = project
    return of


FILTERS = ("stage", "industry", "district", "sector", "mode", "event", "country")


def filtered(of, name: str) -> str:
    """Return the address of the catalogue filtered by what the project has."""
    values = {
        "stage": "small_trial",
        "industry": "C",
        "district": of.project.district.slug,
        "sector": of.project.sectors.get().slug,
        "mode": of.project.modes.get().slug,
        "event": of.event.slug,
        "country": of.project.owner.country.code,
    }
    return f"/en/projects/?{name}={values[name]}"


def pages_with(client, of, *signs: str) -> set[str]:
    """Return every public address whose answer has one of the signs, searches and filters too."""
    paths = [
        *of.addresses(),
        *listed_pages(client),
        # Parts of the signs, since a page repeats what was searched for.
        *("/en/projects/?q=narwhal", "/en/projects/?q=axolotl", "/en/projects/?kind=request"),
        *(filtered(of, name) for name in FILTERS),
        f"/en/intentions/?project={SLUG}",
        of.project.owner.get_absolute_url(),
        *("/en/feed.xml", "/sitemap.xml", "/en/organizations/?projects=request"),
    ]
    found = set()
    for path in dict.fromkeys(paths):
        response = client.get(path)
        assert response.status_code in (200, 404), path
        text = response.text.lower() if response.status_code == 200 else ""
        if any(sign.lower() in text for sign in signs):
            found.add(path)
    return found


CATALOGUE = {"/en/projects/", "/zh-hans/projects/"}
ADDRESS = f"/projects/{SLUG}/"
OWN = {f"/en{ADDRESS}", f"/zh-hans{ADDRESS}"}


def test_what_is_public_is_found_by_all_these_ways(client):
    of = told("public")

    titles, facts = pages_with(client, of, TITLE, ADDRESS), pages_with(client, of, FACT)

    assert {of.event.get_absolute_url(), of.expert.get_absolute_url()} <= titles
    assert {of.session.get_absolute_url(), of.project.owner.get_absolute_url()} <= titles
    assert {of.series.get_absolute_url(), "/en/feed.xml", "/en/intentions/"} <= titles
    assert {"/en/projects/?q=axolotl", *(filtered(of, name) for name in FILTERS)} <= titles
    assert {*OWN, *CATALOGUE, of.expert.get_absolute_url()} <= facts


@pytest.mark.parametrize("disclosure", ["participants", "bureau"])
def test_no_public_address_tells_of_what_is_confidential(client, disclosure):
    of = told(disclosure, shows_price=True, shows_contacts=True)

    assert pages_with(client, of, TITLE, FACT, ADDRESS) == set()
    assert client.get(of.project.get_absolute_url()).status_code == 404


def test_of_a_title_nothing_else_is_public(client):
    of = told("title", shows_price=True)

    titles, facts = pages_with(client, of, TITLE, ADDRESS), pages_with(client, of, FACT)

    searched = {"/en/projects/?q=narwhal", "/en/projects/?kind=request"}
    assert {path for path in titles if "sitemap" not in path} == CATALOGUE | OWN | searched
    assert facts == set()


@pytest.mark.parametrize("disclosure", ["title", "participants", "bureau"])
def test_filters_offer_nothing_that_only_such_projects_have(client, disclosure):
    factories.project(
        disclosure=disclosure,
        stage="production",
        district=factories.district(),
        industry=factories.industry(),
    )

    fields = client.get("/en/projects/").context["filter"].fields

    assert fields["stage"].choices == []
    assert [value for value, _name in fields["district"].choices] == [""]
    assert [value for value, _name in fields["industry"].choices] == [""]
    assert [value for value, _name in fields["country"].choices] == [""]


@pytest.mark.parametrize("disclosure", ["participants", "bureau"])
def test_former_address_of_what_is_confidential_leads_nowhere(client, disclosure):
    project = factories.project(slug="former")
    project.slug, project.title_en, project.disclosure = SLUG, TITLE, disclosure
    factories.save(project)

    response = client.get("/en/projects/former/")

    assert response.status_code == 404
    assert TITLE not in response.text


@pytest.mark.usefixtures("private_files")
@pytest.mark.parametrize(("disclosure", "is_shown"), [("public", True), ("title", False)])
def test_picture_of_a_title_is_on_no_page(client, disclosure, is_shown):
    project = factories.project(disclosure=disclosure)
    project.picture = factories.picture()
    project.save()

    for path in (project.get_absolute_url(), "/en/projects/"):
        assert (project.picture.name.rpartition("-")[0] in client.get(path).text) == is_shown, path


def test_page_of_a_title_says_whom_to_ask(client):
    profile = SiteProfile.load()
    profile.email = "bureau@example.org"
    profile.save()
    of = told("title")

    text = client.get(of.project.get_absolute_url()).text

    assert "bureau@example.org" in text
    assert "Owner" not in text
    assert "2099" not in text


@pytest.mark.parametrize("disclosure", Disclosure.values)
def test_amount_contacts_and_department_are_private(client, disclosure):
    of = told(disclosure)

    assert pages_with(client, of, DESK) == set()
    assert pages_with(client, of, "7,654,321") == set()
    assert pages_with(client, of, f"{FACT} person") == set()


def test_ticked_amount_and_contacts_are_on_the_page_and_in_no_cache(client):
    of = told("public", shows_price=True, shows_contacts=True)

    response = client.get(of.project.get_absolute_url())

    assert "Up to 7,654,321 CNY" in response.text
    assert f"{FACT} person" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_page_of_a_title_names_the_contacts_that_are_ticked(client):
    of = told("title", shows_contacts=True)

    response = client.get(of.project.get_absolute_url())

    assert f"{FACT} person" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_staff_see_the_whole_page_and_that_it_is_confidential(auditor):
    of = told("bureau")

    text = auditor.get(of.project.get_absolute_url()).text

    assert FACT in text
    assert "Only staff see this page" in text


def test_confidential_level_is_what_a_merger_keeps():
    public, secret = factories.project(shows_contacts=True), factories.project(disclosure="bureau")

    proposed = merging.proposed(public, [secret])

    assert proposed["disclosure"] == proposed["shows_contacts"] == secret.pk
    assert merging.proposed(secret, [public])["disclosure"] == secret.pk


def test_level_that_is_not_known_is_kept_back():
    project = factories.project()
    Project.objects.filter(pk=project.pk).update(disclosure="bureau")

    assert not Project.objects.visible().exists()
    assert not Project.objects.listed().exists()
