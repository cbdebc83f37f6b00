"""Lists and forms of staff with anything in them: a mistake there is no error of the server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.cast import make_clerk
from tests.pages import story
from tests.properties.hostile import ask, pairs

pytestmark = pytest.mark.django_db

BUDGET = 80
LISTS = [
    *("registration", "event", "session", "expert", "organization", "exportrecord", "auditentry"),
    *("outboundmail", "columnset", "eventseries"),
]
OF_PROJECTS = ["project", "cooperationintention", "followup", "document", "recommendation"]
ASKED = [
    *("q", "p", "o", "all", "e", "_facets", "status__exact", "event__id__exact", "translation"),
    *("checked_in", "registered_at__gte", "at__gte", "account", "action__exact", "starts_at__year"),
    *("id__in", "pk", "due", "currency", "series", "year", "_to_field", "_popup", "when"),
]
DESK = ["", "check-in/", "undo/", "admit/", "walk-in/", "badges/", "export/", "counts.json"]
POSTED = [
    *("q", "registration", "check_in", "session", "ticket", "sure", "do", "since", "after", "name"),
    *("email", "category", "organization_name", "columns", "column_set", "file_format", "headers"),
    *("statuses", "categories", "checked_in", "registered_since", "is_shared", "order", "language"),
    *("layout", "person", "code", "consent", "place", "batch", "registered"),
]


@pytest.fixture
def event(db):
    told = story()
    settings = factories.registration_settings(event=factories.upcoming_event(series=told.series))
    factories.registered(settings.event)
    return settings.event


@pytest.fixture
def clerk(event):
    return make_clerk(event)


@given(data=st.data(), query=pairs(ASKED))
def test_lists_of_the_admin_take_any_query_string(superuser, event, data, query):
    place = data.draw(
        st.sampled_from(
            [f"events/{name}" for name in LISTS] + [f"projects/{n}" for n in OF_PROJECTS]
        )
    )

    ask(superuser, "GET", f"/admin/{place}/?{query}", budget=BUDGET)


@given(data=st.data(), body=pairs(POSTED, most=12), query=pairs(POSTED))
def test_desk_takes_anything(clerk, event, data, body, query):
    page = data.draw(st.sampled_from(DESK))
    method = data.draw(st.sampled_from(["GET", "POST"]))

    ask(clerk, method, f"/desk/{event.slug}/{page}?{query}", body=body, budget=BUDGET)


@given(query=pairs(["from", "to", "year", "language", "lang", "section", "q"]))
@pytest.mark.parametrize("ending", ["", "report.csv"])
def test_reports_take_any_query_string(auditor, event, ending, query):
    ask(auditor, "GET", f"/admin/report/series/{event.series.slug}/{ending}?{query}", budget=BUDGET)
