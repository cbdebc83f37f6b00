"""What an expert can propose to change by the personal link, and where each value goes.

Beside the expert's own page these are the positions held today, abstracts and slides of their
talks and the texts of their projects. Of projects only what everybody can see anyway; of events
that are not published yet the own talks, since organizers collect their texts before.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.models import Affiliation, Expert, Session
from projects.models import Project
from submissions.fields import Field, Widget
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, SPOKEN, Words, column

PORTRAIT = "photo"
# How many characters a text of several lines may have.
_OF_SESSION = {"abstract": 3000}
_OF_PROJECT = {"summary": 600, "advantages": 3000, "description": 5000}
# So many talks and projects a form has room for, the latest first.
_MOST = 20


@dataclass
class ExpertRecord:
    """An expert with all that the link can change.

    ``portrait`` is a picture to be accepted, and ``slides`` are files to be accepted by their
    fields, of which ``slides_written`` were.
    """

    expert: Expert
    affiliations: dict[int, Affiliation]
    sessions: dict[int, Session]
    projects: dict[int, Project]
    portrait: "File[Any] | None" = None
    slides: Mapping[str, Any] = field(default_factory=dict)
    slides_written: list[str] = field(default_factory=list)
    written: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, expert: Expert) -> "ExpertRecord":
        """Read what belongs to an expert: three queries."""
        today: dt.date = timezone.localdate()
        rows = expert.affiliations.select_related("organization", "expert")
        affiliations = [row for row in rows if row.holds_on(today)]
        sessions = (
            Session.objects.open_to_speakers()
            .filter(appearances__expert=expert)
            .select_related("event")
            .order_by("-starts_at", "-pk")
        )
        projects = (
            Project.objects.visible()
            .filter(recommendations__expert=expert)
            .distinct()
            .order_by("-pk")
        )
        return cls(
            expert,
            {row.pk: row for row in affiliations},
            {row.pk: row for row in sessions[:_MOST]},
            {row.pk: row for row in projects[:_MOST]},
        )

    def part(self, kind: str, pk: int) -> Any:
        """Return the row of a part, nothing where it is none of the expert's any more."""
        parts: dict[str, dict[int, Any]] = {
            "expert": {self.expert.pk: self.expert},
            "affiliation": self.affiliations,
            "session": self.sessions,
            "project": self.projects,
        }
        return parts[kind].get(pk)

    def rows_written(self) -> list[Model]:
        """Return the rows that something was written to, which nobody has saved yet."""
        return [self.part(kind, pk) for kind, pk in sorted(self.written)]


@dataclass(frozen=True)
class InPart:
    """A column of the expert, of a position, a talk or a project."""

    kind: str
    pk: int
    name: str
    is_after_save = False

    @property
    def columns(self) -> tuple[str, ...]:
        # Of several parts a name alone would say too little.
        return (self.name,) if self.kind == "expert" else ()

    def read(self, record: ExpertRecord, language: str) -> Any:
        part = record.part(self.kind, self.pk)
        return (getattr(part, self.name) or None) if part else None

    def write(self, record: ExpertRecord, language: str, value: Any) -> None:
        setattr(record.part(self.kind, self.pk), self.name, value)
        record.written.add((self.kind, self.pk))


class InLanguages(InPart):
    """The languages that the expert speaks, by their codes."""

    def read(self, record: ExpertRecord, language: str) -> Any:
        return sorted(record.expert.languages) or None


class InPortrait(InPart):
    """The public picture; what is proposed is the name of a private one."""

    def read(self, record: ExpertRecord, language: str) -> Any:
        return record.expert.photo.name or None

    def write(self, record: ExpertRecord, language: str, value: Any) -> None:
        if record.portrait is None:
            raise ValueError("The picture was not read before it is accepted.")
        record.expert.photo.save("portrait", record.portrait, save=False)
        record.written.add((self.kind, self.pk))


class InSlides(InPart):
    """The slides of a talk; what is proposed is the code and the name of a private file.

    A talk can have several files, so that none is what is to be replaced: a reviewer says that.
    """

    def read(self, record: ExpertRecord, language: str) -> Any:
        return None

    def write(self, record: ExpertRecord, language: str, value: Any) -> None:
        key = slides_key(self.pk)
        if key not in record.slides:
            raise ValueError("The slides were not read before they are accepted.")
        record.slides_written.append(key)


def slides_key(session: int) -> str:
    """Return the key of the field of the slides of a session."""
    return f"session-{session}-slides"


def fields_of_expert(record: ExpertRecord) -> list[Field]:
    """Return what can be changed of an expert, in the order of the form."""
    expert = record.expert
    fields = _texts(record, "expert", expert, {"name": 100, "honorific": 40})
    for affiliation in record.affiliations.values():
        place = str(affiliation.organization.label)
        fields += _texts(record, "affiliation", affiliation, {"position": 200}, place)
    fields += _texts(record, "expert", expert, {"biography": 5000})
    fields.append(
        Field(
            "languages",
            _("Languages spoken"),
            Widget.CHOICES,
            InLanguages("expert", expert.pk, "languages"),
            (),
            options=_spoken,
        )
    )
    fields.append(
        Field(
            PORTRAIT,
            _("Portrait"),
            Widget.PICTURE,
            InPortrait("expert", expert.pk, "photo"),
            (),
        )
    )
    for session in record.sessions.values():
        title = str(session.title)
        fields += _texts(record, "session", session, _OF_SESSION, title)
        target, key = InSlides("session", session.pk, "slides"), slides_key(session.pk)
        words = pgettext("of a talk", "Slides")
        fields.append(Field(key, words, Widget.FILE, target, (), part=title))
    for project in record.projects.values():
        fields += _texts(record, "project", project, _OF_PROJECT, str(project.title))
    return fields


def _spoken() -> list[tuple[str, Words]]:
    return list(SPOKEN)


def _texts(
    record: ExpertRecord, kind: str, row: Any, texts: dict[str, int], part: str = ""
) -> list[Field]:
    """Return a field for each text of a row in each language.

    What is longer today than a new text may be can stay as long.
    """
    fields = []
    for name, most in texts.items():
        for language in CONTENT_LANGUAGES:
            own = column(name, language)
            label = capfirst(str(row._meta.get_field(own).verbose_name).split(" [")[0])
            is_line = most <= 200
            fields.append(
                Field(
                    own if kind == "expert" else f"{kind}-{row.pk}-{own}",
                    f"{label} · {OWN_NAMES[language]}",
                    Widget.LINE if is_line else Widget.TEXT,
                    InPart(kind, row.pk, own),
                    (),
                    most=max(most, len(getattr(row, own))),
                    part=part,
                    language=language,
                )
            )
    return fields
