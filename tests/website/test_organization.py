import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def test_organization_page_tells_its_part_in_everything(client):
    organization = factories.organization(
        name_en="Acme",
        kind="university",
        country="GB",
        city_en="Leeds",
        website="https://www.acme.example/about?x=1",
        description_en="Makes *things*.",
    )
    expert = factories.expert(name_en="Ann Hale")
    factories.affiliation(expert=expert, organization=organization, position_en="Reader")
    factories.role(organization=organization, event=factories.event(title_en="Forum"))
    factories.project(owner=organization, title_en="Blood box")
    as_company = factories.signed_intention(company=organization)
    for_expert = factories.signed_intention(expert_organization=organization)

    text = client.get("/en/organizations/acme/").content.decode()

    for part in (
        *("Acme", "University", "Leeds", "United Kingdom", ">www.acme.example<", "Ann Hale"),
        *("Makes <em>things</em>.", "Reader", "Sponsor", "Forum", "Blood box"),
        *(as_company.reference, for_expert.reference),
    ):
        assert part in text, part


@pytest.mark.parametrize("website", ["", "https:///x"])
def test_odd_website_does_not_break_the_page(client, website):
    organization = factories.organization()
    type(organization).objects.update(website=website, country="")

    assert client.get(organization.get_absolute_url()).status_code == 200


def test_projects_come_in_pages(client):
    organization = factories.organization()
    for _number in range(25):
        factories.project(owner=organization)
    path = organization.get_absolute_url()

    assert len(client.get(path).context["projects"]) == 24
    assert len(client.get(path, {"page": 2}).context["projects"]) == 1
    for page in ("3", "0", "x"):
        assert client.get(path, {"page": page}).status_code == 404
