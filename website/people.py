"""Who public pages show: people and organizations, as they were on a day.

Each is worked out once for a page, in its language: a template prints the fields.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.utils import timezone
from django.utils.safestring import SafeString

from events.models import Affiliation, Event, EventRole, Expert, Organization
from events.models.organization import FormerNames
from events.models.period import holds_on
from summit.lib.i18n.bilingual import Text, text_of
from summit.lib.i18n.languages import columns
from summit.lib.web.template_tags import portrait


class Place(NamedTuple):
    """Where an expert is or was: an organization by its names of that day."""

    position: Text
    organization: Text
    # For lines: the short name where there is one.
    label: Text
    # The name that the organization has now, where it had another one on that day.
    now: Text


NOWHERE = Place(*[Text("", "")] * 4)


@dataclass(frozen=True, slots=True)
class Person:
    """An expert with at most one place."""

    expert: Expert
    name: Text
    url: str
    portrait: SafeString
    place: Place
    is_demonstration: bool

    @classmethod
    def at(cls, expert: Expert, place: Place) -> Self:
        """Return the expert, whose columns ``for_cards()`` loads, at a place."""
        name, url = expert.display_name, expert.get_absolute_url()
        return cls(expert, name, url, portrait(expert, "3rem"), place, expert.is_demonstration)


def people(experts: Iterable[Expert], day: dt.date | None = None) -> dict[int, Person]:
    """Return each expert once, by primary key, at the primary organization, else at the first.

    As it was on ``day``, today by default. One query, for the organizations that are public,
    and one more where any of them had another name.
    """
    found = {expert.pk: expert for expert in experts}
    day = day or timezone.localdate()
    people = people_on((expert, day) for expert in found.values())
    return {pk: people[pk, day] for pk in found}


def people_on(pairs: Iterable[tuple[Expert, dt.date]]) -> dict[tuple[int, dt.date], Person]:
    """Return each expert as of each day, by primary key and day. As many queries as ``people``."""
    wanted = {(expert.pk, day): expert for expert, day in pairs}
    affiliations = Affiliation.objects.filter(
        expert__in={pk for pk, _day in wanted}, organization__is_public=True
    )
    texts = columns("position", "organization__name", "organization__short_name")
    plain = ("expert", "organization", "organization__names_before", "starts_on", "ends_on")
    rows = list(affiliations.values(*plain, *texts))
    names = FormerNames((row["organization"], row["organization__names_before"]) for row in rows)
    by_expert: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_expert.setdefault(row["expert"], []).append(row)
    return {
        (pk, day): Person.at(expert, _place(by_expert.get(pk, ()), names, day))
        for (pk, day), expert in wanted.items()
    }


def _place(rows: Iterable[dict[str, Any]], names: FormerNames, day: dt.date) -> Place:
    """Return the first place that held on a day; the primary ones come first."""
    for row in rows:
        if holds_on(row["starts_on"], row["ends_on"], day):
            name = text_of(row, "organization__name")
            if former := names.at(row["organization"], day):
                return Place(text_of(row, "position"), former, former, name)
            label = text_of(row, "organization__short_name") or name
            return Place(text_of(row, "position"), name, label, Text("", ""))
    return NOWHERE


class Host(NamedTuple):
    """An organization in a role, by its name on the day of the event."""

    role: str
    organization: Organization
    url: str
    name: Text
    # The name that it has now, where that is another one.
    now: Text


def hosts(event: Event, roles: list[EventRole]) -> list[Host]:
    """Return what is shown of roles. No query, one where any of them had another name."""
    organizations = [each.organization for each in roles]
    names = FormerNames((each.pk, each.names_before) for each in organizations)
    found = []
    for role, each in zip(roles, organizations, strict=True):
        former = names.at(each.pk, event.starts_on)
        now = each.name if former else Text("", "")
        found.append(Host(role.role, each, each.get_absolute_url(), former or each.name, now))
    return found
