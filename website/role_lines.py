"""The people of a programme who are not experts, as public pages name them: a line for each role.

``主持人：石家庄市科学技术局副局长 王伟``, ``Host: Wang Wei, Deputy Director, Science Bureau``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events.models import Event, ProgrammePerson, Session
from events.models.programme_person import role_of_several
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.languages import current


@dataclass(frozen=True, slots=True)
class RoleLine:
    """What the people of a role are called, and each of them in words."""

    label: str
    people: list[SafeString]


def of_event(event: Event) -> dict[int | None, list[RoleLine]]:
    """Return the lines of each session by its key, and those of the whole event.

    As it was on the day of the event. One query, and one more where an organization had
    another name.
    """
    found: dict[int | None, list[ProgrammePerson]] = {}
    for person in ProgrammePerson.objects.filter(event=event).as_of(event.starts_on):
        found.setdefault(person.session_id, []).append(person)
    return {key: _lines(people) for key, people in found.items()}


def of_session(session: Session) -> list[RoleLine]:
    """Return the lines of one session, its event loaded. As many queries as ``of_event``."""
    people = ProgrammePerson.objects.filter(session=session)
    return _lines(people.as_of(session.event.starts_on))


def _lines(people: Iterable[ProgrammePerson]) -> list[RoleLine]:
    by_role: dict[str, list[ProgrammePerson]] = {}
    for person in people:
        by_role.setdefault(person.role, []).append(person)
    return [
        RoleLine(
            _("%(role)s:") % {"role": role_of_several(role, len(by_role[role]))},
            [_in_words(person) for person in by_role[role]],
        )
        for role in ProgrammePerson.Role.values
        if role in by_role
    ]


def _in_words(person: ProgrammePerson) -> SafeString:
    parts = [_span(text) for text in person.parts]
    if current() != "zh-hans":
        return format_html_join(", ", "{}", ((part,) for part in parts))
    place = [text for text in (person.place, person.position) if text]
    # Chinese joins the organization and the position, and sets the name apart.
    between = "" if all(text.lang == "zh-hans" for text in place) else " "
    before = format_html_join(between, "{}", ((_span(text),) for text in place))
    return format_html("{} {}", before, parts[-1]) if place else parts[-1]


def _span(text: Text) -> SafeString:
    return format_html("<span{}>{}</span>", text.lang_attr, text)
