"""``docs/concepts.md`` says what the code does."""

from pathlib import Path

import pytest
from django.conf import settings

from projects.domain import amendment, intention, signing
from projects.models import CooperationIntention

CONCEPTS = Path(settings.BASE_DIR, "docs/concepts.md").read_text()
Status = CooperationIntention.Status


def moves_told() -> list[list[str]]:
    """Return from, to and function of each line about an intention in the table of states."""
    lines = [line for line in CONCEPTS.splitlines() if line.startswith("| cooperation intention |")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row[1:4] for row in cells if len(row) == 5]


def test_the_table_of_states_holds_the_moves_of_an_intention_and_no_others():
    told = sorted((start, end) for start, end, _function in moves_told())

    assert told == sorted(
        (str(Status(start).label), str(Status(end).label))
        for start, ends in CooperationIntention.MOVES.items()
        for end in ends
    )


def test_every_state_is_in_the_table():
    named = {state for start, end, _function in moves_told() for state in (start, end)}

    assert named == {str(label) for label in Status.labels}


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (signing, "sign"),
        (signing, "sign_ceremony"),
        (intention, "abandon"),
        (intention, "convert"),
        (intention, "lapse"),
        (intention, "terminate"),
    ],
)
def test_the_table_names_the_function_that_moves_it(module, name):
    functions = " ".join(function for _start, _end, function in moves_told())

    assert f"`{module.__name__.split('.')[-1]}.{name}`" in functions
    assert callable(getattr(module, name))


def test_amendments_are_explained():
    assert f"`amendment.{amendment.amend.__name__}`" in CONCEPTS
