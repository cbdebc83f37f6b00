"""What an expert does by the personal link: save a proposal, send it, take it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.domain.merging import add_check
from events.models import Expert
from submissions.domain import expert_link
from submissions.domain.decisions import ChangedMeanwhile, lock_reviewed
from submissions.domain.upload import remove_after_commit, storing
from submissions.expert_fields import PORTRAIT
from submissions.mail_kinds import ExpertKind
from submissions.models import ExpertLink, ExpertProposal
from submissions.models.expert_proposal import unguessable_name
from summit.lib.database.states import move
from summit.lib.files.pictures import Renditions


class NothingProposed(ValidationError):
    """Nothing differs from what there is already."""


def latest_of(expert: Expert) -> ExpertProposal | None:
    """Return the proposal that is open, else the one that was decided last."""
    rows = ExpertProposal.objects.named().filter(expert=expert).select_related("expert", "link")
    found = list(rows.order_by("-pk")[:20])
    is_open = (row for row in found if row.status in ExpertProposal.OPEN)
    return next(is_open, found[0] if found else None)


def save(
    link: ExpertLink,
    values: Mapping[str, Any],
    *,
    version: int,
    portrait: Renditions | None = None,
) -> ExpertProposal:
    """Keep what was changed on the page in the open proposal, or in a new one.

    ``values`` has what the person changed there: what is as it is, or was emptied, is taken out
    of the proposal, and what is absent stays in it. ``version`` is that of the open proposal
    that the page showed, 0 for none. The portrait is stored outside of the transaction of its
    row. Raises ``NothingProposed`` where there would be nothing in a new proposal, and
    ``ChangedMeanwhile``, also where it was sent or the link was revoked meanwhile.
    """
    if portrait is None:
        return _save(link, values, version)
    largest = ContentFile(portrait.encoded[portrait.size[0]])
    # Nobody but staff and the expert can open it.
    with storing(largest, unguessable_name()) as name:
        return _save(link, {**values, PORTRAIT: name}, version)


@transaction.atomic
def _save(link: ExpertLink, values: Mapping[str, Any], version: int) -> ExpertProposal:
    stored = lock_open(link, version=version)
    old_portrait = stored.portrait.name or ""
    record = stored.record
    for field in stored.known_fields():
        if field.key in values:
            now = field.target.read(record, stored.language)
            _propose(stored, field.key, values[field.key], now)
    if not stored.values and stored.pk is None:
        raise NothingProposed(_("You have not changed anything yet."), code="nothing")
    stored.portrait = stored.values.get(PORTRAIT, "")
    if old_portrait and old_portrait != stored.portrait.name:
        remove_after_commit([old_portrait])
    note_change(stored, link)
    return stored


def lock_open(link: ExpertLink, *, version: int | None = None) -> ExpertProposal:
    """Return the open proposal, locked, or a new one that is not saved.

    Nobody else saves by a link of this expert until the transaction ends. Raises
    ``ChangedMeanwhile`` for another ``version`` than that of a page, where it waits for review,
    and where the link has ended.
    """
    stored = _lock(link) or ExpertProposal(
        expert=link.expert, link=link, language=link.language, version=0
    )
    if version is not None:
        _refuse_other_version(stored, version)
    if not stored.is_editable:
        raise _no_longer_editable()
    return stored


def note_change(stored: ExpertProposal, link: ExpertLink) -> None:
    """Save a proposal that was changed by a link, as its next version."""
    stored.link, stored.saved_at = link, timezone.now()
    stored.version += 1
    stored.full_clean()
    stored.save()


def _propose(stored: ExpertProposal, key: str, value: Any, now: Any) -> None:
    """Put one value into the proposal; what is empty, or as it is already, proposes nothing."""
    if value in ("", None, [], {}) or value == now:
        stored.values.pop(key, None)
        stored.base.pop(key, None)
    elif stored.values.get(key) != value:
        stored.values[key], stored.base[key] = value, now


@transaction.atomic
def send(proposal: ExpertProposal, *, version: int) -> ExpertProposal:
    """Hand in what is saved, and mail the receipt. Raises what ``save`` raises."""
    stored = _lock_one(proposal, version)
    if not stored.is_editable:
        raise _no_longer_editable()
    if not stored.proposed:
        raise NothingProposed(_("You have not changed anything yet."), code="nothing")
    move(
        stored,
        ExpertProposal.Status.SENT,
        sent_at=timezone.now(),
        reason="",
        version=stored.version + 1,
    )
    expert_link.tell(stored, ExpertKind.SENT)
    return stored


@transaction.atomic
def withdraw(proposal: ExpertProposal, *, version: int) -> ExpertProposal:
    """Take it back: nobody reviews it, and it can be changed and sent again.

    Raises ``MoveRefused`` for what was decided or erased already, and ``ChangedMeanwhile``.
    """
    stored = _lock_one(proposal, version)
    move(stored, ExpertProposal.Status.WITHDRAWN, version=stored.version + 1)
    return stored


def refuse_two_open(rows: Sequence[Expert], *, lock: bool) -> list[str]:
    """Return why experts cannot become one: each has a proposal that is not decided yet."""
    proposals = ExpertProposal.objects.locked() if lock else ExpertProposal.objects.all()
    found = proposals.filter(expert__in=rows, status__in=ExpertProposal.OPEN, erased_at=None)
    if len(found) < 2:
        return []
    return [
        gettext("Several of them have a proposal that is not decided yet. Decide about it first.")
    ]


def register() -> None:
    """Let mergers know this rule. Harmless when repeated."""
    add_check(Expert, refuse_two_open)


def _lock(link: ExpertLink) -> ExpertProposal | None:
    """Let nobody else save by a link of this expert, and return the open proposal."""
    links = ExpertLink.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    found = {row.pk: row for row in links.filter(expert=link.expert_id)}
    if link.pk not in found or not found[link.pk].is_working:
        raise ChangedMeanwhile(
            _(
                "This link has ended in the meantime. What you typed is still on this page: copy "
                "what you need, and ask the organizer for a new link."
            ),
            code="link_ended",
        )
    rows = ExpertProposal.objects.locked().named().select_related("expert")
    return rows.filter(expert=link.expert_id, status__in=ExpertProposal.OPEN).first()


def _lock_one(proposal: ExpertProposal, version: int) -> ExpertProposal:
    stored = lock_reviewed(proposal, "expert", "link")
    _refuse_other_version(stored, version)
    return stored


def _refuse_other_version(stored: ExpertProposal, version: int) -> None:
    if stored.version == version:
        return
    if not stored.is_editable:
        raise _no_longer_editable()
    raise ChangedMeanwhile(
        _(
            "This was changed in another window in the meantime. What you typed is still on "
            "this page: press the button again to keep it in place of what was saved there."
        ),
        code="changed_meanwhile",
    )


def _no_longer_editable() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        _(
            "This has been sent or reviewed in the meantime, so that it cannot be changed now. "
            "What you typed is still on this page: copy what you need."
        ),
        code="not_editable",
    )
