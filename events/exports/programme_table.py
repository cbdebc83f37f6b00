"""The programme of an event as a table on paper: time, content, who speaks, who hosts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from events.models import Affiliation, Appearance, Event, Expert, ProgrammePerson, Session
from events.models.organization import FormerNames
from events.models.programme_person import role_of_several
from summit.lib.i18n import clock
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.languages import TAGS, listed_long, with_more

Role = ProgrammePerson.Role


@dataclass(frozen=True)
class Content:
    """What a line says in one language. A text that lacks it is in the other one."""

    tag: str
    kind: str
    title: Text
    place: Text
    speakers: list[str]
    hosts: list[str]


@dataclass(frozen=True)
class Line:
    times: SafeString
    contents: list[Content]


@dataclass(frozen=True)
class Day:
    """The sessions that begin on a day. ``names`` are the day in each language."""

    names: list[str]
    lines: list[Line]


def programme_days(event: Event, languages: Sequence[str]) -> list[Day]:
    """Return the programme day by day, in each of the languages, as it was on the first day.

    Names experts and organizations only while public pages do: what is on paper goes round.
    Five queries, one more where an organization had another name then.
    """
    sessions = list(_sessions(event))
    names = FormerNames(
        (each.organization_id, each.organization.names_before)
        for session in sessions
        for appearance in session.appearances.all()
        for each in appearance.expert.affiliations.all()
    )
    by_day: dict[dt.date, list[Session]] = {}
    for session in sessions:
        by_day.setdefault(session.span.start.date(), []).append(session)
    return [
        Day(
            [_in(language, day) for language in languages],
            [_line(session, languages, names) for session in found],
        )
        for day, found in by_day.items()
    ]


def _sessions(event: Event) -> list[Session]:
    affiliations = Affiliation.objects.filter(organization__is_public=True)
    experts = Expert.objects.visible().prefetch_related(
        Prefetch("affiliations", affiliations.select_related("organization"))
    )
    appearances = Appearance.objects.filter(expert__is_public=True)
    people = ProgrammePerson.objects.select_related("organization")
    sessions = event.sessions.prefetch_related(
        Prefetch("appearances", appearances.prefetch_related(Prefetch("expert", experts))),
        Prefetch("programme_people", people),
    )
    found = list(sessions)
    for session in found:
        # Whose zone and day each line asks for.
        session.event = event
    return found


def people_of_the_whole(event: Event) -> list[tuple[str, str]]:
    """Return who has a part in the event as a whole, by what they are called. One query."""
    people = event.programme_people.filter(session=None).select_related("organization")
    by_role: dict[str, list[str]] = {}
    for each in people:
        by_role.setdefault(each.role, []).append(joined(each.parts))
    in_order = [(role, by_role[role]) for role in Role.values if role in by_role]
    return [(role_of_several(role, len(told)), listed_long(told)) for role, told in in_order]


def _in(language: str, day: dt.date) -> str:
    with translation.override(language):
        return clock.day(day)


def _line(session: Session, languages: Sequence[str], names: FormerNames) -> Line:
    contents = []
    for language in languages:
        with translation.override(language):
            contents.append(_content(session, TAGS[language], names))
    span = session.span
    with timezone.override(session.event.zone):
        return Line(clock.times(span), contents)


def _content(session: Session, tag: str, names: FormerNames) -> Content:
    day, people = session.event.starts_on, list(session.programme_people.all())
    by_role = {
        is_host: [
            _expert(each.expert, day, names)
            for each in session.appearances.all()
            if (each.role == Appearance.Role.MODERATOR) is is_host
        ]
        for is_host in (True, False)
    }
    others = [each for each in people if each.role in (Role.GUEST, Role.INTERPRETER)]
    return Content(
        tag,
        capfirst(session.kind_beside_title),
        session.title,
        session.place or session.room,
        [
            *(joined(each.parts) for each in people if each.role == Role.LEADER),
            *by_role[False],
            *(with_more(joined(each.parts), each.get_role_display()) for each in others),
        ],
        [*(joined(each.parts) for each in people if each.role == Role.HOST), *by_role[True]],
    )


def _expert(expert: Expert, day: dt.date, names: FormerNames) -> str:
    place = expert.affiliation_at(day)
    parts = [expert.display_name]
    if place is not None:
        name = names.at(place.organization_id, day) or place.organization.label
        parts.append(name)
    return joined(parts if _name_comes_first() else parts[::-1])


def _name_comes_first() -> bool:
    return translation.get_language() != "zh-hans"


def joined(parts: Sequence[Text]) -> str:
    """Join place, position and name as the language does: ``石家庄市科学技术局 局长 张三``."""
    return (", " if _name_comes_first() else " ").join(parts)
