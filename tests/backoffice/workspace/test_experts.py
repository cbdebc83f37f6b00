"""The experts of an event, and new ones typed in rows."""

import pytest

from events.models import Affiliation, Expert, Organization
from tests import factories
from tests.backoffice.posting import url
from tests.backoffice.workspace.pages import cost, row_errors, type_rows

pytestmark = pytest.mark.django_db

WANG = {"name_zh_hans": "王伟", "name_en": "Wei Wang", "role": "speaker"}
LI = {"name_zh_hans": "李娜", "name_en": "Na Li", "role": "moderator"}
NEW = "new:河北医科大学 / Hebei Medical University"


def test_rows_make_experts_with_their_affiliation_and_place_in_the_programme(organizer):
    session = factories.session()
    place = factories.organization(country="GB")

    response = type_rows(
        organizer,
        session.event,
        "experts",
        {
            **WANG,
            "organization": place.pk,
            "position_zh_hans": "教授",
            "position_en": "Professor",
            "session": session.pk,
        },
        {**LI, "organization": NEW, "session": session.pk},
        {},
    )

    assert response.url == url(session.event, "experts")
    wang, li = Expert.objects.order_by("pk")
    affiliation = wang.affiliations.get()
    assert (affiliation.organization, affiliation.is_primary) == (place, True)
    assert (affiliation.position_en, affiliation.position_zh_hans) == ("Professor", "教授")
    assert wang.country == "GB"
    assert li.affiliations.get().organization.name_en == "Hebei Medical University"
    appearances = session.appearances.values_list("expert", "role", "order")
    assert list(appearances) == [(wang.pk, "speaker", 0), (li.pk, "moderator", 1)]
    assert wang.history.get().history_user == organizer.user


def test_new_organization_that_several_rows_name_is_added_once_with_the_kind_it_says(organizer):
    event = factories.event()

    type_rows(
        organizer, event, "experts", {**WANG, "organization": NEW}, {**LI, "organization": NEW}
    )

    organization = Organization.objects.get()
    assert (organization.name_zh_hans, organization.kind) == ("河北医科大学", "university")
    page = organizer.get(url(event, "experts"))
    assert url(organization, "change") in page.text


def test_rows_alike_to_what_is_there_are_asked_about_once(organizer):
    event = factories.event()
    factories.expert(name_zh_hans="王伟", name_en="Wang Wei")
    factories.organization(name_zh_hans="河北医科大学")
    row = {**WANG, "organization": "new:河北医科大学"}

    refused = type_rows(organizer, event, "experts", row)

    assert set(row_errors(refused)) == {"rows-0-name_en", "rows-0-organization"}
    assert Expert.objects.count() == 1
    [form] = refused.context["rows"]
    assert "new:河北医科大学" in str(form["organization"])

    type_rows(organizer, event, "experts", {**row, "told": form.data["rows-0-told"]})

    assert Expert.objects.count() == 2
    assert Organization.objects.count() == 2


def test_page_is_saved_as_a_whole_or_not_at_all(organizer):
    elsewhere = factories.appearance()
    session = factories.session(event=elsewhere.session.event)
    event = session.event
    before = list(Expert.objects.values())

    refused = type_rows(
        organizer,
        event,
        "experts",
        {**WANG, "organization": NEW},
        {"name_en": "x" * 101, "role": "speaker"},
    )

    assert set(row_errors(refused)) == {"rows-1-name_en"}
    assert list(Expert.objects.values()) == before
    assert not Organization.objects.filter(name_zh_hans="河北医科大学").exists()


@pytest.mark.parametrize(
    ("row", "box"),
    [
        ({"position_en": "Professor", "role": "speaker"}, "name_en"),
        ({**WANG, "organization": "77"}, "organization"),
        ({**WANG, "organization": "9" * 50}, "organization"),
        ({**WANG, "organization": "new:"}, "organization"),
        ({**WANG, "organization": "new:" + "大" * 401}, "organization"),
        ({**WANG, "session": "77"}, "session"),
        ({**WANG, "role": "king"}, "role"),
    ],
)
def test_wrong_row_is_refused_beside_its_box(organizer, row, box):
    refused = type_rows(organizer, factories.event(), "experts", row)

    assert set(row_errors(refused)) == {f"rows-0-{box}"}
    assert not Expert.objects.exists()


def test_two_rows_of_one_name_are_pointed_out(organizer):
    refused = type_rows(organizer, factories.event(), "experts", WANG, WANG)

    assert "__all__" in str(row_errors(refused))
    assert not Expert.objects.exists()


def test_session_of_another_event_cannot_be_chosen(organizer):
    other = factories.session()

    refused = type_rows(organizer, factories.event(), "experts", {**WANG, "session": other.pk})

    assert set(row_errors(refused)) == {"rows-0-session"}


def test_too_many_rows_are_refused_and_none_is_lost_in_silence(organizer):
    rows = [{"name_en": f"Expert {number}", "role": "speaker"} for number in range(61)]

    refused = type_rows(organizer, factories.event(), "experts", *rows)

    assert refused.context["rows"].non_form_errors()
    assert not Expert.objects.exists()


def test_nothing_typed_adds_nothing(organizer):
    event = factories.event()

    response = type_rows(organizer, event, "experts", {}, {"role": "speaker"})

    assert response.url == url(event, "experts")
    assert not Expert.objects.exists()


def test_auditor_reads_and_adds_nothing(auditor):
    appearance = factories.appearance()
    event = appearance.session.event

    page = auditor.get(url(event, "experts"))

    assert str(appearance.expert) in page.text
    assert 'id="rows-form"' not in page.text
    assert type_rows(auditor, event, "experts", WANG).status_code == 403
    assert Expert.objects.count() == 1


def test_page_shows_who_appears_where_and_what_they_recommend(organizer):
    recommendation = factories.recommendation()
    appearance = factories.appearance(session=factories.session(event=recommendation.event))
    factories.expert(name_en="Elsewhere")

    page = organizer.get(url(recommendation.event, "experts"))

    experts = [row["expert"] for row in page.context["experts"]]
    assert set(experts) == {recommendation.expert, appearance.expert}
    assert "Elsewhere" not in page.text


def test_page_costs_the_same_with_one_and_three_rows(organizer):
    event = factories.event()

    def grow():
        at = factories.affiliation()
        start = event.sessions.count() + 9
        session = factories.session(
            event=event, starts_at=factories.at(start), ends_at=factories.at(start, 30)
        )
        factories.appearance(session=session, expert=at.expert)

    grow()
    few = cost(organizer, url(event, "experts"))
    grow()
    grow()

    assert cost(organizer, url(event, "experts")) == few <= 17


def test_hostile_name_is_shown_as_it_is_written(organizer):
    session = factories.session()
    row = {"name_en": "<script>alert(1)</script>", "role": "speaker", "session": session.pk}

    type_rows(organizer, session.event, "experts", {**row, "organization": "new:<i>x</i>"})

    text = organizer.get(url(session.event, "experts")).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    assert "<i>x</i>" not in text
    assert Affiliation.objects.count() == 1
