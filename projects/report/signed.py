"""The intentions that were signed, one by one, as every summary of an event ends with them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from projects.models import CooperationIntention
from projects.models.signature import signed_expert_name
from projects.report.figures import register
from projects.report.subject import Subject
from summit.lib.i18n.bilingual import Text, pick, text_of
from summit.lib.i18n.languages import Words, columns, listed_long

# So many rows are in memory at a time.
CHUNK = 500


@dataclass(frozen=True)
class SignedLine:
    """One intention in the words of its signature; its status and its event are those of today."""

    reference: str
    signed_on: dt.date
    expert: Text
    institution: Text | None
    company: Text
    projects: Text
    status: Words
    is_public: bool
    event: Text

    @classmethod
    def of(cls, row: dict[str, Any]) -> "SignedLine":
        words = row["snapshot"]
        titles = [pick(project["title"]) for project in words["projects"]]
        institution = words.get("expert_organization")
        return cls(
            reference=row["reference"],
            signed_on=row["signed_on"],
            expert=signed_expert_name(words),
            institution=pick(institution["name"]) if institution else None,
            company=pick(words["company"]["name"]),
            projects=Text(listed_long(titles), titles[0].lang)
            if titles
            else pick(words.get("subject") or {}),
            status=CooperationIntention.Status(row["status"]).label,
            is_public=row["is_public"],
            event=text_of({key.removeprefix("event__"): row[key] for key in _TITLE}, "title"),
        )


_TITLE = [f"event__{name}" for name in columns("title")]
_READ = ("reference", "signed_on", "status", "is_public", "snapshot", *_TITLE)


def signed_lines(subject: Subject, *, most: int | None = None) -> Iterator[SignedLine]:
    """Yield the signed intentions of the subject in the order of their references.

    One query, in constant memory. Names are in the language that is active.
    """
    rows = register.signed.rows(subject).order_by("signed_on", "reference", "pk").values(*_READ)
    found = rows.iterator(chunk_size=CHUNK) if most is None else rows[:most]
    yield from map(SignedLine.of, found)
