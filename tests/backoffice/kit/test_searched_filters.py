"""Filters by event, series and country: bounded, in scope, and what they find."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.kit.searched_filters import OFFERED
from events.models import Event, Expert, Organization, OrganizerScope
from mail.models import OutboundMail
from projects.models import Project
from tests import factories
from tests.backoffice.posting import url

pytestmark = pytest.mark.django_db


def read(person, model, query=""):
    return person.get(url(model, "changelist") + query)


def listed(person, model, query=""):
    return list(read(person, model, query).context["cl"].result_list)


def offered(page, parameter="event__id__exact"):
    [spec] = [
        each
        for each in page.context["cl"].filter_specs
        if getattr(each, "parameter_name", "") == parameter
    ]
    return spec


def test_experts_projects_sessions_and_organizations_are_found_by_event_and_series(organizer):
    series = factories.series()
    event, other = factories.event(series=series), factories.event()
    session = factories.session(event=event)
    speaker, recommender = factories.expert(), factories.expert()
    for _ in range(2):
        # Twice there, listed once.
        factories.appearance(session=factories.session(event=event), expert=speaker)
    recommendation = factories.recommendation(event=event, expert=recommender)
    role = factories.role(event=event)
    factories.recommendation(event=other)
    factories.appearance(session=factories.session(event=other))

    for query in (f"?event__id__exact={event.pk}", f"?series__id__exact={series.pk}"):
        assert set(listed(organizer, Expert, query)) == {speaker, recommender}
        assert len(listed(organizer, Expert, query)) == 2
        assert listed(organizer, Project, query) == [recommendation.project]
        assert listed(organizer, Organization, query) == [role.organization]
        assert session in listed(organizer, type(session), query)
        assert {each.event for each in listed(organizer, type(session), query)} == {event}


def test_mails_are_found_by_event(organizer):
    event = factories.upcoming_event()
    factories.registration_settings(event=event)
    one = factories.registered(event)
    elsewhere = factories.upcoming_event()
    factories.registration_settings(event=elsewhere)
    factories.registered(elsewhere)

    found = listed(organizer, OutboundMail, f"?event__id__exact={event.pk}")

    assert found
    assert {mail.subject for mail in found} == {one}


def test_filter_offers_the_latest_events_and_the_one_that_is_chosen(organizer):
    oldest = factories.event(title_en="Oldest")
    for _ in range(OFFERED):
        factories.upcoming_event()

    page = read(organizer, Expert)
    chosen = read(organizer, Expert, f"?event__id__exact={oldest.pk}")

    assert len(offered(page).lookup_choices) == OFFERED
    assert str(oldest.pk) not in dict(offered(page).lookup_choices)
    assert offered(chosen).lookup_choices[0][0] == str(oldest.pk)


def test_filter_finds_an_event_by_its_title_in_either_language(organizer):
    wanted = factories.event(title_en="Docking Summit", title_zh_hans="石家庄对接峰会")
    for _ in range(OFFERED):
        factories.upcoming_event()
    factories.expert(country="GB")

    page = read(organizer, Expert, "?event__id__exact_like=对接&country__exact=GB")

    assert [key for key, _label in offered(page).lookup_choices] == [str(wanted.pk)]
    assert '<input type="hidden" name="country__exact" value="GB">' in page.text
    # Choosing forgets what was searched for.
    link = f"?country__exact=GB&amp;event__id__exact={wanted.pk}"
    assert f'href="{link}"' in page.text


def test_search_in_a_filter_that_finds_nothing_says_so(organizer):
    factories.event()

    page = read(organizer, Expert, "?event__id__exact_like=nowhere")

    assert "None found." in page.text


@pytest.mark.parametrize("key", ["0", "x", "9" * 40, "", "1,2"])
def test_key_of_no_event_finds_nothing(organizer, key):
    factories.expert()

    page = read(organizer, Expert, f"?event__id__exact={key}")

    assert page.status_code == 200
    assert list(page.context["cl"].result_list) == []


def test_events_beyond_ones_limits_are_neither_offered_nor_filtered_by(organizer):
    mine = factories.event(series=factories.series())
    beyond = factories.upcoming_event(series=factories.series(), title_en="Hidden")
    hours = {"starts_at": beyond.starts_at, "ends_at": beyond.ends_at}
    factories.appearance(session=factories.session(event=beyond, **hours))
    by_key = f"?event__id__exact={beyond.pk}"
    assert len(listed(organizer, Expert, by_key)) == 1
    OrganizerScope.objects.create(user=organizer.user, series=mine.series)

    page = read(organizer, Expert)
    found = read(organizer, Expert, by_key)

    assert [key for key, _label in offered(page).lookup_choices] == [str(mine.pk)]
    assert list(found.context["cl"].result_list) == []
    searched = read(organizer, Expert, "?event__id__exact_like=Hidden")
    assert offered(searched).lookup_choices == []


def test_filters_cost_the_same_with_few_and_many_events(organizer):
    factories.event(series=factories.series())
    read(organizer, Expert)

    def count():
        with CaptureQueriesContext(connection) as queries:
            read(organizer, Expert)
        return len(queries)

    few = count()
    for _ in range(OFFERED + 3):
        factories.event(series=factories.series())

    assert count() == few


def test_countries_are_offered_as_far_as_they_occur(organizer):
    finland = factories.expert(country="FI")
    factories.expert(country="CN")
    factories.organization(country="BR")

    page = read(organizer, Expert)

    spec = offered(page, "country__exact")
    assert spec.lookup_choices == [("CN", "China"), ("FI", "Finland")]
    assert listed(organizer, Expert, "?country__exact=FI") == [finland]


def test_events_are_filtered_by_series(organizer):
    series = factories.series()
    inside = factories.event(series=series)
    factories.event()

    assert listed(organizer, Event, f"?series__id__exact={series.pk}") == [inside]


def test_no_line_ends_within_the_day_of_an_event(organizer):
    event = factories.upcoming_event(title_en="Docking <Summit>")

    page = organizer.get("/admin/events/session/").text

    day = event.starts_on.isoformat()
    assert f'Docking &lt;Summit&gt; · <span class="whole">{day}</span></a>' in page
