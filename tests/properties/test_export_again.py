"""Whatever is stored, what is exported to be edited is read again as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tablib.core import Dataset

from backoffice.imports import ExpertResource, OrganizationResource
from backoffice.project_imports import ProjectResource
from summit.lib.i18n.likeness import one_line, visible
from summit.lib.spreadsheets import as_typed, neutralised
from tests import factories

pytestmark = pytest.mark.django_db

# As forms store them: lines without what nobody sees, texts of several lines, and no NUL.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
LINES = TEXTS.map(one_line)
PROSE = TEXTS.map(lambda text: visible(text).replace("\r", "\n").strip())


def in_again(resource, row):
    """Export a row as CSV does, import it, and return what the import would change."""
    cells = ["" if cell is None else str(cell) for cell in resource.cells(row)]
    read = [
        as_typed(neutralised(cell, begins_line=not place), begins_line=not place)
        for place, cell in enumerate(cells)
    ]
    result = type(resource)().import_data(
        Dataset(read, headers=resource.written()), dry_run=True, raise_errors=True
    )
    [found] = result.rows
    assert not result.invalid_rows, result.invalid_rows[0].error
    return found.import_type, found.changed


@given(name=LINES, short=LINES, city=LINES, prose=PROSE)
def test_organization_is_read_again_as_it_is(db, name, short, city, prose):
    row = factories.organization(
        name_en=one_line(f"Org {name}"),
        short_name_en=short,
        city_zh_hans=city,
        description_en=prose,
    )

    assert in_again(OrganizationResource(), row) == ("skip", [])


@given(name=LINES, honorific=LINES.map(lambda text: text[:40].strip()), prose=PROSE, place=LINES)
def test_expert_is_read_again_as_it_is(db, name, honorific, prose, place):
    row = factories.expert(
        name_en=one_line(f"Ann {name}"), honorific_zh_hans=honorific, biography_zh_hans=prose
    )
    organization = factories.organization(name_en=one_line(f"Org {place}"))
    factories.affiliation(expert=row, organization=organization, position_en=place)

    assert in_again(ExpertResource(), row) == ("skip", [])


@given(title=LINES, prose=PROSE, owner=LINES, sector=LINES)
def test_project_is_read_again_as_it_is(db, title, prose, owner, sector):
    row = factories.project(
        title_en=one_line(f"Project {title}"),
        summary_zh_hans=prose,
        description_en=prose,
        owner=factories.organization(name_zh_hans=one_line(f"机构{owner}")),
        sectors=[factories.sector(name_en=one_line(f"Sector {sector}"[:60]))],
    )

    assert in_again(ProjectResource(), row) == ("skip", [])
