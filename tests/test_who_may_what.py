"""Every address with every role, against the table in who_may_what.txt."""

import itertools
import re
from pathlib import Path

import pytest

from tests.walk import ROLES, Everything, answer, everybody

TABLE = Path(__file__).parent / "who_may_what.txt"
ROW = re.compile(rf"((?:\S\S ){{{len(ROLES)}}}) (\S.*)")


def table():
    """Return {name of an address: its answers}, read from the table."""
    rows = []
    for line in TABLE.read_text().splitlines():
        if row := ROW.fullmatch(line):
            rows.append([row[1].strip(), row[2]])
        elif line.startswith(" "):
            rows[-1][1] += " " + line.strip()
        else:
            assert not line or line.startswith("#"), line
    named = [(name, answers) for answers, names in rows for name in expanded(names)]
    assert len(named) == len(dict(named)), "an address stands in two rows"
    return dict(named)


def expanded(names):
    """Yield the names of a row: ``admin:events_{event, session}_add`` is two of them."""
    for text in re.findall(r"(?:\{[^}]*\}|[^\s{])+", names):
        parts = [
            part[1:-1].split(", ") if part[0] == "{" else [part]
            for part in re.findall(r"\{[^}]*\}|[^{]+", text)
        ]
        yield from map("".join, itertools.product(*parts))


@pytest.mark.django_db
@pytest.mark.usefixtures("private_files")
@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_as_the_table_says(role):
    everything = Everything()
    person = everybody(everything.event)[role]

    answered = {
        address.name: answer(person, "GET", address.path) + answer(person, "POST", address.path)
        for address in everything.addresses()
    }

    column = ROLES.index(role)
    said = {name: answers.split()[column] for name, answers in table().items()}
    differing = [
        f"{name}: answers {answered.get(name)}, in the table {said.get(name)}"
        for name in sorted(answered.keys() | said.keys())
        if answered.get(name) != said.get(name)
    ]
    assert not differing, "\n".join(differing)
