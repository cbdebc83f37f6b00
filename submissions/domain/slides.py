"""Slides that experts add to talks of their own by the personal link: checked, stored, removed."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import Session
from submissions.domain import expert_proposal
from submissions.domain.decisions import ChangedMeanwhile
from submissions.domain.upload import UploadRefused, remove_after_commit, storing
from submissions.expert_fields import ExpertRecord, slides_key
from submissions.models import ExpertLink, ExpertProposal, Slides
from submissions.models.slides import FOLDER, TYPES, unguessable_name
from summit.lib.files import file_types, private_files
from summit.lib.i18n.languages import Words
from summit.lib.web.signed_links import new_code

_NO_SLIDES = _(
    "Slides are taken as PowerPoint (.pptx) or PDF, and this file is neither by its content. Save "
    "your slides as one of these."
)
# Where the words about any office file would leave a speaker searching.
_REFUSALS: dict[str, Words] = {
    "unknown_type": _NO_SLIDES,
    "old_office": _(
        "This is an old PowerPoint or WPS file (.ppt, .dps). Open it, choose “Save as”, and save "
        "it as PowerPoint (.pptx) or PDF."
    ),
    "other_office": _(
        "This is a file of Keynote or LibreOffice, a template or a slide show (.ppsx). Open it "
        "and save it as PowerPoint (.pptx) or PDF; in Keynote by File, Export To."
    ),
    "empty": _("This file is empty. Choose another one."),
}
_ENDED: dict[str, Words] = {
    "link_ended": _(
        "This link has ended in the meantime, and nothing was changed. Ask the organizer for a new "
        "link."
    ),
    "not_editable": _(
        "Your corrections have been sent and wait for review, and nothing was changed. Withdraw "
        "them to add or remove slides."
    ),
}


def add(link: ExpertLink, session: int, uploaded: "File[Any]") -> Slides:
    """Add the slides of a talk to the open proposal of an expert, or to a new one.

    They take the place of those that were proposed of this talk before; what is published of it
    stays. Raises ``UploadRefused`` where the talk is none of the expert's any more, where the
    proposal waits for review, where the link has ended, and past ``SLIDES_MAX_BYTES`` of a
    proposal; and ``ValidationError`` for a file that is no PDF or PowerPoint file, or that
    ``file_types.examine`` refuses. A refusal changes nothing.

    Takes twelve seconds at worst. The file is checked and stored before the transaction of its
    row, which locks the links of the expert: two at once cannot pass the limit together.
    """
    _find_talk(ExpertRecord.of(link.expert), session)
    examined = _check(uploaded)
    name = file_types.plain_name(uploaded.name or "") or gettext("slides")
    with storing(uploaded, unguessable_name()) as stored_as, transaction.atomic():
        proposal = _lock(link)
        _refuse_where_full(proposal, session, examined.size)
        rows = Session.objects.select_for_update(no_key=True, of=("self",))
        rows.filter(pk=session).first()
        talk = _find_talk(proposal.record, session)
        code = new_code()
        proposal.values[slides_key(session)] = {"code": code, "name": name}
        expert_proposal.note_change(proposal, link)
        remove_all([proposal.pk], session=talk)
        row = Slides(
            proposal=proposal,
            session=talk,
            code=code,
            file=stored_as,
            name=name,
            content_type=examined.content_type,
            size=examined.size,
            sha256=examined.sha256,
        )
        row.full_clean()
        row.save(force_insert=True)
    return row


@transaction.atomic
def remove(link: ExpertLink, code: str) -> Slides | None:
    """Take slides out of the open proposal, and return their row; nothing where they are gone.

    Raises ``UploadRefused`` where the proposal waits for review or the link has ended.
    """
    proposal = _lock(link)
    row = proposal.slides.filter(code=code).first() if proposal.pk else None
    if row is None:
        return None
    proposal.values = {
        key: value
        for key, value in proposal.values.items()
        if not (isinstance(value, dict) and value.get("code") == code)
    }
    expert_proposal.note_change(proposal, link)
    remove_all([proposal.pk], code=code)
    return row


def remove_all(proposals: Iterable[int], **which: Any) -> int:
    """Delete the slides of proposals, by their keys, and return how many. Two queries.

    Within a transaction: the bytes go once that is committed.
    """
    rows = Slides.objects.filter(proposal__in=list(proposals), **which)
    names = list(rows.values_list("file", flat=True))
    if names:
        rows.delete()
        remove_after_commit(names)
    return len(names)


def sweep() -> int:
    """Delete the stored slides that no proposal names, and return how many."""
    return private_files.sweep(FOLDER, set(Slides.objects.values_list("file", flat=True)))


def without_talk(proposal: ExpertProposal) -> list[Slides]:
    """Return slides whose talk is gone, or is none that the expert can correct any more."""
    talks = proposal.record.sessions
    return [row for row in proposal.slides.all() if row.session_id not in talks]


def _find_talk(record: ExpertRecord, session: int) -> Session:
    talk = record.sessions.get(session)
    if talk is None:
        raise no_talk()
    return talk


def no_talk() -> UploadRefused:
    """Return the refusal of slides for a session that is no talk of the expert any more."""
    return UploadRefused(
        _(
            "You are no longer a speaker of this session, or it has been cancelled or deleted. "
            "Nothing was added."
        ),
        code="no_talk",
    )


def _lock(link: ExpertLink) -> ExpertProposal:
    try:
        return expert_proposal.lock_open(link)
    except ChangedMeanwhile as error:
        raise UploadRefused(_ENDED[str(error.code)], code=error.code) from error


def _refuse_where_full(proposal: ExpertProposal, session: int, size: int) -> None:
    most = settings.SLIDES_MAX_BYTES
    others = proposal.slides.exclude(session=session).total_size() if proposal.pk else 0
    if others + size > most:
        raise UploadRefused(
            _(
                "All slides that wait have at most %(limit)s together, and %(free)s are left. "
                "Send those first, or save this file smaller."
            ),
            code="full",
            params={"limit": filesizeformat(most), "free": filesizeformat(max(0, most - others))},
        )


def _check(uploaded: "File[Any]") -> file_types.Examined:
    try:
        examined = file_types.examine(
            uploaded, most_bytes=settings.DOCUMENT_MAX_BYTES, takes_office=True
        )
    except ValidationError as refusal:
        if refusal.code in _REFUSALS:
            raise UploadRefused(_REFUSALS[refusal.code], code=refusal.code) from refusal
        raise
    if examined.content_type not in TYPES:
        raise UploadRefused(_NO_SLIDES, code="no_slides")
    return examined
