"""A page costs the same few queries however much it shows."""

from collections.abc import Iterable

import pytest
from django.urls import reverse

from tests import factories
from tests.pages import story

pytestmark = pytest.mark.django_db

MOST = 10
PAGES = {
    **{"home": 8, "series-list": 4, "series": 10, "events": 2, "event": 14, "session": 12},
    **{"experts": 5, "expert": 8, "organizations": 5, "organization": 9},
    **{"projects": 7, "project": 8, "intentions": 7, "intention": 4, "about": 1, "privacy": 1},
    **{"submit-need": 2, "present-project": 2},
}
FILTERED = {
    "/en/events/?when=past": 3,
    "/en/projects/?q=a&kind=offer": 7,
    "/zh-hans/experts/?q=a": 5,
    "/zh-hans/organizations/?q=a&kind=company&projects=offer": 5,
}


def grow(told, times: int) -> None:
    """Put more of everything on every page of the story."""
    for number in range(times):
        for kind in ("need", "offer"):
            factories.call(event=told.event, kind=kind)
        place = factories.organization()
        factories.role(event=told.event, organization=place)
        factories.affiliation(expert=told.expert, organization=place, is_primary=False)
        expert = factories.expert()
        factories.affiliation(expert=expert, organization=told.organization)
        start, end = factories.at(11, number), factories.at(11, number + 1)
        session = factories.session(event=told.event, starts_at=start, ends_at=end)
        factories.appearance(session=session, expert=told.expert)
        factories.appearance(session=told.session, expert=expert)
        factories.role(event=factories.event(series=told.series), organization=told.organization)
        project = factories.project(
            owner=told.organization, sectors=[factories.sector()], modes=[factories.mode()]
        )
        for recommender in (told.expert, expert):
            factories.recommendation(expert=recommender, project=project, session=told.session)
        factories.recommendation(expert=expert, project=told.project, session=session)
        factories.signed_intention(
            session=told.session,
            company=told.organization,
            expert=told.expert,
            expert_organization=place,
            projects=[told.project, project],
        )


def counts(client, paths: Iterable[str], capture) -> dict[str, int]:
    found = {}
    for path in paths:
        with capture() as queries:
            assert client.get(path).status_code == 200, path
        found[path] = len(queries)
    return found


@pytest.fixture
def capture(django_assert_max_num_queries):
    return lambda: django_assert_max_num_queries(100)


def test_every_page_costs_the_same_with_little_and_with_much(stranger, capture):
    told = story()
    arguments = told.arguments()
    costs = {reverse(name, kwargs=arguments.get(name)): cost for name, cost in PAGES.items()}
    assert costs.keys() == {path for path in told.pages() if path.startswith("/en/")}
    costs |= FILTERED
    # The first ones also make the site's profile and the content types' cache.
    grow(told, 2)
    counts(stranger, costs, capture)

    few = counts(stranger, costs, capture)
    grow(told, 6)
    many = counts(stranger, costs, capture)

    assert few == many == costs


def test_catalogue_costs_the_same_for_3_and_300_projects(stranger, capture):
    sector, mode = factories.sector(), factories.mode()
    first = [factories.project(sectors=[sector], modes=[mode]) for _number in range(3)]
    paths = ["/en/projects/", "/en/projects/?q=project&sector=" + sector.slug]
    counts(stranger, paths, capture)

    few = counts(stranger, paths, capture)
    model = type(first[0])
    model.objects.bulk_create(
        model(
            title_en=f"Project {number}",
            slug=f"p-{number}",
            status="published",
            published_at=first[0].published_at,
            owner=first[0].owner,
        )
        for number in range(297)
    )
    through = model.sectors.through
    through.objects.bulk_create(
        through(project=project, sector=sector) for project in model.objects.exclude(sectors=sector)
    )
    many = counts(stranger, paths, capture)

    assert stranger.get("/en/projects/").context["paginator"].count == 300
    assert many == few
    assert max(few.values()) <= MOST
