"""A name added to requirements/*.in and not pinned breaks every fresh clone."""

import itertools
import re

import pytest
from django.conf import settings

REQUIREMENTS = settings.BASE_DIR / "requirements"


def names(text: str) -> list[str]:
    """Return what each line asks for, without extras, versions, options and comments."""
    lines = (re.match(r"[A-Za-z][A-Za-z0-9-]*", line) for line in text.splitlines())
    return [line.group().lower() for line in lines if line]


@pytest.mark.parametrize("name", ["base", "dev", "s3", "sentry"])
def test_every_requirement_is_pinned_and_asked_for_once(name):
    wanted = names((REQUIREMENTS / f"{name}.in").read_text())
    pinned = names((REQUIREMENTS / f"{name}.txt").read_text())

    assert sorted(wanted) == sorted(set(wanted))
    assert set(wanted) - set(pinned) == set()


def versions(name: str) -> dict[str, str]:
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==([^ \\]+)", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("first", "second"), list(itertools.combinations(["base", "s3", "sentry", "dev"], 2))
)
def test_what_is_installed_together_asks_for_the_same_versions(first, second):
    one, other = versions(first), versions(second)

    shared = one.keys() & other.keys()

    assert {each: other[each] for each in shared} == {each: one[each] for each in shared}
