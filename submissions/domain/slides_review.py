"""What becomes of slides that a reviewer accepts: a file of the event, with its session."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _

from events.domain import event_file
from events.models import EventFile, Session
from submissions.domain.decisions import Choice, Outcome, changed_meanwhile
from submissions.fields import Widget
from submissions.models import ExpertProposal, Slides


@dataclass(frozen=True)
class Publication:
    """What was chosen for accepted slides: who sees them, their title, and what they replace."""

    audience: str
    title_en: str = ""
    title_zh_hans: str = ""
    # The key of a file of the session.
    replaces: int | None = None


@dataclass(frozen=True)
class Accepted:
    """Slides that were read and checked, to be put in a file of the event."""

    slides: Slides
    file: "File[Any]"
    publication: Publication


def read(
    proposal: ExpertProposal,
    choices: Mapping[str, Choice],
    publications: Mapping[str, Publication],
) -> dict[str, Accepted]:
    """Read the slides that are to be accepted, by their fields, and check them as when they came.

    Takes its time, so that it is called before a transaction begins. Raises ``ValidationError``
    for a file that is lost or is refused by now, and ``ChangedMeanwhile`` for one that is gone.
    """
    return {
        field.key: _read(proposal, value["code"], publications[field.key])
        for field, value in proposal.proposed
        if field.widget == Widget.FILE
        and field.key in choices
        and choices[field.key].outcome != Outcome.REFUSED
    }


def _read(proposal: ExpertProposal, code: str, publication: Publication) -> Accepted:
    row = proposal.slides.filter(code=code).first()
    if row is None:
        raise changed_meanwhile()
    try:
        with row.file.open("rb") as stored:
            file = ContentFile(stored.read(), row.name)
    except OSError as error:
        words = _("The slides “%(name)s” are lost. Leave them out, and ask for them again.")
        raise ValidationError(words, code="lost", params={"name": row.name}) from error
    event_file.examine(file)
    return Accepted(row, file, publication)


def publish(session: Session, accepted: Accepted, *, by: User) -> EventFile:
    """Put accepted slides in a new file of the session, or in place of what they replace.

    In the caller's transaction, which has locked the session. The address of a file that is
    replaced stays. Raises ``ValidationError`` for what is wrong with the title, where the file to
    be replaced is gone, and for somebody who may not change files.
    """
    if not by.has_perms(["events.add_eventfile", "events.change_eventfile"]):
        raise ValidationError(_("You may not publish files."), code="beyond_limits")
    chosen = accepted.publication
    row = _lock_replaced(session, chosen.replaces)
    for column in ("title_en", "title_zh_hans", "audience"):
        setattr(row, column, getattr(chosen, column))
    event_file.save(row, accepted.file, by=by)
    Slides.objects.filter(pk=accepted.slides.pk).update(accepted_as=row)
    return row


def _lock_replaced(session: Session, key: int | None) -> EventFile:
    if key is None:
        return EventFile(event=session.event, session=session, kind=EventFile.Kind.SLIDES)
    rows = EventFile.objects.select_for_update(no_key=True, of=("self",))
    row = rows.filter(pk=key, session=session).first()
    if row is None:
        raise ValidationError(
            _("The file to be replaced has been deleted in the meantime. Choose again."),
            code="replaced_gone",
        )
    return row


def files_of_talks(proposal: ExpertProposal) -> dict[int, list[EventFile]]:
    """Return the slides that the talks of an expert have already, by session. One query."""
    found: dict[int, list[EventFile]] = {}
    talks = proposal.record.sessions
    for row in EventFile.objects.filter(session__in=talks, kind=EventFile.Kind.SLIDES):
        found.setdefault(row.session_id or 0, []).append(row)
    return found


def accepted_before(proposal: ExpertProposal) -> dict[int, int]:
    """Return the file that the latest accepted slides of the expert are, by session. One query."""
    rows = Slides.objects.filter(
        proposal__expert=proposal.expert_id, session__isnull=False, accepted_as__isnull=False
    )
    return dict(rows.order_by("pk").values_list("session", "accepted_as"))
