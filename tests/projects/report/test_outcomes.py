"""What everybody may know of what came of a series."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from projects.domain import intention as domain
from projects.report.outcomes import outcomes
from tests import factories
from tests.projects.report.world import money

pytestmark = pytest.mark.django_db

LATER = dt.date(2021, 3, 4)


def told(series):
    published = series.events.filter(status="published")
    return outcomes(series, [event.pk for event in published])


def numbers(series):
    return [fact.number for fact in told(series).facts]


def sums(rows):
    return [(row.value, row.number, str(row.amount)) for row in rows]


def convert(intention, amount=None, currency=""):
    domain.convert(
        intention,
        kind="licence",
        contracted_on=LATER,
        amount=amount,
        currency=currency,
        by=User.objects.get_or_create(username="registrar")[0],
    )


@pytest.fixture
def event():
    """An event with an expert, a project and an intention that all may know of."""
    event = factories.event(series=factories.series())
    session = factories.session(event=event)
    expert = factories.appearance(session=session).expert
    recommended = factories.recommendation(session=session, expert=expert)
    factories.signed_intention(event=event, projects=[recommended.project])
    return event


def test_facts_are_the_public_ones(event):
    by = User.objects.create_user("registrar")
    ended = {"event": event, "valid_until": LATER}
    convert(factories.signed_intention(event=event))
    domain.lapse(factories.signed_intention(**ended), by=by)
    given_up = factories.signed_intention(event=event)
    domain.terminate(given_up, reason="They parted.", terminated_on=LATER, by=by)

    facts = told(event.series).facts

    assert [(fact.label, fact.number) for fact in facts] == [
        ("Events", 1),
        ("Experts", 1),
        ("Projects recommended", 1),
        ("Intentions signed", 4),
        ("Converted to a contract", 1),
        ("In force", 1),
        ("Lapsed", 1),
        ("Terminated", 1),
    ]
    assert all(fact.definition.endswith(".") for fact in facts)


def test_what_nobody_may_see_counts_nowhere(event):
    shown = {"shows_amounts": True, **money("9", "CNY")}
    session = event.sessions.get()
    before = numbers(event.series)
    draft = factories.event(series=event.series, status="draft")
    other = factories.event(series=factories.series(reference_prefix="ELSE"))
    for hidden in (draft, other):
        seen = factories.recommendation(session=factories.session(event=hidden))
        factories.appearance(session=seen.session, expert=seen.expert)
        convert(factories.signed_intention(event=hidden, **shown), Decimal(9), "GBP")
    factories.intention(event=event, **shown)
    abandoned = factories.intention(event=event, **shown)
    domain.abandon(abandoned, by=User.objects.get(username="registrar"))
    convert(factories.signed_intention(event=event, is_public=False, **shown), Decimal(9), "GBP")
    secret = factories.expert(is_public=False)
    factories.appearance(session=session, expert=secret)
    factories.recommendation(session=session, expert=secret)
    for status in ("draft", "withdrawn"):
        factories.recommendation(session=session, project=factories.project(status=status))

    after = told(event.series)

    assert [fact.number for fact in after.facts] == before
    assert (after.intended, after.contracted) == ([], [])
    assert [period.number for period in after.periods] == [1]


def test_programme_of_a_cancelled_event_does_not_count(event):
    cancelled = factories.event(series=event.series, status="cancelled")
    before = numbers(event.series)

    session = factories.session(event=cancelled)
    factories.appearance(session=session)
    factories.recommendation(session=session)

    assert numbers(event.series) == before


def test_amounts_are_told_only_where_both_parties_agreed_and_never_across_currencies(event):
    for amount, currency, shows_amounts in (
        *(("1000000.10", "CNY", True), ("0.20", "CNY", True), ("5", "GBP", True)),
        *(("77", "CNY", False), ("88", "EUR", False)),
    ):
        signed = factories.signed_intention(
            event=event, shows_amounts=shows_amounts, **money(amount, currency)
        )
        convert(signed, Decimal("3.5"), "GBP")

    found = told(event.series)

    assert sums(found.intended) == [("CNY", 2, "1000000.30"), ("GBP", 1, "5.00")]
    assert sums(found.contracted) == [("GBP", 3, "10.50")]


def test_nothing_is_told_where_nothing_was_signed_in_public(django_assert_num_queries):
    event = factories.event(series=factories.series())
    factories.signed_intention(event=event, is_public=False)
    factories.recommendation(event=event)

    with django_assert_num_queries(1):
        assert outcomes(event.series, [event.pk]) is None


def test_periods_run_from_the_first_signature_to_the_last(event):
    factories.signed_intention(event=event, signed_on=dt.date(2021, 7, 1))

    periods = told(event.series).periods

    assert [(period.label, period.number) for period in periods] == [
        *(("Q4 2020", 1), ("Q1 2021", 0), ("Q2 2021", 0), ("Q3 2021", 1)),
    ]


def test_long_times_are_told_in_years(event):
    factories.signed_intention(event=event, signed_on=dt.date(2023, 7, 1))

    periods = told(event.series).periods

    assert [(p.label, p.number) for p in periods] == [
        *(("2020", 1), ("2021", 0), ("2022", 0), ("2023", 1)),
    ]
