"""People in the rows of a programme: experts, who appear, and others by their names."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from import_export import widgets

from backoffice.kit.importing.headings import by_letters
from backoffice.kit.importing.lists import split
from backoffice.kit.importing.rows import PERSONAL_TITLES, ByName, keys_of
from events.models import Appearance, Event, Expert, ProgrammePerson, Session
from summit.lib.i18n.bilingual import text_in
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words, column, listed
from summit.lib.i18n.likeness import key, one_line

# What a person is stands in brackets behind the name.
_WITH_POSITION = re.compile(r"([^(（]+)[(（]([^()（）]*)[)）]")
_BRACKETS = re.compile(r"[()（）]")


@dataclass(frozen=True)
class Part:
    """A column of people. ``appears`` is the role of experts in it, ``role`` that of others."""

    label: Words
    other_headings: tuple[str, ...]
    appears: str = ""
    role: str = ""

    @property
    def hint(self) -> Words:
        return _HINTS[bool(self.appears), bool(self.role)]


_HINTS: dict[tuple[bool, bool], Words] = {
    (True, False): gettext_lazy("Experts by name or slug, separated by commas."),
    (True, True): gettext_lazy(
        "Experts by name or slug, or other people by name, separated by commas. Put the "
        "position in brackets: 王芳（市科学技术局局长）."
    ),
    (False, True): gettext_lazy(
        "Names, separated by commas. Put the position in brackets: 王芳（市科学技术局局长）."
    ),
}
_Role, _Other = Appearance.Role, ProgrammePerson.Role
PEOPLE = {
    "speakers": Part(
        gettext_lazy("speakers"),
        (
            *(
                "主讲人",
                "主讲",
                "主讲嘉宾",
                "主讲专家",
                "演讲人",
                "演讲嘉宾",
                "报告人",
                "发言人",
                "专家",
            ),
            *("发言嘉宾", "推介人", "路演人", "Speaker", "Presenter", "Presenters", "Experts"),
        ),
        appears=_Role.SPEAKER,
    ),
    "panellists": Part(
        gettext_lazy("panellists"),
        (
            "讨论嘉宾",
            "对话嘉宾",
            "圆桌嘉宾",
            "研讨嘉宾",
            "参与嘉宾",
            "Panelists",
            "Panellist",
            "Panelist",
        ),
        appears=_Role.PANELLIST,
    ),
    "hosts": Part(
        pgettext_lazy("people in a programme", "hosts"),
        (
            "主持人",
            "主持",
            "主持嘉宾",
            "会议主持",
            "Host",
            "Moderator",
            "Moderators",
            "Chair",
            "Chaired by",
        ),
        appears=_Role.MODERATOR,
        role=_Other.HOST,
    ),
    "leaders": Part(
        gettext_lazy("opening speakers"),
        (
            "致辞领导",
            "致辞",
            "致辞人",
            "致辞嘉宾",
            "领导致辞",
            "致词领导",
            "Leaders",
            "Opening speaker",
        ),
        role=_Other.LEADER,
    ),
    "guests": Part(
        gettext_lazy("guests of honour"),
        ("嘉宾", "出席嘉宾", "出席领导", "重要嘉宾", "Guests", "Guest", "Guest of honor"),
        role=_Other.GUEST,
    ),
    "interpreters": Part(
        gettext_lazy("interpreters"),
        ("翻译人员", "口译员", "翻译员", "译员", "Interpreter"),
        role=_Other.INTERPRETER,
    ),
}


@dataclass(frozen=True)
class Named:
    """A person who is no expert, as a cell names them."""

    name: str
    position: str = ""

    def is_person(self, person: ProgrammePerson) -> bool:
        return not keys_of(person).isdisjoint(map(key, by_letters(self.name).values()))

    def changes(self, person: ProgrammePerson) -> bool:
        """Whether this says more or something else than is stored."""
        return any(getattr(person, name) != text for name, text in self._texts(person).items())

    def write(self, person: ProgrammePerson) -> None:
        for name, text in self._texts(person).items():
            setattr(person, name, text)

    def _texts(self, person: ProgrammePerson) -> dict[str, str]:
        """Return what each column is to hold: of a stored name only what it lacks so far."""
        names, positions = by_letters(self.name), by_letters(self.position)
        if person.pk is not None:
            is_in_both = len(names) > 1
            names = {
                language: text
                for language, text in names.items()
                if is_in_both and not getattr(person, column("name", language))
            }
        found = [("name", names), ("position", positions)]
        return {
            column(base, language): text
            for base, texts in found
            for language, text in texts.items()
            if text
        }


type Person = Expert | Named
# The people of the columns that a row fills.
type Chosen = dict[str, list[Person]]


class PeopleOf(widgets.Widget):
    """The cell of one column of people, as an export writes it."""

    is_list = True

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.experts = ByName(Expert, titles=PERSONAL_TITLES)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return listed(
            self.experts.render(each) if isinstance(each, Expert) else _written(each)
            for each in value or []
        )


def _written(person: ProgrammePerson) -> str:
    name = person.name
    position = text_in(person, "position", name.lang)
    if not position or _BRACKETS.search(position):
        return str(name)
    return f"{name}（{position}）" if name.lang == "zh-hans" else f"{name} ({position})"


def people_of(session: Session, name: str) -> list[Expert | ProgrammePerson]:
    """Return who stands in a column; free where both kinds are prefetched."""
    part = PEOPLE[name]
    experts = [each.expert for each in session.appearances.all() if each.role == part.appears]
    others = [each for each in session.programme_people.all() if each.role == part.role]
    return [*experts, *others]


@dataclass
class Programmed:
    """Reads who is named in the rows of one event's programme."""

    event: Event
    widget: PeopleOf
    find: Callable[[str], list[Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.find = self.widget.experts.named

    def read(self, row: dict[str, str], session: Session) -> Chosen:
        """Return the people of the columns that are filled. Raises ``ValidationError``.

        What reads as an export of the session would have it changes nothing, whatever signs are
        in its names.
        """
        chosen: Chosen = {}
        errors: dict[str, list[str]] = {}
        for name, part in PEOPLE.items():
            if not row.get(name) or self._is_as_exported(session, name, row[name]):
                continue
            people: list[Person] = []
            for text in split(row[name], self.widget.experts.knows):
                try:
                    people.append(self._person(part, text))
                except ValueError as error:
                    errors.setdefault(name, []).append(str(error))
            chosen[name] = list(dict.fromkeys(people))
        seen: dict[Expert, str] = {}
        for name, people in chosen.items():
            for each in people:
                if isinstance(each, Expert) and seen.setdefault(each, name) != name:
                    errors.setdefault(name, []).append(
                        _("%(expert)s is in this session twice. Name each person once.")
                        % {"expert": each}
                    )
        if errors:
            raise ValidationError({name: list(texts) for name, texts in errors.items()})
        return chosen

    def _is_as_exported(self, session: Session, name: str, text: str) -> bool:
        if session.pk is None:
            return False
        for language in CONTENT_LANGUAGES:
            with translation.override(language):
                if one_line(self.widget.render(people_of(session, name))) == one_line(text):
                    return True
        return False

    def _person(self, part: Part, text: str) -> Person:
        if part.appears:
            found = self.find(text)
            if len(found) == 1:
                expert: Expert = found[0]
                return expert
            if found or not part.role:
                return self._refuse(text, is_known=bool(found))
        return _named(text)

    def _refuse(self, text: str, *, is_known: bool) -> Person:
        if is_known:
            one: Person = self.widget.experts.one(text)
            return one
        raise ValueError(
            _(
                "There is no “%(name)s” among the experts. Add the expert first, or name "
                "people who are not experts as opening speakers or guests of honour."
            )
            % {"name": text}
        )

    def changed(self, session: Session, chosen: Chosen) -> list[str]:
        """Return the columns in which other people stand than are stored."""
        return [
            name
            for name, people in chosen.items()
            if not _are_same(people_of(session, name), people)
        ]


def _named(text: str) -> Named:
    """Return who is meant by 王芳（局长）, or by that in both languages with a stroke between."""
    names, positions = [], []
    for part in by_letters(text).values():
        found = _WITH_POSITION.fullmatch(part)
        names.append(found[1].strip() if found else part)
        positions.append(found[2].strip() if found else "")
    return Named(" / ".join(names), " / ".join(filter(None, positions)))


def _are_same(stored: Sequence[Expert | ProgrammePerson], chosen: Sequence[Person]) -> bool:
    experts = [each for each in stored if isinstance(each, Expert)]
    if experts != [each for each in chosen if isinstance(each, Expert)]:
        return False
    others = [each for each in stored if isinstance(each, ProgrammePerson)]
    named = [each for each in chosen if isinstance(each, Named)]
    return len(others) == len(named) and all(
        each.is_person(person) and not each.changes(person)
        for each, person in zip(named, others, strict=True)
    )


def put_people(session: Session, chosen: Chosen) -> None:
    """Let those stand in the session whom a row names, in the columns that it fills."""
    roles = {PEOPLE[name].appears for name in chosen if PEOPLE[name].appears}
    wanted = {
        each: (PEOPLE[name].appears, order)
        for name, people in chosen.items()
        for order, each in enumerate(people)
        if isinstance(each, Expert)
    }
    stored = {each.expert_id: each for each in session.appearances.all()}
    keys = {expert.pk for expert in wanted}
    for appearance in stored.values():
        if appearance.role in roles and appearance.expert_id not in keys:
            appearance.delete()
    for expert, (role, order) in wanted.items():
        appearance = stored.get(expert.pk) or Appearance(session=session, expert=expert)
        if appearance.pk and (appearance.role, appearance.order) == (role, order):
            continue
        appearance.role, appearance.order = role, order
        appearance.full_clean()
        appearance.save()
    for name, people in chosen.items():
        if PEOPLE[name].role:
            named = [each for each in people if isinstance(each, Named)]
            _put_others(session, PEOPLE[name].role, named)


def _put_others(session: Session, role: str, named: list[Named]) -> None:
    stored = list(session.programme_people.filter(role=role))
    kept = []
    for order, each in enumerate(named):
        person = next((one for one in stored if each.is_person(one)), None)
        person = person or ProgrammePerson(event=session.event, session=session, role=role)
        is_changed = person.pk is None or person.order != order or each.changes(person)
        each.write(person)
        person.order = order
        if is_changed:
            person.full_clean()
            person.save()
        kept.append(person.pk)
    for person in stored:
        if person.pk not in kept:
            person.delete()
