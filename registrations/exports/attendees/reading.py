"""From rows of the database to cells, a column at a time: a call for each cell would be felt."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, FilteredRelation, Q, When
from django.db.models.expressions import Combinable
from django.utils import translation
from django.utils.translation import pgettext

from events.models import Event
from registrations.exports.attendees.columns import (
    CHECKED_IN,
    KNOWN_ORGANIZATION,
    PHONE,
    SESSIONS,
    YES_NO,
    Column,
)
from registrations.models import CheckIn, Question
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.spreadsheets import Cell, Kind
from summit.lib.web.phones import shown_phone

# The first check-in at the door, as columns read it.
ARRIVAL = "arrival"
_STANDING = Q(check_ins__session=None, check_ins__undone_at=None)

# As many rows are in memory at a time.
CHUNK = 2000

# Makes the cells of a column from what was read for it, for some rows at a time.
type Maker = Callable[..., Iterable[Cell]]


class Reader:
    """Reads the columns of a list; what depends on a language is settled when it is made."""

    def __init__(
        self, event: Event, columns: Sequence[Column], *, language: str, in_words: bool
    ) -> None:
        self.event, self.columns = event, columns
        self.language, self.in_words = language, in_words
        self.sessions: dict[int, int] = {}
        # What two columns read is read once.
        self.read = list(dict.fromkeys(each for column in columns for each in column.read))
        self.places = [[self.read.index(each) for each in column.read] for column in columns]
        with translation.override(language):
            self.makers = [self._maker(column) for column in columns]

    def rows(self, registrations: RegistrationQuerySet) -> Iterator[tuple[Any, ...]]:
        """Read the registrations by a cursor.

        One query, one for the days on which people came where that is read, and one for
        attendance of sessions.
        """
        if any(column.name == SESSIONS for column in self.columns):
            self._count_sessions()
        joined, read = self._arrivals()
        for column in self.columns:
            # It is answered once: joining adds no rows.
            if column.question:
                answer = Q(answers__question=column.question.pk)
                joined[column.name] = FilteredRelation("answers", condition=answer)
        found = registrations.annotate(**joined).values_list(*read)
        return found.iterator(chunk_size=CHUNK)

    def _arrivals(self) -> tuple[dict[str, FilteredRelation], list[str | Combinable]]:
        """Return what is joined of arrivals, and what is read where the first of several counts.

        At most one stands of each day, so that joining a day adds no rows.
        """
        names = {str(each).partition("__")[0] for each in self.read}
        joined = {column.name: _on(column.day) for column in self.columns if column.day}
        if ARRIVAL not in names:
            return joined, list(self.read)
        came = CheckIn.objects.standing().at_the_door().filter(registration__event=self.event)
        days = list(came.order_by("day").values_list("day", flat=True).distinct())
        if len(days) < 2:
            return joined | {ARRIVAL: FilteredRelation("check_ins", condition=_STANDING)}, [
                *self.read
            ]
        each_day = {f"{ARRIVAL}_{number}": _on(day) for number, day in enumerate(days)}
        read = [
            _first(each_day, str(each).removeprefix(ARRIVAL))
            if str(each).startswith(f"{ARRIVAL}__")
            else each
            for each in self.read
        ]
        return joined | each_day, read

    def _count_sessions(self) -> None:
        # Not within the query: PostgreSQL would then hold it for so dear that it first
        # compiles it, which takes longer than the export.
        attended = CheckIn.objects.standing().filter(
            registration__event=self.event, session__isnull=False
        )
        numbers = attended.order_by().values_list("registration").annotate(Count("pk"))
        self.sessions.update(numbers.iterator(chunk_size=CHUNK))

    def cells(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Cell, ...]]:
        """Make the cells of some rows."""
        values = list(zip(*rows, strict=True))
        made = [
            make(*(values[place] for place in places))
            for make, places in zip(self.makers, self.places, strict=True)
        ]
        return zip(*made, strict=True)

    def _maker(self, column: Column) -> Maker:
        if column.question:
            return _answers_shown(column.question, in_words=self.in_words)
        if column.name == SESSIONS:
            return lambda pks: [self.sessions.get(pk, 0) for pk in pks]
        if column.name == KNOWN_ORGANIZATION:
            first = CONTENT_LANGUAGES.index(self.language)
            return lambda *names: [
                own or spare or ""
                for own, spare in zip(names[first], names[1 - first], strict=True)
            ]
        if column.name == PHONE and self.in_words:
            language = self.language
            return lambda numbers: _phones_shown(numbers, language)
        if column.kind is Kind.MOMENT:
            zone = self.event.zone
            return lambda moments: [at and _wall_clock(at, zone) for at in moments]
        words = {value: self._shown(value, word) for value, word in column.words.items()}
        if column.name == CHECKED_IN:
            return lambda moments: [words[at is not None] for at in moments]
        if words:
            return lambda values: [words.get(value, value) for value in values]
        return lambda values: values

    def _shown(self, value: object, word: object) -> str:
        if self.in_words:
            return str(word)
        return str(value).lower() if isinstance(value, bool) else str(value)


def _on(day: dt.date | None) -> FilteredRelation:
    return FilteredRelation("check_ins", condition=_STANDING & Q(check_ins__day=day))


def _first(arrivals: Iterable[str], column: str) -> Case:
    """Return a column of the first of some joined arrivals that there is."""
    return Case(
        *(When(**{f"{each}__isnull": False}, then=F(f"{each}{column}")) for each in arrivals)
    )


def _wall_clock(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return at.astimezone(zone).replace(microsecond=0, tzinfo=None)


def _phones_shown(numbers: Iterable[str], language: str) -> list[str]:
    with translation.override(language):
        return [shown_phone(number) for number in numbers]


def _answers_shown(question: Question, *, in_words: bool) -> Maker:
    """Return what makes cells of answers in JSON, in words of the language that is active now."""
    options = question.words if in_words and question.has_options else {}
    between = pgettext("between texts", "; ") if in_words else ";"
    yes_no = {value: str(word) for value, word in YES_NO.items()}
    if not in_words:
        yes_no = {True: "true", False: "false"}

    def shown(text: str | None) -> str:
        value = "" if text is None else json.loads(text)
        if isinstance(value, bool):
            return yes_no[value]
        if isinstance(value, list):
            return between.join(options.get(str(each), str(each)) for each in value)
        return options.get(str(value), str(value))

    if question.kind == Question.Kind.SHORT_TEXT:
        return lambda texts: [shown(text) if text else "" for text in texts]
    # Of the others there are few that differ.
    known: dict[str | None, str] = {}
    return lambda texts: [
        known[text] if text in known else known.setdefault(text, shown(text)) for text in texts
    ]
