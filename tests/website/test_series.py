import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from projects.domain import intention
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_series_with_a_bare_event_has_a_page(client):
    event = factories.event(series=factories.series())

    page = client.get(event.series.get_absolute_url())

    assert str(event) in page.text
    assert "Projects recommended" not in page.text


def test_shows_what_was_recommended_and_signed_in_its_events(client):
    series = factories.series()
    event = factories.event(series=series)
    recommended = factories.recommendation(event=event)
    signed = factories.signed_intention(event=event, projects=[recommended.project])
    factories.recommendation()
    factories.signed_intention()

    context = client.get(series.get_absolute_url()).context

    assert [card.project for card in context["projects"]] == [recommended.project]
    assert [row.reference for row in context["intentions"]] == [signed.reference]


def test_leaves_out_what_nobody_may_see(client):
    series = factories.series()
    event, draft = factories.event(series=series), factories.event(series=series, status="draft")
    factories.recommendation(event=event, project=factories.project(status="draft"))
    factories.recommendation(event=event, expert=factories.expert(is_public=False))
    factories.recommendation(event=draft)
    factories.signed_intention(event=event, is_public=False)
    factories.signed_intention(event=draft)

    context = client.get(series.get_absolute_url()).context

    assert (context["projects"], context["intentions"]) == ([], [])


def test_tells_what_came_of_what_was_signed(client):
    series = factories.series()
    event = factories.event(series=series)
    for is_public in (True, False):
        factories.signed_intention(
            event=event,
            is_public=is_public,
            shows_amounts=True,
            intended_amount=1200000,
            intended_currency="CNY",
        )

    page = client.get(series.get_absolute_url())

    section = page.text.split('id="outcomes"')[1].split("</section>")[0]
    assert "<dt>Intentions signed</dt><dd>1</dd>" in section
    assert "<span>1,200,000 CNY</span>" in section
    assert 'role="img" aria-labelledby="outcomes-title outcomes-desc"' in section
    assert re.search(r'<th scope="row">Q4 2020</th>\s*<td>1</td>', section)


def test_tells_no_outcomes_where_nothing_public_was_signed(client):
    event = factories.event(series=factories.series())
    factories.signed_intention(event=event, is_public=False)

    assert 'id="outcomes"' not in client.get(event.series.get_absolute_url()).text


@pytest.mark.django_db(transaction=True)
def test_outcomes_that_are_kept_are_never_stale(client, settings):
    settings.PAGE_CACHE = True
    signed = factories.signed_intention(shows_amounts=True)
    address = signed.event.series.get_absolute_url()
    client.get(address)

    intention.convert(
        signed,
        kind="licence",
        contracted_on=signed.signed_on,
        amount=Decimal(7),
        currency="GBP",
        by=User.objects.create_user("registrar"),
    )

    page = client.get(address).text
    assert "<dt>Converted to a contract</dt><dd>1</dd>" in page
    assert "<span>7 GBP</span>" in page
