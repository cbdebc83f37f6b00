"""What stands on a badge, and how large. The style sheets ``badges*.css`` hold the same steps."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import TextChoices
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from events.models import Event, ProgrammePerson
from registrations.models import Registration
from summit.lib.drawing.qr import qr
from summit.lib.drawing.text_width import Step, step_for
from summit.lib.i18n.bilingual import Text, other, text_in
from summit.lib.i18n.languages import Words, current

_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Size:
    """A badge's paper, and the steps in which each of its texts becomes smaller."""

    name: str
    label: Words
    paper: str
    per_page: int
    titles: Sequence[Step]
    person: Sequence[Step]
    organization: Sequence[Step]
    position: Sequence[Step]

    @property
    def sheet(self) -> str:
        return f"css/badges-{self.name}.css"


_CARD = {
    "titles": (Step(32, 3), Step(40, 4), Step(52, 5)),
    "person": (
        *(Step(5, 1), Step(7, 1), Step(10, 1), Step(13, 2)),
        *(Step(18, 3), Step(24, 4), Step(30, 5)),
    ),
    "organization": (Step(21, 2), Step(26, 3), Step(34, 4)),
    "position": (Step(24, 1), Step(30, 2), Step(40, 2)),
}
SIZES = {
    size.name: size
    for size in (
        Size("card", _("Card, 90 × 54 mm, one a page"), "90 × 54 mm", 1, **_CARD),
        Size(
            "a6",
            _("Hanging badge A6, 105 × 148 mm, one a page"),
            "A6, 105 × 148 mm",
            1,
            titles=(Step(20, 4), Step(26, 5), Step(36, 6)),
            person=(
                *(Step(4, 1), Step(6, 2), Step(8, 3), Step(10, 3)),
                *(Step(13, 4), Step(18, 6), Step(20, 7)),
            ),
            organization=(Step(18, 3), Step(24, 4), Step(32, 5)),
            position=(Step(24, 2), Step(32, 3), Step(40, 3)),
        ),
        Size("a4", _("A4 sheet of ten cards with cut marks"), "A4, 210 × 297 mm", 10, **_CARD),
    )
}
DEFAULT = "card"


@dataclass(frozen=True)
class Fitted:
    """A text, its language where it is not the page's, and the class that sets its size."""

    text: str
    lang_attr: SafeString
    ems: int

    @classmethod
    def of(cls, text: str, steps: Sequence[Step], *, whole_words: bool = False) -> Self:
        # Chinese characters are drawn otherwise in Japan: a name says what it is in.
        language = "zh-hans" if _CHINESE.search(text) else "en"
        step = step_for([text], steps, whole_words=whole_words)
        return cls(text, Text(text, language).lang_attr, step.ems)

    @property
    def parts(self) -> list[str]:
        """The text in parts between which a line may end: ``欧阳娜娜·``, ``阿不都热西提``."""
        return re.split(r"(?<=·)", self.text)


@dataclass(frozen=True)
class Badge:
    ticket: str
    qr: SafeString
    person: Fitted
    organization: Fitted
    position: Fitted
    categories: Sequence[Text]

    @property
    def spoken_ticket(self) -> str:
        """The ticket in two halves, as it is read aloud and may be typed."""
        half = len(self.ticket) // 2
        return f"{self.ticket[:half]} {self.ticket[half:]}"


def badges_of(people: Iterable[Registration], size: Size) -> list[Badge]:
    # Of what kind “other” is nobody has said.
    categories = _words_of(Registration.Category) | {Registration.Category.OTHER: []}
    return [
        Badge(
            ticket=each.ticket,
            qr=qr(each.ticket),
            person=Fitted.of(each.name, size.person, whole_words=True),
            organization=Fitted.of(each.organization_name, size.organization),
            position=Fitted.of(each.position, size.position),
            categories=categories[each.category],
        )
        for each in people
    ]


def badges_of_programme(event: Event, size: Size) -> list[Badge]:
    """Return a badge, without a ticket, for each person of the programme who is no expert.

    Who is in several sessions has one, with the first of their roles. One query.
    """
    roles = _words_of(ProgrammePerson.Role)
    found: dict[tuple[str, ...], ProgrammePerson] = {}
    for each in ProgrammePerson.objects.filter(event=event).as_of(event.starts_on):
        who = each.name_en, each.name_zh_hans, str(each.place)
        first = found.setdefault(who, each)
        if _rank(each) < _rank(first):
            found[who] = each
    return [
        Badge(
            ticket="",
            qr=SafeString(),
            person=Fitted.of(str(each.name), size.person, whole_words=True),
            organization=Fitted.of(str(each.place), size.organization),
            position=Fitted.of(str(each.position), size.position),
            categories=roles[each.role],
        )
        for each in sorted(found.values(), key=_rank)
    ]


def _rank(person: ProgrammePerson) -> int:
    return ProgrammePerson.Role.values.index(person.role)


def titles_of(event: Event, size: Size) -> list[Fitted]:
    """Return the event's titles, the page's language first, as large as both can be."""
    titles = [text_in(event, "title", language) for language in _languages()]
    given = [title for title in titles if title]
    ems = step_for(given, size.titles).ems
    return [Fitted(title, title.lang_attr, ems) for title in given]


def _languages() -> tuple[str, str]:
    return current(), other(current())


def _words_of(choices: type[TextChoices]) -> dict[str, list[Text]]:
    """Return every choice's names, the page's language first; one where they are the same."""
    names: dict[str, dict[str, Text]] = {value: {} for value in choices.values}
    for language in _languages():
        with translation.override(language):
            for value, label in choices.choices:
                names[value].setdefault(str(label), Text(str(label), language))
    return {value: list(found.values()) for value, found in names.items()}
