import datetime as dt

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def references(client, query: str = "") -> list[str]:
    response = client.get(f"/en/intentions/?{query}")
    assert response.status_code == 200
    return [intention.reference for intention in response.context["intentions"]]


@pytest.fixture
def forum():
    return factories.event(slug="forum", title_en="Forum")


def test_ledger_is_filtered_by_year_and_event(client, forum):
    first = factories.signed_intention(event=forum, signed_on=dt.date(2020, 10, 29))
    second = factories.signed_intention(event=forum, signed_on=dt.date(2021, 1, 2))
    third = factories.signed_intention(signed_on=dt.date(2021, 3, 4))

    assert references(client) == [third.reference, second.reference, first.reference]
    assert references(client, "year=2021") == [third.reference, second.reference]
    assert references(client, "event=forum") == [second.reference, first.reference]
    assert references(client, "event=forum&year=2020") == [first.reference]


@pytest.mark.parametrize("query", ["year=1999", "year=x", "event=%00", "year=" + "9" * 99])
def test_unknown_filter_is_named_and_left_out(client, forum, query):
    signed = factories.signed_intention(event=forum)

    text = client.get(f"/en/intentions/?{query}").content.decode()

    assert "not-understood" in text
    assert signed.reference in text


def test_intention_reads_as_it_was_signed(client, forum):
    company = factories.organization(name_en="Acme", name_zh_hans="艾克美")
    expert = factories.expert(name_en="Ann Hale", honorific_en="Dr", honorific_zh_hans="博士")
    project = factories.project(title_en="Blood box")
    university = factories.organization(name_en="Leeds")
    factories.affiliation(expert=expert, organization=university, position_en="Reader")
    signed = factories.signed_intention(
        event=forum,
        company=company,
        expert=expert,
        expert_organization=university,
        projects=[project],
        purpose_en="To *try* it.",
    )
    for row, name in ((company, "name"), (expert, "name"), (project, "title"), (forum, "title")):
        type(row).objects.filter(pk=row.pk).update(**{f"{name}_en": "Renamed"})

    text = client.get(f"/en/intentions/{signed.reference}/").content.decode()

    for part in (
        *("Acme", "Dr Ann Hale", "Reader", "Leeds", "Blood box", "Forum", "29 October 2020"),
        *("To <em>try</em> it.", signed.reference, 'class="seal seal--signed"'),
    ):
        assert part in text, part
    assert "Renamed" not in text


def test_intention_without_projects_names_its_subject(client, forum):
    signed = factories.signed_intention(event=forum, projects=[], subject_en="Young researchers")

    assert "Young researchers" in client.get(signed.get_absolute_url()).content.decode()


def test_drafts_have_no_page_even_for_staff(auditor, forum):
    factories.intention(event=forum)

    assert auditor.get("/en/intentions/None/").status_code == 404
    assert references(auditor) == []


def test_confidential_one_is_previewed_under_a_banner(auditor, forum):
    signed = factories.signed_intention(event=forum, is_public=False)

    text = auditor.get(signed.get_absolute_url()).content.decode()

    assert "Confidential." in text
    assert references(auditor) == []


def test_empty_ledger_leads_on(client):
    text = client.get("/en/intentions/").content.decode()

    assert 'class="empty"' in text
    assert "<form" not in text
