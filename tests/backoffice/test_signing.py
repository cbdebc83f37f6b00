"""The page of a signature says what cannot be taken back."""

import pytest

from projects.models import CooperationIntention
from tests import factories
from tests.backoffice.posting import confirm_seen, do, errors, inline, save, url
from tests.backoffice.test_intention_actions import SIGNING


def sign_page(person, draft):
    return person.get(url(draft, "action", "sign"))


def at_one_place(**fields):
    """A draft that names no institution, with an expert who is at one."""
    held = factories.affiliation(position_en="Chief physician", position_zh_hans="主任医师")
    draft = factories.intention(expert=held.expert, **fields)
    CooperationIntention.objects.filter(pk=draft.pk).update(expert_organization=None)
    draft.refresh_from_db()
    return draft, held


def test_page_shows_the_parties_and_the_reference_that_is_next(organizer):
    draft, held = at_one_place()
    factories.signed_intention(event=draft.event)

    page = sign_page(organizer, draft).text

    large = [part.split("</strong>")[0] for part in page.split('<strong class="large">')[1:]]
    assert large == [
        "SJZ-2020-002",
        *(draft.company.name_en, draft.company.name_zh_hans),
        *(draft.expert.name_en, draft.expert.name_zh_hans),
        *(held.organization.name_en, held.organization.name_zh_hans),
    ]
    assert "Chief physician" in page and "主任医师" in page
    do(organizer, draft, "sign", **SIGNING)
    draft.refresh_from_db()
    assert draft.reference == "SJZ-2020-002"


def test_draft_that_was_edited_meanwhile_is_shown_before_it_is_signed(organizer):
    draft = factories.intention()
    page = sign_page(organizer, draft)
    CooperationIntention.objects.filter(pk=draft.pk).update(purpose_en="Buy the company")

    refused = confirm_seen(organizer, draft, "sign", page, **SIGNING)

    assert "These drafts were changed after you opened this page" in refused.text
    assert "Buy the company" in refused.text
    draft.refresh_from_db()
    assert draft.is_draft
    assert confirm_seen(organizer, draft, "sign", refused, **SIGNING).status_code == 302
    draft.refresh_from_db()
    assert draft.purpose_en == "Buy the company" and not draft.is_draft


def test_expert_at_one_place_signs_for_it(organizer):
    draft, held = at_one_place()

    do(organizer, draft, "sign", **SIGNING)

    draft.refresh_from_db()
    assert draft.expert_organization == held.organization
    assert draft.snapshot["expert_organization"]["name"]["en"] == held.organization.name_en
    assert draft.snapshot["position"]["en"] == "Chief physician"


def test_expert_at_one_place_is_given_it_as_the_draft_is_saved(organizer):
    draft, held = at_one_place()

    save(organizer, draft, subject_en="Talks")

    draft.refresh_from_db()
    assert draft.expert_organization == held.organization


@pytest.mark.django_db
def test_expert_at_two_places_or_at_a_hidden_one_is_given_none():
    draft, held = at_one_place()
    factories.affiliation(expert=held.expert, is_primary=False)
    assert draft.institution is None

    hidden = factories.affiliation(organization=factories.organization(is_public=False))
    unseen = CooperationIntention(event=draft.event, expert=hidden.expert)
    assert unseen.institution is None
    assert CooperationIntention(expert=held.expert).institution is None


def test_draft_without_an_event_is_asked_for_it(organizer):
    expert = factories.affiliation().expert
    parts = inline("project_links") | inline("signatories")

    page = save(organizer, CooperationIntention, "add", event=None, expert=expert.pk, **parts)

    assert "event" in errors(page)


def warnings(person, draft):
    return " ".join(map(str, sign_page(person, draft).context["warnings"]))


def test_page_warns_of_an_expert_without_an_institution(organizer):
    draft = factories.intention(expert_organization=None)
    known, _held = at_one_place()

    assert "signs without an institution" in warnings(organizer, draft)
    assert "institution" not in warnings(organizer, known)


def test_page_warns_of_an_institution_where_the_expert_is_not(organizer):
    draft = factories.intention()

    assert f"is not known to be at “{draft.expert_organization}”" in warnings(organizer, draft)
    factories.affiliation(expert=draft.expert, organization=draft.expert_organization)
    assert "is not known" not in warnings(organizer, draft)


@pytest.mark.parametrize(
    "event",
    [
        lambda: factories.event(series=None),
        lambda: factories.event(series=factories.series(reference_prefix="")),
    ],
)
def test_page_warns_of_an_empty_prefix(organizer, event):
    draft = factories.intention(event=event())

    assert "will begin with SUMMIT" in warnings(organizer, draft)
    assert "SUMMIT-2020-001" in sign_page(organizer, draft).text
    assert "will begin with" not in warnings(organizer, factories.intention())


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("滹沱医科大学", True),
        ("石家庄市第一医院", True),
        ("河北省科学院应用数学研究所", True),
        ("石家庄市科学技术局", True),
        ("Pennine University Hospitals", True),
        ("河北大学科技园有限公司", False),
        ("University Spin-out Ltd", False),
        ("冀中药业集团", False),
        ("Dragon Valves Co., Ltd.", False),
    ],
)
def test_page_warns_of_a_university_that_is_kept_as_a_company(organizer, name, is_told):
    company = factories.organization(name_en="", name_zh_hans=name, kind="company")
    draft = factories.intention(company=company)

    assert (f"“{name}” is recorded as a company" in warnings(organizer, draft)) is is_told


@pytest.mark.parametrize(
    ("kind", "label"), [("company", "Company"), ("university", "Signing organization")]
)
def test_label_of_the_party_follows_its_kind(organizer, client, kind, label):
    draft = factories.intention(company=factories.organization(kind=kind))

    assert f'<th scope="row">{label}</th>' in sign_page(organizer, draft).text
    do(organizer, draft, "sign", **SIGNING)
    draft.refresh_from_db()
    assert f'<p class="party-role">{label}</p>' in client.get(draft.get_absolute_url()).text
    assert f'<th scope="row">{label}</th>' in organizer.get(url(draft, "change")).text


def test_ceremony_shows_the_references_and_parties(organizer):
    event = factories.event(series=factories.series())
    session = factories.session(kind="signing", event=event)
    drafts = [factories.intention(session=session) for _each in range(2)]

    page = organizer.get(url(session, "action", "sign-all")).text

    for number, draft in enumerate(drafts, start=1):
        assert f'<strong class="large">SJZ-2020-00{number}</strong>' in page
        assert f'<strong class="large">{draft.company}</strong>' in page
        assert f"{draft.expert} · {draft.expert_organization}" in page
