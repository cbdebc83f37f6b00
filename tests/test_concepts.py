"""``docs/concepts.md`` says what the code does."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from projects.domain import amendment, intention, signing
from projects.models import CooperationIntention
from registrations.models import Registration

CONCEPTS = Path(settings.BASE_DIR, "docs/concepts.md").read_text()
Status = CooperationIntention.Status


# Where the functions are that move a noun.
PLACES = {
    "registration": "registrations.domain",
    "check-in": "registrations.domain",
    "outbound e-mail or text message": "mail",
}


def moves_told(noun: str = "cooperation intention") -> list[list[str]]:
    """Return from, to and function of each line about the noun in the table of states."""
    lines = [line for line in CONCEPTS.splitlines() if line.startswith(f"| {noun} |")]
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


@pytest.mark.parametrize("noun", PLACES)
def test_the_functions_named_are_where_the_table_says(noun):
    told = moves_told(noun)
    names = re.findall(r"`(\w+)\.(\w+)`", " ".join(function for _from, _to, function in told))

    assert names
    for module, function in names:
        found = import_module(f"{PLACES[noun]}.{module}")
        assert callable(getattr(found, function, None)), f"{module}.{function}"


@pytest.mark.parametrize(
    "function",
    [
        "contact_change.confirm",
        "shared_places.take_over",
        "way_to_attend.change",
        "privacy.take_out",
        "invitation.take_up",
    ],
)
def test_the_table_names_what_moves_a_registration_beside_its_place(function):
    assert any(f"`{function}`" in told for _from, _to, told in moves_told("registration"))


def test_every_state_of_a_registration_is_in_the_table():
    named = " ".join(f"{start}, {end}" for start, end, _function in moves_told("registration"))

    for label in Registration.Status.labels:
        assert str(label) in named


def test_amendments_are_explained():
    assert f"`amendment.{amendment.amend.__name__}`" in CONCEPTS
