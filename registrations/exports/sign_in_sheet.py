"""The sheet on which those who come sign: who is expected, in the order of a formal list."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from events.models import Event
from registrations.models import Registration
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.i18n.names import sort_key
from summit.lib.web.phones import shown_phone

# More on one sheet make browsers slow and printers stop.
MOST = 3000
NO_PHONE, MASKED, WHOLE = "none", "masked", "whole"
BY_ORGANIZATION, BY_NAME = "organization", "name"


@dataclass(frozen=True)
class Person:
    organization: str
    name: str
    position: str
    phone: str


def expected(event: Event, category: str = "") -> RegistrationQuerySet:
    """Return those who have a confirmed place and are not erased, of all or of one category.

    At a hybrid event those who come in person.
    """
    people = Registration.objects.in_person().filter(
        event=event, status=Registration.Status.CONFIRMED, erased_at=None
    )
    return people.filter(category=category) if category else people


def signers(people: RegistrationQuerySet, *, order: str, phone: str) -> Iterator[Person]:
    """Yield everybody in the order asked for, Chinese names by pinyin. One query."""
    columns = ("organization_name", "name", "position", "phone")
    rows: Iterable[tuple[str, ...]] = people.by_name().values_list(*columns)
    if order == BY_ORGANIZATION:
        key = lru_cache(maxsize=None)(sort_key)
        # Who is of none comes last.
        rows = sorted(rows, key=lambda row: (not row[0], key(row[0]), row[0]))
    for organization, name, position, number in rows:
        yield Person(organization, name, position, _shown(number, phone))


def _shown(number: str, phone: str) -> str:
    if phone == NO_PHONE:
        return ""
    return shown_phone(number) if phone == WHOLE else masked(shown_phone(number))


def masked(number: str) -> str:
    """Return a phone number by which its owner knows it and nobody calls: ``138 **** 5678``.

    Of eleven digits or more the first three and the last four stay, of fewer the last two.
    """
    digits = len(re.findall(r"\d", number))
    first, last = (3, 4) if digits >= 11 else (0, min(2, digits // 3))
    seen = 0

    def shown(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return match[0] if seen <= first or seen > digits - last else "*"

    return re.sub(r"\d", shown, number)
