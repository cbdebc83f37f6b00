"""The checklist by which bureaus read needs and projects: which answers are thin or missing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.languages import Words

type Values = Mapping[str, Any]

# How many characters say at least something, by the checklist of a national platform.
_LEAST_TEXT, _LEAST_PROBLEM, _LEAST_BASIS = 30, 15, 10
_NUMBER = re.compile(r"[0-9０-９一二三四五六七八九十百千万]")


@dataclass(frozen=True)
class Check:
    """A question to the answers. It counts where a call asks for ``field``."""

    field: str
    is_thin: Callable[[Values], bool]
    words: Words


def _text(values: Values, *keys: str) -> str:
    return "".join(str(values.get(key) or "") for key in keys)


def _shorter(least: int, *keys: str) -> Callable[[Values], bool]:
    return lambda values: len(_text(values, *keys)) < least


def _missing(key: str) -> Callable[[Values], bool]:
    return lambda values: not values.get(key)


_SHORT = _("The description is very short.")
CHECKS = (
    Check("problem", _shorter(_LEAST_TEXT, "problem", "key_technology", "goal"), _SHORT),
    Check("tasks", _shorter(_LEAST_TEXT, "tasks", "requirements"), _SHORT),
    Check("summary", _shorter(_LEAST_TEXT, "summary", "description", "advantages"), _SHORT),
    Check("problem", _shorter(_LEAST_PROBLEM, "problem"), _("The problem is not described.")),
    Check(
        "key_indicators",
        lambda values: not _NUMBER.search(_text(values, "key_indicators")),
        _("The indicators have no number that could be measured."),
    ),
    Check(
        "existing_basis",
        _shorter(_LEAST_BASIS, "existing_basis"),
        _("Little is said about what exists already."),
    ),
    Check("sectors", _missing("sectors"), _("No field is chosen.")),
    Check("budget", _missing("budget"), _("No budget is given.")),
    Check("keywords", _missing("keywords"), _("There are no keywords.")),
    Check("stage", _missing("stage"), _("No stage is given.")),
    Check("requirements", _missing("requirements"), _("No requirements are given.")),
)
CHECKED = sorted({check.field for check in CHECKS})


def thin_fields(values: Values) -> str:
    """Return the keys of what is thin, as a line in which each stands between spaces."""
    keys = sorted({check.field for check in CHECKS if check.is_thin(values)})
    return f" {' '.join(keys)} " if keys else ""
