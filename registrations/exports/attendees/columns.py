"""The columns of a list of attendees: their names, their labels, and what they read."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.domain.event_days import days_of
from registrations.models import Question, Registration
from summit.lib.i18n.clock import date
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words, with_more
from summit.lib.i18n.languages import column as column_in
from summit.lib.spreadsheets import Kind

# Stands for all questions of the event, in their order.
QUESTIONS = "questions"
# Stands for the days of an event of several, in their order; of one day for none.
DAYS = "arrival_days"
# In person or online: of a hybrid event; of any other for nothing.
WAY = "way"
# Begins the name of the column of one.
_QUESTION, _DAY = "question_", "arrived_"
# Columns whose cells are more than what was read: see ``Reader``.
CHECKED_IN, KNOWN_ORGANIZATION, SESSIONS = "checked_in", "known_organization", "sessions_attended"
PHONE = "phone"

DEFAULT_COLUMNS = (
    *("ticket", "name", "organization", "position", "category", "phone", "email"),
    *("status", WAY, "registered_at", "checked_in", "checked_in_at", DAYS, QUESTIONS),
)
YES_NO = {True: _("yes"), False: _("no")}


@dataclass(frozen=True)
class Column:
    """``name`` is stable and for machines, ``label`` is in the language that is active.

    ``read`` is what is read of a registration, where ``arrival`` is its first check-in
    at the door, ``arrived_<day>`` that of a day and ``question_<key>`` its answer.
    ``words`` are the labels of values that are choices; ``width`` is how many characters
    usually stand in a cell.
    """

    name: str
    label: Words
    read: tuple[str | Combinable, ...]
    kind: Kind = Kind.TEXT
    width: int = 12
    words: Mapping[Any, Words] = field(default_factory=dict)
    question: Question | None = None
    day: dt.date | None = None

    @property
    def is_sensitive(self) -> bool:
        """Whether it is in no list that does not name it, nor in one without a purpose."""
        return self.question is not None and self.question.is_sensitive


def columns_of(event: Event) -> list[Column]:
    """Return every column that a list of this event's attendees can have. One query."""
    questions = Question.objects.filter(settings__event=event)
    days = days_of(event)
    several = [_arrived_on(day, event) for day in days] if len(days) > 1 else []
    way = [_way()] if event.is_hybrid else []
    return [*_usual(event), *way, *several, *map(_asked, questions)]


def chosen(event: Event, names: Iterable[str]) -> tuple[list[Column], list[str]]:
    """Return the columns of these names, in their order, and the names that are none any more.

    ``QUESTIONS`` stands for all questions of the event but sensitive ones, ``DAYS`` for its
    days where it has several. A name that is given twice counts once. One query.
    """
    known = {column.name: column for column in columns_of(event)}
    several = {
        QUESTIONS: [
            name for name, column in known.items() if column.question and not column.is_sensitive
        ],
        DAYS: [name for name, column in known.items() if column.day],
        WAY: [name for name in known if name == WAY],
    }
    wanted = dict.fromkeys(each for name in names for each in several.get(name, [name]))
    return (
        [known[name] for name in wanted if name in known],
        [name for name in wanted if name not in known],
    )


def labels_of(names: Iterable[str]) -> list[str]:
    """Return what columns are called where no event is at hand; its questions are counted."""
    known = {column.name: str(column.label) for column in _usual()}
    known[QUESTIONS] = gettext("answers to all questions")
    known[WAY] = str(_way().label)
    known[DAYS] = gettext("arrival on each day")
    names = list(names)
    labels = [known.get(name, name) for name in names if not name.startswith(_QUESTION)]
    if questions := sum(name.startswith(_QUESTION) for name in names):
        answers = ngettext(
            "answers to %(count)d question", "answers to %(count)d questions", questions
        )
        labels.append(answers % {"count": questions})
    return labels


def _usual(event: Event | None = None) -> list[Column]:
    """Return what every event has. The labels of moments name the zone of the event given."""
    names = tuple(f"organization__{column_in('name', code)}" for code in CONTENT_LANGUAGES)
    return [
        _text("ticket", _("Ticket")),
        _text("name", pgettext_lazy("person", "Name"), width=20),
        _text("name_pinyin", _("Name in pinyin"), "sort_name", width=20),
        _text("email", _("E-mail"), width=30),
        _text(PHONE, _("Phone"), width=20),
        _text(
            "organization", pgettext_lazy("attendee", "Organization"), "organization_name", width=32
        ),
        Column(KNOWN_ORGANIZATION, _("Known organization"), names, width=32),
        _text("position", _("Position"), width=18),
        _choice("category", _("Category"), Registration.Category.choices),
        _choice("status", _("Status"), Registration.Status.choices),
        _choice(
            "language",
            _("Language"),
            [
                ("en", pgettext_lazy("text", "English")),
                ("zh-hans", pgettext_lazy("text", "Chinese")),
            ],
        ),
        _moment("registered_at", _("Registered at"), event),
        _moment("queued_at", _("On the waiting list since"), event),
        _moment("cancelled_at", _("Cancelled at"), event),
        _moment("consented_at", _("Consented at"), event),
        _moment("informed_at", _("Informed by the contact person at"), event, "group__informed_at"),
        Column(CHECKED_IN, _("Checked in"), ("arrival__checked_in_at",), words=YES_NO),
        _moment("checked_in_at", _("Checked in at"), event, "arrival__checked_in_at"),
        _text("checked_in_by", _("Checked in by"), "arrival__checked_in_by__username"),
        # By the registration, for whom they are counted.
        Column(SESSIONS, _("Sessions attended"), ("pk",), Kind.NUMBER),
        _text("staff_note", _("Note by staff"), width=30),
        _text("registered_by", _("Registered by"), "registered_by__username"),
        _text("contact_person", _("Registered by contact person"), "group__name", width=20),
    ]


def _way() -> Column:
    words = {False: _("in person"), True: _("online")}
    return Column(WAY, _("Takes part"), ("chose_online",), words=words)


def _text(name: str, label: Words, read: str = "", *, width: int = 12) -> Column:
    return Column(name, label, (read or name,), width=width)


def _choice(name: str, label: Words, words: Iterable[tuple[str, Words]]) -> Column:
    return Column(name, label, (name,), words=dict(words))


def _moment(name: str, label: Words, event: Event | None, read: str = "") -> Column:
    shown = _in_zone(label, event) if event else label
    return Column(name, shown, (read or name,), Kind.MOMENT)


_in_zone = lazy(lambda label, event: with_more(label, event.zone_name), str)


def _arrived_on(day: dt.date, event: Event) -> Column:
    name = f"{_DAY}{day:%Y_%m_%d}"
    label = _in_zone(lazy(lambda: gettext("Arrived on %(day)s") % {"day": date(day)}, str)(), event)
    return Column(name, label, (f"{name}__checked_in_at",), Kind.MOMENT, day=day)


def _asked(question: Question) -> Column:
    name = f"{_QUESTION}{question.pk}"
    text = lazy(lambda: str(question.text), str)()
    # As JSON in text: of most answers few differ, and each of those is decoded once.
    answer = Cast(F(f"{name}__value"), TextField())
    return Column(name, text, (answer,), width=20, question=question)
