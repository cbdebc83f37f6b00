"""What is not public neither shows nor counts, on any page, feed, map or calendar."""

import datetime as dt

import pytest

from events.models import Event
from projects.models import Project
from tests import factories
from tests.pages import story

pytestmark = pytest.mark.django_db

MARKERS = {
    "draft_event": "Quagga",
    "draft_session": "Okapi",
    "hidden_expert": "Narwhal",
    "hidden_organization": "Axolotl",
    "draft_project": "Pangolin",
    "withdrawn_project": "Numbat",
    "confidential": "Tarsier",
    "draft_intention": "Fossa",
}


@pytest.fixture
def visible():
    return story()


def named(key: str) -> dict[str, str]:
    return {"name_en": MARKERS[key], "name_zh_hans": f"{MARKERS[key]}某某"}


def titled(key: str) -> dict[str, str]:
    return {"title_en": MARKERS[key], "title_zh_hans": f"{MARKERS[key]}某某"}


def add_secrets(visible) -> dict[str, object]:
    """Tie everything that is not public to everything that is, in every way there is."""
    company = factories.organization(is_public=False, country="SE", **named("hidden_organization"))
    expert = factories.expert(is_public=False, country="FI", **named("hidden_expert"))
    factories.role(event=visible.event, organization=company, role="supporter")
    factories.affiliation(expert=visible.expert, organization=company, is_primary=False)
    factories.affiliation(expert=expert, organization=visible.organization)
    factories.appearance(session=visible.session, expert=expert)
    factories.recommendation(expert=expert, project=visible.project, session=visible.session)

    event = factories.event(status="draft", series=visible.series, **titled("draft_event"))
    session = factories.session(event=event, **titled("draft_session"))
    factories.role(event=event, organization=visible.organization)
    factories.appearance(session=session, expert=visible.expert)
    factories.recommendation(expert=visible.expert, project=visible.project, session=session)

    secrets = {"event": event, "session": session, "expert": expert, "organization": company}
    for status in (Project.Status.DRAFT, Project.Status.WITHDRAWN):
        secrets[status] = factories.project(
            status=status, owner=visible.organization, **titled(f"{status}_project")
        )
        factories.recommendation(
            expert=visible.expert, project=secrets[status], session=visible.session
        )
    parties = {
        "session": visible.session,
        "company": visible.organization,
        "expert": visible.expert,
        "expert_organization": visible.organization,
        "projects": [visible.project],
    }
    secrets["confidential"] = factories.signed_intention(
        is_public=False,
        subject_en=MARKERS["confidential"],
        signed_on=dt.date(2021, 2, 3),
        **parties,
    )
    factories.intention(subject_en=MARKERS["draft_intention"], **parties)
    return secrets


def answers(client, addresses: list[str]) -> dict[str, tuple[int, str]]:
    found = {}
    for address in addresses:
        response = client.get(address)
        found[address] = response.status_code, response.content.decode()
    return found


def lists_and_pages(visible) -> list[str]:
    filtered = [
        f"{path}?{query}"
        for path in ("/en/projects/", "/zh-hans/projects/", "/en/experts/", "/en/intentions/")
        for query in (*(f"q={word}" for word in MARKERS.values()), "country=SE", "year=2021")
    ]
    return [*visible.addresses(), "/en/events/?when=past", "/en/events/?when=upcoming", *filtered]


def test_nothing_that_is_not_public_changes_any_public_page(visible, stranger):
    addresses = lists_and_pages(visible)
    before = answers(stranger, addresses)

    add_secrets(visible)

    after = answers(stranger, addresses)
    changed = [address for address in addresses if after[address] != before[address]]
    assert {status for status, _text in before.values()} == {200}
    assert changed == []


def test_no_marker_appears_on_any_public_page(visible, stranger):
    add_secrets(visible)

    found = [
        (address, word)
        for address, (_status, text) in answers(stranger, visible.addresses()).items()
        for word in MARKERS.values()
        if word in text or word.lower() in text
    ]

    assert found == []


def previews(secrets: dict[str, object]) -> dict[str, str]:
    return {
        secrets["event"].get_absolute_url(): "Quagga",
        secrets["event"].get_absolute_url() + "calendar.ics": "Quagga",
        secrets["session"].get_absolute_url(): "Okapi",
        secrets["expert"].get_absolute_url(): "Narwhal",
        secrets["organization"].get_absolute_url(): "Axolotl",
        secrets["draft"].get_absolute_url(): "Pangolin",
        secrets["withdrawn"].get_absolute_url(): "Numbat",
        secrets["confidential"].get_absolute_url(): "Tarsier",
    }


def test_previews_are_not_found_by_strangers(visible, stranger):
    addresses = previews(add_secrets(visible))

    statuses = {stranger.get(address).status_code for address in addresses}

    assert statuses == {404}


def test_previews_are_open_to_staff_who_may_read(visible, auditor):
    for address, word in previews(add_secrets(visible)).items():
        response = auditor.get(address)

        assert response.status_code == 200, address
        assert word in response.content.decode()
        if address.endswith("/"):
            assert "notice-preview" in response.content.decode(), address


def test_staff_without_the_permission_see_what_strangers_see(visible, auditor):
    auditor.user.groups.clear()

    statuses = {auditor.get(address).status_code for address in previews(add_secrets(visible))}

    assert statuses == {404}


def test_public_intention_leaves_out_who_is_no_longer_public(visible, stranger):
    withdrawn = factories.project(**titled("withdrawn_project"))
    company = factories.organization(**named("hidden_organization"))
    expert = factories.expert(**named("hidden_expert"))
    signed = factories.signed_intention(
        event=visible.event,
        company=company,
        expert=expert,
        expert_organization=company,
        projects=[withdrawn, visible.project],
    )
    Project.objects.filter(pk=withdrawn.pk).update(status="withdrawn")
    type(company).objects.filter(pk=company.pk).update(is_public=False)
    type(expert).objects.filter(pk=expert.pk).update(is_public=False)

    shown = answers(stranger, [*visible.addresses(), signed.get_absolute_url()])

    leaks = [
        (address, word)
        for address, (_status, text) in shown.items()
        for word in ("Numbat", "Axolotl", "Narwhal")
        if word in text or word.lower() in text
    ]
    assert leaks == []
    assert signed.reference in shown[signed.get_absolute_url()][1]


def test_everything_of_a_draft_event_stays_hidden(visible, stranger):
    Event.objects.filter(pk=visible.event.pk).update(status="draft")

    statuses = {
        address: stranger.get(address).status_code
        for address in (
            visible.event.get_absolute_url(),
            visible.session.get_absolute_url(),
            visible.intention.get_absolute_url(),
        )
    }
    ledger = stranger.get("/en/intentions/").content.decode()

    assert set(statuses.values()) == {404}
    assert visible.intention.reference not in ledger
