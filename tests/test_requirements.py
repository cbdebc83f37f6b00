"""A name added to requirements/*.in and not pinned breaks every fresh clone."""

import re

import pytest
from django.conf import settings

REQUIREMENTS = settings.BASE_DIR / "requirements"


def names(text: str) -> list[str]:
    """Return what each line asks for, without extras, versions, options and comments."""
    lines = (re.match(r"[A-Za-z][A-Za-z0-9-]*", line) for line in text.splitlines())
    return [line.group().lower() for line in lines if line]


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_requirement_is_pinned_and_asked_for_once(name):
    wanted = names((REQUIREMENTS / f"{name}.in").read_text())
    pinned = names((REQUIREMENTS / f"{name}.txt").read_text())

    assert sorted(wanted) == sorted(set(wanted))
    assert set(wanted) - set(pinned) == set()
