"""The intentions of an event: drafts prepared in rows, and what is signed."""

import pytest

from events.models import Organization
from projects.models import CooperationIntention
from tests import factories
from tests.backoffice.posting import url
from tests.backoffice.workspace.pages import cost, row_errors, type_rows

pytestmark = pytest.mark.django_db

Intention = CooperationIntention


def recommended(event, **fields):
    expert = factories.affiliation(position_en="Chair", position_zh_hans="主任").expert
    return factories.recommendation(event=event, session=None, expert=expert, **fields)


def rows_of(page):
    return [form.initial for form in page.context["rows"]]


def test_rows_begin_with_the_recommendations_that_no_intention_names(organizer):
    event = factories.session(kind="signing").event
    one, two = recommended(event), recommended(event)
    factories.intention(event=event, projects=[two.project])

    page = organizer.get(url(event, "intentions"))

    begun = f"{one.expert_id}:{one.project_id}"
    prepared = {"expert": one.expert_id, "projects": [one.project_id], "begun": begun}
    assert rows_of(page) == [prepared, {}, {}]


def test_draft_has_institution_signatories_and_ceremony_by_itself(organizer):
    session = factories.session(kind="signing")
    event = session.event
    of_expert = recommended(event)
    company = factories.organization()

    response = type_rows(
        organizer,
        event,
        "intentions",
        {
            "company": company.pk,
            "expert": of_expert.expert_id,
            "projects": [of_expert.project_id],
            "session": session.pk,
            "signatory_name_zh_hans": "张三",
            "signatory_capacity_zh_hans": "总经理",
        },
        {"company": "new:河北清曜生物科技有限公司", "subject_en": "Talent"},
    )

    assert response.url == url(event, "intentions")
    one, two = Intention.objects.order_by("pk")
    place = of_expert.expert.affiliations.get()
    assert (one.company, one.session, one.expert_organization) == (
        company,
        session,
        place.organization,
    )
    assert list(one.projects.all()) == [of_expert.project]
    signatories = one.signatories.order_by("side").values_list(
        "side", "name_en", "name_zh_hans", "capacity_en", "capacity_zh_hans"
    )
    expert = of_expert.expert
    assert list(signatories) == [
        ("company", "", "张三", "", "总经理"),
        ("expert", expert.name_en, expert.name_zh_hans, "Chair", "主任"),
    ]
    assert (two.company.name_zh_hans, two.company.kind) == ("河北清曜生物科技有限公司", "company")
    assert two.status == "draft"
    assert one.history.first().history_user == organizer.user


def test_organization_that_is_not_public_is_not_taken_by_itself(organizer):
    event = factories.event()
    at = factories.affiliation(organization=factories.organization(is_public=False))

    type_rows(organizer, event, "intentions", {"expert": at.expert_id, "subject_en": "Talent"})

    assert Intention.objects.get().expert_organization is None


def test_row_that_is_left_as_it_began_makes_no_draft(organizer):
    event = factories.event()
    of_expert = recommended(event)
    begun = f"{of_expert.expert_id}:{of_expert.project_id}"
    row = {"expert": of_expert.expert_id, "projects": [of_expert.project_id], "begun": begun}

    type_rows(organizer, event, "intentions", row, {"session": ""})

    assert not Intention.objects.exists()


def test_row_with_another_expert_than_it_began_with_makes_one(organizer):
    event = factories.event()

    type_rows(organizer, event, "intentions", {"expert": factories.expert().pk})

    assert Intention.objects.get().company is None


@pytest.mark.parametrize(
    ("row", "box"),
    [
        ({"company": "77"}, "company"),
        ({"company": "new:"}, "company"),
        ({"expert": "9" * 40}, "expert"),
        ({"projects": ["x"]}, "projects"),
        ({"signatory_capacity_en": "Director"}, "signatory_name_en"),
        ({"subject_en": "x" * 201}, "subject_en"),
    ],
)
def test_wrong_row_is_refused_beside_its_box(organizer, row, box):
    refused = type_rows(organizer, factories.event(), "intentions", row)

    assert set(row_errors(refused)) == {f"rows-0-{box}"}
    assert not Intention.objects.exists()
    assert not Organization.objects.exists()


def test_ceremony_is_a_signing_of_this_event(organizer):
    event = factories.session(kind="keynote").event
    other = factories.session(kind="signing")

    refused = type_rows(
        organizer, event, "intentions", {"subject_en": "Talent", "session": other.pk}
    )

    assert set(row_errors(refused)) == {"rows-0-session"}


def test_page_shows_drafts_what_is_signed_and_what_is_due(organizer):
    session = factories.session(kind="signing")
    event = session.event
    draft = factories.intention(event=event, session=session)
    signed = factories.signed_intention(event=event)
    factories.abandoned_intention(event=event)
    factories.signed_intention()

    page = organizer.get(url(event, "intentions"))

    assert [told["row"] for told in page.context["drafts"]] == [draft]
    assert [told["row"] for told in page.context["signed"]] == [signed]
    assert len(page.context["abandoned"]) == 1
    assert {each.intention for each, _url in page.context["due"]} == {signed}
    [(button, address)] = page.context["ceremonies"]
    assert address.startswith(url(session, "action", "sign-all") + "?_back=")


def test_new_intention_is_prefilled_with_the_event_and_comes_back(organizer):
    event = factories.event()
    address = organizer.get(url(event, "intentions")).context["add_url"]

    page = organizer.get(address)

    assert page.context["adminform"].form.initial["event"] == str(event.pk)
    assert page.context["way_back"] == url(event, "intentions")


def test_auditor_reads_and_adds_nothing(auditor):
    event = factories.intention().event

    page = auditor.get(url(event, "intentions"))

    assert len(page.context["drafts"]) == 1
    assert "rows" not in page.context
    assert page.context["add_url"] == ""
    assert type_rows(auditor, event, "intentions", {"subject_en": "x"}).status_code == 403


def test_page_costs_the_same_with_one_and_three_rows(organizer):
    session = factories.session(kind="signing")
    event = session.event

    def grow():
        recommended(event)
        factories.intention(event=event, session=session)
        factories.signed_intention(event=event)

    grow()
    few = cost(organizer, url(event, "intentions"))
    grow()
    grow()

    assert cost(organizer, url(event, "intentions")) == few <= 20
