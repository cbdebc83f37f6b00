import datetime as dt
import re
from decimal import Decimal

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def references(client, query: str = "") -> list[str]:
    response = client.get(f"/en/intentions/?{query}")
    assert response.status_code == 200
    return [row.reference for row in response.context["intentions"]]


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


def test_amendment_stands_beside_what_was_signed(client, forum):
    signed = factories.signed_intention(
        event=forum, valid_until=dt.date(2021, 10, 28), text_languages=["en", "zh"]
    )
    factories.amendment(
        intention=signed,
        reason_en="",
        reason_zh_hans="笔误。",
        change_en="Two *more* years.",
        valid_until=dt.date(2023, 10, 28),
    )

    text = client.get(signed.get_absolute_url()).content.decode()

    for part in (
        *("28 October 2021", "28 October 2023", "Amendment 1", "Two <em>more</em> years."),
        *('<p lang="zh-Hans">笔误。</p>', "English, Chinese", 'class="seal seal--signed"'),
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("make", "seal", "words"),
    [
        (factories.converted_intention, "converted", "Converted to a contract on"),
        (factories.lapsed_intention, "lapsed", "Lapsed when its term ended on"),
        (factories.terminated_intention, "terminated", "Terminated on"),
    ],
)
def test_page_and_row_say_what_came_of_it(client, make, seal, words):
    closed = make()

    page = client.get(closed.get_absolute_url()).content.decode()
    ledger = client.get("/en/intentions/").content.decode()

    assert f'class="seal seal--{seal}"' in page
    assert words in page
    assert closed.closed_on.isoformat() in ledger
    assert f'class="seal seal--{seal}"' in ledger


def test_page_keeps_what_is_for_staff_to_itself(client):
    given = {"intended_amount": 200, "intended_currency": "CNY"}
    kept = factories.converted_intention(
        number="SECRET-7", amount=Decimal(123456), currency="CNY", **given
    )
    ended = factories.terminated_intention(reason="They quarrelled.")
    ended.follow_ups.update(note="Never ring them again.")

    texts = [client.get(row.get_absolute_url()).content.decode() for row in (kept, ended)]

    for hidden in ("SECRET-7", "123,456", "200 CNY", "quarrelled", "Never ring"):
        assert all(hidden not in text for text in texts), hidden


def test_amounts_are_shown_where_both_parties_agreed(client):
    shown = factories.converted_intention(
        amount=Decimal(123456),
        currency="CNY",
        intended_amount=Decimal(200000),
        intended_currency="GBP",
        shows_amounts=True,
    )

    text = client.get(shown.get_absolute_url()).content.decode()

    assert "Contracted amount: 123,456 CNY" in text
    assert "200,000 GBP" in text


def test_ledger_is_filtered_by_status_party_project_and_expert(client):
    session = factories.session()
    project, recommender = factories.project(), factories.expert()
    factories.recommendation(session=session, project=project, expert=recommender)
    about = factories.converted_intention(projects=[project])
    other = factories.signed_intention(session=session)

    assert references(client, "status=converted") == [about.reference]
    assert references(client, f"organization={other.company.slug}") == [other.reference]
    assert references(client, f"organization={other.expert_organization.slug}") == [other.reference]
    assert references(client, f"expert={about.expert.slug}") == [about.reference]
    assert references(client, f"project={project.slug}") == [about.reference]
    assert references(client, f"recommended_by={recommender.slug}") == [about.reference]
    here = f"{session.event.slug}/{session.slug}"
    assert references(client, f"presented_in={here}") == [about.reference]
    assert references(client, f"session={here}") == [other.reference]


def test_ledger_does_not_filter_by_what_is_not_public(client):
    signed = factories.signed_intention()
    factories.signed_intention()
    type(signed.company).objects.update(is_public=False)

    response = client.get(f"/en/intentions/?organization={signed.company.slug}")

    assert len(response.context["intentions"]) == 2
    assert "not-understood" in response.text


def test_page_of_a_party_shows_some_and_leads_to_all(client):
    company = factories.organization()
    event = factories.event()
    for _number in range(14):
        factories.signed_intention(company=company, event=event, projects=[], subject_en="It")

    text = client.get(company.get_absolute_url()).content.decode()

    assert text.count('class="intention"') == 12
    assert f'href="/en/intentions/?organization={company.slug}"' in text
    assert "All 14 of them" in text


def test_term_and_amount_that_an_amendment_added_are_told(stranger):
    signed = factories.signed_intention(shows_amounts=True)
    terms = {"valid_until": dt.date(2030, 1, 1), "intended_amount": 9, "intended_currency": "GBP"}
    factories.amendment(intention=signed, **terms)

    facts = stranger.get(signed.get_absolute_url()).text.partition('class="facts paper-facts"')[2]

    told = facts.partition("</dl>")[0]
    assert "<dt>Valid until</dt><dd><time" in told or "1 January 2030" in told
    assert re.search(r'<dd class="figures">\s*9 GBP\s*</dd>', told)
    assert "as signed; since then" not in told


def test_amended_amount_is_told_beside_the_signed_one(stranger):
    money = {"intended_amount": 2_000_000, "intended_currency": "CNY"}
    signed = factories.signed_intention(shows_amounts=True, **money)
    factories.amendment(intention=signed, **{**money, "intended_amount": 3_600_000})

    page = stranger.get(signed.get_absolute_url()).text

    assert re.search(r"2,000,000 CNY\s*<br>", page)
    assert "as signed; since then amended to 3,600,000 CNY" in page


def test_amended_amount_stays_with_the_parties_where_they_keep_it(stranger):
    signed = factories.signed_intention(intended_amount=5, intended_currency="CNY")
    factories.amendment(intention=signed, intended_amount=3_600_000, intended_currency="CNY")

    assert "3,600,000" not in stranger.get(signed.get_absolute_url()).text
