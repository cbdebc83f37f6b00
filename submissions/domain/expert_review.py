"""What organizers do with a proposal of an expert: accept, return, refuse."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from events.models import Affiliation, Expert, Session
from events.models.scope import readable, scope_of
from projects.models import Project
from submissions.domain import expert_link, slides_review
from submissions.domain.decisions import (
    Choice,
    Outcome,
    changed_meanwhile,
    decide,
    lock_reviewed,
    refuse_unless_reviewable,
)
from submissions.domain.review import end, note_reviewer
from submissions.domain.slides_review import Accepted
from submissions.expert_fields import PORTRAIT, ExpertRecord, InPart
from submissions.fields import Field, Widget
from submissions.mail_kinds import ExpertKind
from submissions.models import ExpertProposal
from summit.lib.database.history import write_as
from summit.lib.database.states import MoveRefused
from summit.lib.files import pictures

_MODELS: dict[str, type[Model]] = {
    "affiliation": Affiliation,
    "session": Session,
    "project": Project,
}


def read_portrait(proposal: ExpertProposal, choices: Mapping[str, Choice]) -> "File[Any] | None":
    """Read the portrait that is to be accepted, in a process apart; nothing where it is not.

    Takes its time, so that it is called before a transaction begins. Raises ``ValidationError``
    for a file that is lost or cannot be read.
    """
    choice = choices.get(PORTRAIT)
    if choice is None or choice.outcome == Outcome.REFUSED or not proposal.portrait:
        return None
    try:
        with proposal.portrait.open("rb") as stored:
            file = ContentFile(stored.read())
    except OSError as error:
        words = _("The picture that was proposed is lost. Leave it out, and ask for it again.")
        raise ValidationError(words, code="lost") from error
    pictures.check(file)
    return file


@transaction.atomic
def accept_fields(
    proposal: ExpertProposal,
    choices: Mapping[str, Choice],
    *,
    by: User,
    version: int | None = None,
    seen: Mapping[str, Any] | None = None,
    portrait: "File[Any] | None" = None,
    slides: Mapping[str, Accepted] | None = None,
) -> ExpertProposal:
    """Put the accepted values into the expert, talks and projects, and record each decision.

    What is not among ``choices`` stays undecided and touches nothing; ``seen`` is what the page
    showed of the record. ``portrait`` comes from ``read_portrait``, and ``slides`` from
    ``slides_review.read``. Raises what
    ``acceptance.accept_fields`` raises, and ``ValidationError`` for a row beyond somebody's
    limits.
    """
    stored = lock_reviewed(proposal, "expert", "link")
    refuse_unless_reviewable(stored, version)
    # Proposals are locked before what they change, here as everywhere.
    stored.expert = Expert.objects.select_for_update(no_key=True).get(pk=stored.expert_id)
    _lock_parts(stored, choices)
    record = stored.record
    record.portrait = portrait
    if PORTRAIT in choices and portrait is None and choices[PORTRAIT].outcome != Outcome.REFUSED:
        # Another picture was sent after this one was read.
        raise changed_meanwhile()
    record.slides = slides or {}
    _refuse_other_slides(stored, choices, record.slides)
    moved = decide(
        stored,
        record,
        choices,
        by=by,
        seen=seen,
        write=lambda accepted: _write(stored, record, accepted, by=by),
    )
    if moved:
        expert_link.tell(stored, ExpertKind.ACCEPTED)
    proposal.__dict__.update(stored.__dict__)
    return proposal


@transaction.atomic
def assign(proposal: ExpertProposal, *, to: User) -> ExpertProposal:
    """Let others know who reviews it. Raises ``MoveRefused`` for what nobody can review now."""
    return note_reviewer(proposal, to)


@transaction.atomic
def return_with_reason(proposal: ExpertProposal, *, reason: str, by: User) -> ExpertProposal:
    """Give it back to the expert, who reads the reason, changes it and sends it again.

    Raises ``MoveRefused`` where somebody else decided first, or the expert has begun another
    one, and ``ValidationError`` without a reason.
    """
    others = ExpertProposal.objects.named().filter(
        expert=proposal.expert_id, status__in=ExpertProposal.OPEN
    )
    if others.exclude(pk=proposal.pk).exists():
        raise MoveRefused(
            _("The expert has begun another proposal in the meantime. Review that one."),
            code="another_open",
        )
    end(proposal, ExpertProposal.Status.RETURNED, reason=reason, by=by)
    expert_link.tell(proposal, ExpertKind.RETURNED)
    return proposal


@transaction.atomic
def refuse(proposal: ExpertProposal, *, reason: str, by: User) -> ExpertProposal:
    """Take nothing of it. Raises what ``return_with_reason`` raises."""
    end(proposal, ExpertProposal.Status.REFUSED, reason=reason, by=by)
    expert_link.tell(proposal, ExpertKind.REFUSED)
    return proposal


def _refuse_other_slides(
    stored: ExpertProposal, choices: Mapping[str, Choice], slides: Mapping[str, Accepted]
) -> None:
    """Raise ``ChangedMeanwhile`` where other slides were sent after these were read."""
    for field, value in stored.proposed:
        choice = choices.get(field.key)
        if field.widget != Widget.FILE or choice is None or choice.outcome == Outcome.REFUSED:
            continue
        if field.key not in slides or slides[field.key].slides.code != value["code"]:
            raise changed_meanwhile()


def _lock_parts(stored: ExpertProposal, choices: Mapping[str, Choice]) -> None:
    """Let nobody else write the rows of the choices, before they are read."""
    targets = [field.target for field in stored.known_fields() if field.key in choices]
    parts = {(each.kind, each.pk) for each in targets if isinstance(each, InPart)}
    for kind, model in _MODELS.items():
        keys = [pk for each, pk in parts if each == kind]
        rows = model._default_manager.filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))
    # What was read before is read anew.
    del stored.record


def _write(
    stored: ExpertProposal,
    record: ExpertRecord,
    accepted: Mapping[Field, Any],
    *,
    by: User,
) -> None:
    for field, value in accepted.items():
        field.target.write(record, stored.language, value)
    for row in record.rows_written():
        _refuse_beyond_limits(row, by)
        write_as(row, by)
        row.full_clean()
        row.save()
    for key in record.slides_written:
        accepted_slides = record.slides[key]
        session = record.sessions[accepted_slides.slides.session_id or 0]
        _refuse_beyond_limits(session, by)
        slides_review.publish(session, accepted_slides, by=by)


def _refuse_beyond_limits(row: Model, by: User) -> None:
    scope = scope_of(type(row))
    rows = type(row)._default_manager.filter(pk=row.pk)
    is_theirs = readable(rows, by).exists() and scope.may_change(by, row)
    if is_theirs and by.has_perm(f"{row._meta.app_label}.change_{row._meta.model_name}"):
        return
    words = _("You may not change “%(row)s”. Leave its values for a colleague to decide.")
    raise ValidationError(words, code="beyond_limits", params={"row": row})
