import datetime as dt

import pytest

from backoffice.project_imports import ProjectResource
from projects.models import Project
from tests import factories
from tests.backoffice.test_import import confirm, errors, preview, sheet

PROJECTS = "admin:projects_project_import"


def test_project_is_imported_as_a_draft_with_sectors_modes_and_owner(organizer):
    owner = factories.organization(slug="hale-labs")
    diagnostics = factories.sector(slug="blood")
    licence, transfer = factories.mode(slug="to-let"), factories.mode(slug="to-sell")
    text = (
        "title_en,title_zh_hans,kind,sectors,modes,maturity,owner,valid_until\n"
        'Remote blood testing,远程血液检测,供给,blood,"to-let, to-sell",6,hale-labs,2027/1/31\n'
    ).replace("供给", "offer")

    confirm(organizer, preview(organizer, sheet(text), PROJECTS), PROJECTS)

    made = Project.objects.get()
    assert made.status == Project.Status.DRAFT
    assert (made.owner, made.maturity, made.valid_until) == (owner, 6, dt.date(2027, 1, 31))
    assert list(made.sectors.all()) == [diagnostics]
    assert set(made.modes.all()) == {licence, transfer}


def test_unknown_slugs_numbers_and_days_are_named(organizer):
    text = "title_en,sectors,modes,owner,maturity,valid_until\nA,nothing,none,nobody,12,soon\n"

    response = preview(organizer, sheet(text), PROJECTS)

    assert sorted(errors(response)) == [
        (2, "maturity"),
        (2, "modes"),
        (2, "owner"),
        (2, "sectors"),
        (2, "valid_until"),
    ]
    assert not Project.objects.exists()


def test_status_cannot_be_imported(organizer):
    response = preview(organizer, sheet("title_en,status\nA,published\n"), PROJECTS)

    assert response.context["notes"] == [
        "These columns are not known here and were left out: status."
    ]
    confirm(organizer, response, PROJECTS)
    assert Project.objects.get().status == Project.Status.DRAFT


@pytest.mark.parametrize(
    "typed",
    ["4", "TRL4", "trl 4", "4级", "validated in the laboratory", "通过实验室环境验证"]
    + ["TRL 4 · validated in the laboratory", "TRL 4 · 通过实验室环境验证"],
)
def test_maturity_is_read_by_its_number_and_by_its_name(typed):
    assert ProjectResource.fields["maturity"].widget.clean(typed) == 4
