"""Identifiers and districts of organizations and experts, as organizers type and find them."""

import pytest
from django.contrib.messages import get_messages

from events.models import Expert, Organization
from tests import factories
from tests.backoffice.posting import save, url
from tests.backoffice.test_search import found

pytestmark = pytest.mark.django_db

CODE, DOUBTFUL = "91350100M000100Y43", "91350211M0000XUF46"
ROR, ORCID = "https://ror.org/02mhbdp94", "https://orcid.org/0000-0002-1825-0097"


def said(response) -> str:
    return " ".join(str(each) for each in get_messages(response.wsgi_request))


def test_identifiers_are_stored_in_their_one_form(organizer):
    organization, expert = factories.organization(), factories.expert()

    first = save(organizer, organization, credit_code="９１３５０１００m000100y43", ror="02MHBDP94")
    second = save(organizer, expert, orcid="0000 0002 1825 0097")

    organization.refresh_from_db()
    expert.refresh_from_db()
    assert (organization.credit_code, organization.ror) == (CODE, ROR)
    assert expert.orcid == ORCID
    assert "match" not in said(first) + said(second)


@pytest.mark.parametrize(
    ("make", "typed", "words"),
    [
        (factories.organization, {"credit_code": DOUBTFUL}, "Compare it with the certificate"),
        (factories.organization, {"credit_code": "pending"}, "has 18 characters"),
        (factories.organization, {"ror": "https://ror.org/02mhbdp95"}, "last two digits"),
        (factories.expert, {"orcid": "0000-0002-1825-0079"}, "ORCID identifier does not match"),
    ],
)
def test_an_odd_identifier_is_saved_with_a_warning(organizer, make, typed, words):
    row = make()

    response = save(organizer, row, **typed)

    assert response.status_code == 302
    assert words in said(response)
    row.refresh_from_db()
    assert all(getattr(row, name) for name in typed)


def test_an_odd_identifier_that_stays_is_not_warned_of_again(organizer):
    organization = factories.organization(credit_code=DOUBTFUL)

    response = save(organizer, organization, city_en="Xiamen")

    assert "certificate" not in said(response)


@pytest.mark.parametrize(
    ("make", "identifier"),
    [
        (factories.organization, {"credit_code": CODE}),
        (factories.organization, {"ror": ROR}),
        (factories.expert, {"orcid": ORCID}),
    ],
)
def test_a_second_row_with_one_identifier_is_saved_and_the_first_is_named(
    organizer, make, identifier
):
    first, second = make(**identifier), make()

    response = save(organizer, second, **identifier)

    assert response.status_code == 302
    assert f'href="{url(first, "change")}"' in said(response)
    assert "has the same" in said(response)


@pytest.mark.parametrize("text", [CODE, CODE.lower(), "９１３５０１００", ROR, "02mhbdp94"])
def test_an_organization_is_found_by_its_identifiers(organizer, text):
    organization = factories.organization(credit_code=CODE, ror=ROR)
    factories.organization()

    assert found(organizer, Organization, text) == [organization]


@pytest.mark.parametrize("text", [ORCID, "0000-0002-1825-0097"])
def test_an_expert_is_found_by_the_orcid(organizer, text):
    expert = factories.expert(orcid=ORCID)
    factories.expert()

    assert found(organizer, Expert, text) == [expert]


def test_a_district_is_suggested_and_filtered_by(organizer):
    chang_an = factories.organization(district_en="Chang’an", district_zh_hans="长安区")
    chinese = factories.organization(district_zh_hans="长安区")
    english = factories.organization(district_en="Science Park")
    factories.organization()

    form = organizer.get(url(Organization, "add")).text
    page = organizer.get(url(Organization, "changelist"))

    assert '<option value="长安区">' in form and '<option value="Science Park">' in form
    assert form.count('<option value="长安区">') == 1
    assert ">Chang’an</a>" in page.text and ">Science Park</a>" in page.text

    def filtered(district):
        page = organizer.get(url(Organization, "changelist"), {"district": district})
        return set(page.context["cl"].result_list)

    assert filtered("长安区") == {chang_an, chinese}
    assert filtered("Science Park") == {english}
    assert filtered("nowhere") == set()
