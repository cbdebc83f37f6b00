"""From rows of the database to cells, a column at a time: a call for each cell would be felt."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, FilteredRelation, Q, TextField
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.translation import pgettext

from events.exports.attendees.columns import YES_NO, Column
from events.models import Answer, CheckIn, Question
from events.models.registration import RegistrationQuerySet
from summit.lib.spreadsheets import Cell, Kind

# Rows for each query for answers, and all that is in memory at a time.
CHUNK = 2000


@dataclass(frozen=True)
class _Chunk:
    """Some registrations: what was read of them, an expression at a time, and what belongs to them.

    ``answers`` are JSON, by question and registration.
    """

    pks: Sequence[int]
    read: Sequence[Sequence[Any]]
    answers: Mapping[int, Mapping[int, str]]
    sessions: Mapping[int, int]


class Reader:
    """Makes cells of registrations; what depends on the language is settled at the start."""

    def __init__(
        self, columns: Sequence[Column], *, zone: ZoneInfo, language: str, in_words: bool
    ) -> None:
        self.zone, self.in_words = zone, in_words
        self.expressions, self.questions, self.makers = [], [], []
        self.counts_sessions = False
        with translation.override(language):
            for column in columns:
                self.makers.append(self._maker(column, language))

    def _maker(self, column: Column, language: str) -> Callable[[_Chunk], Iterable[Cell]]:
        """Return what makes the column's cells of a chunk."""
        if column.question:
            question = column.question.pk
            self.questions.append(question)
            shown = _answers_shown(column.question, in_words=self.in_words)
            return lambda chunk: shown(map(chunk.answers[question].get, chunk.pks))
        if column.read is None:
            self.counts_sessions = True
            return lambda chunk: [chunk.sessions.get(pk, 0) for pk in chunk.pks]
        position = len(self.expressions)
        self.expressions.append(column.read(language))
        if column.kind is Kind.MOMENT:
            return lambda chunk: self._local(chunk.read[position])
        if column.words:
            words = {value: self._shown(value, word) for value, word in column.words.items()}
            return lambda chunk: [words.get(value, value) for value in chunk.read[position]]
        return lambda chunk: chunk.read[position]

    def _shown(self, value: object, word: object) -> str:
        if self.in_words:
            return str(word)
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _local(self, moments: Sequence[Any]) -> list[Cell]:
        zone = self.zone
        return [at and at.astimezone(zone).replace(microsecond=0, tzinfo=None) for at in moments]

    def rows(self, registrations: RegistrationQuerySet) -> Iterator[tuple]:
        """Read the registrations by a cursor. One query."""
        # At most one arrival stands, so that this join adds no rows.
        arrival = FilteredRelation(
            "check_ins", condition=Q(check_ins__session=None, check_ins__undone_at=None)
        )
        found = registrations.annotate(arrival=arrival).values_list("pk", *self.expressions)
        return found.iterator(chunk_size=CHUNK)

    def cells(self, rows: Iterable[tuple]) -> Iterator[tuple[Cell, ...]]:
        """Make the rows of the list. A query for answers and one for sessions, where asked."""
        pks, *read = zip(*rows, strict=True)
        chunk = _Chunk(pks, read, self._answers(pks), self._sessions(pks))
        return zip(*[make(chunk) for make in self.makers], strict=True)

    def _answers(self, pks: Sequence[int]) -> dict[int, dict[int, str]]:
        answers: dict[int, dict[int, str]] = {question: {} for question in self.questions}
        if answers:
            found = Answer.objects.filter(registration__in=pks, question__in=self.questions)
            # As text, since most need not be decoded one by one.
            texts = found.order_by().values_list(
                "question_id", "registration_id", Cast("value", TextField())
            )
            for question, registration, text in texts.iterator(chunk_size=CHUNK):
                answers[question][registration] = text
        return answers

    def _sessions(self, pks: Sequence[int]) -> dict[int, int]:
        if not self.counts_sessions:
            return {}
        attended = CheckIn.objects.standing().filter(registration__in=pks, session__isnull=False)
        return dict(attended.order_by().values_list("registration").annotate(Count("pk")))


def _answers_shown(
    question: Question, *, in_words: bool
) -> Callable[[Iterable[str | None]], list[Cell]]:
    """Return what makes cells of answers in JSON, in words of the language that is active now."""
    options = dict(question.choices) if in_words else {}
    between = pgettext("between texts", "; ") if in_words else ";"
    yes_no = {value: str(word) for value, word in YES_NO.items()}
    if not in_words:
        yes_no = {True: "true", False: "false"}

    def shown(text: str | None) -> Cell:
        value = "" if text is None else json.loads(text)
        if isinstance(value, bool):
            return yes_no[value]
        if isinstance(value, list):
            return between.join(options.get(str(each), str(each)) for each in value)
        return options.get(str(value), str(value))

    if question.kind == Question.Kind.SHORT_TEXT:
        return lambda texts: [shown(text) if text else "" for text in texts]
    # Of the others there are few that differ.
    known: dict[str | None, Cell] = {}
    return lambda texts: [
        known[text] if text in known else known.setdefault(text, shown(text)) for text in texts
    ]
