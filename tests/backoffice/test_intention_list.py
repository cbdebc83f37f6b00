"""The list of intentions in the admin: what it shows, finds and filters by."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.models import CooperationIntention, Project
from tests import factories
from tests.backoffice.posting import (
    url,
)


def listed(person, query=""):
    found = person.get(url(CooperationIntention, "changelist") + query).context["cl"].result_list
    return {row.pk for row in found}


def test_search_finds_by_reference_parties_projects_and_subject(organizer):
    company = factories.organization(name_en="Hebei Pharma", name_zh_hans="河北制药")
    acting = factories.organization(name_en="Imperial College", short_name_en="IC")
    signed = factories.signed_intention(
        company=company,
        expert=factories.expert(name_en="", name_zh_hans="王伟"),
        expert_organization=acting,
        projects=[
            factories.project(title_en="Blood test"),
            factories.project(title_zh_hans="试剂"),
        ],
    )
    other = factories.intention(projects=[], subject_zh_hans="联合培养人才")

    for words in (
        *(signed.reference, "pharma", "制药", "imperial", "王伟", "wang wei", "wangwei"),
        *("blood", "试剂", "blood pharma 王伟", "%22imperial college%22", "ＢＬＯＯＤ"),
    ):
        assert listed(organizer, f"?q={words}") == {signed.pk}, words
    assert listed(organizer, "?q=培养") == {other.pk}
    assert listed(organizer, "?q=blood 培养") == set()
    assert listed(organizer, "?q=%20") == {signed.pk, other.pk}


def test_search_finds_many_as_well_as_few(organizer, monkeypatch):
    monkeypatch.setattr("backoffice.intention_list.FEW", 2)
    company = factories.organization(name_en="Hebei Pharma")
    made = {factories.intention(company=company).pk for _number in range(4)}
    factories.intention()

    assert listed(organizer, "?q=pharma") == made


def test_list_filters_by_status_year_publicity_series_event_and_currency(organizer):
    event = factories.event(series=factories.series())
    wanted = factories.signed_intention(
        event=event,
        signed_on=dt.date(2021, 1, 5),
        is_public=False,
        intended_amount=Decimal(1),
        intended_currency="EUR",
    )
    elsewhere = factories.event(series=factories.series())
    factories.signed_intention(event=elsewhere)
    factories.intention(event=elsewhere)

    for query in (
        "status__exact=signed&signed_in=2021",
        "signed_in=2021",
        "is_public__exact=0",
        f"series__id__exact={event.series_id}",
        f"event__id__exact={event.pk}",
        "intended_currency__exact=EUR",
    ):
        assert listed(organizer, f"?{query}") == {wanted.pk}, query
    assert len(listed(organizer, "?signed_in=1066")) == 3


def test_list_tells_the_contracted_amount_before_the_intended_one(organizer):
    money = {"intended_amount": Decimal(5000), "intended_currency": "CNY"}
    factories.signed_intention(**money)
    factories.converted_intention(**money, amount=Decimal(6000), currency="GBP")

    page = organizer.get(url(CooperationIntention, "changelist")).text

    assert page.count("5,000 CNY") == 1
    assert "6,000 GBP" in page


@pytest.mark.parametrize("model", [Project, CooperationIntention])
def test_list_costs_the_same_with_one_and_three_rows(organizer, django_assert_num_queries, model):
    make, queries = {
        Project: (factories.recommendation, 18),
        CooperationIntention: (factories.intention, 12),
    }[model]
    make()
    organizer.get(url(model, "changelist"))
    with django_assert_num_queries(queries):
        organizer.get(url(model, "changelist"))
    make()
    make()
    with django_assert_num_queries(queries):
        organizer.get(url(model, "changelist"))


def test_list_is_filtered_by_the_series_that_have_events(organizer):
    earlier, latest = factories.series(), factories.series()
    factories.series()
    factories.event(series=earlier)
    for _ in range(2):
        factories.upcoming_event(series=latest)
    factories.event()

    page = organizer.get(url(CooperationIntention, "changelist"))

    [choices] = [
        each.lookup_choices
        for each in page.context["cl"].filter_specs
        if getattr(each, "parameter_name", "") == "series__id__exact"
    ]
    assert choices == [(str(latest.pk), str(latest)), (str(earlier.pk), str(earlier))]


def test_years_to_choose_from_are_those_in_which_something_was_signed(organizer):
    for year in (2020, 2023):
        factories.signed_intention(signed_on=dt.date(year, 12, 1))
    factories.intention(signed_on=dt.date(2021, 12, 1))

    page = organizer.get(url(CooperationIntention, "changelist"))

    [years] = [
        spec.lookup_choices
        for spec in page.context["cl"].filter_specs
        if getattr(spec, "parameter_name", "") == "signed_in"
    ]
    assert years == [("2023", "2023"), ("2020", "2020")]
