"""What the person does with a submission: begin, save, send, withdraw."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from events.models import Department, District
from projects.models import Project
from submissions import fields
from submissions.domain import link
from submissions.domain.decisions import ChangedMeanwhile
from submissions.mail_kinds import Kind
from submissions.models import Call, Submission
from summit.lib.database.states import MoveRefused, move
from summit.lib.i18n.languages import listed
from summit.lib.web import mail_addresses
from throttle import rate_limit

type Values = Mapping[str, Any]


class CallClosed(ValidationError):
    """The call takes nothing now; what was saved is kept."""


class Incomplete(ValidationError):
    """Something that the call requires is missing."""


class SentBefore(ValidationError):
    """The form was sent before."""


@dataclass(frozen=True)
class Sender:
    """Who hands something in, as typed."""

    organization_name: str = ""
    credit_code: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    district: District | None = None
    department: Department | None = None


@transaction.atomic
def begin(
    call: Call,
    sender: Sender,
    values: Values,
    *,
    language: str,
    network: str = "",
    use_of_form: rate_limit.Try | None = None,
    like: Submission | None = None,
) -> Submission:
    """Keep a new draft and mail the link to continue it, where there is an address.

    Also where the call has closed meanwhile: what was typed is kept, and may be sent late with
    permission. ``like`` is an earlier one of the same person: its proof counts for the same
    contact. Raises ``TooManyTries`` past the limit of the network, and ``SentBefore`` for a
    form that was used already.
    """
    if use_of_form is not None and not rate_limit.is_first_use(use_of_form):
        raise SentBefore(_("This form has already been sent."), code="used")
    if network:
        rate_limit.count("submission", network)
    submission = Submission(call=call, language=language)
    put(submission, sender, values)
    if like is not None and like.proven_at and _contact_of(like) == _contact_of(submission):
        submission.proven_at = timezone.now()
    submission.full_clean()
    submission.save()
    link.mail(submission, Kind.SAVED)
    return submission


@transaction.atomic
def save(submission: Submission, sender: Sender, values: Values, *, version: int) -> Submission:
    """Write what was typed into a draft, or into one that was returned or withdrawn.

    Whether the call is open does not matter. ``version`` is that of the page. Raises
    ``ChangedMeanwhile``, also where it was sent meanwhile.
    """
    stored = _lock(submission, version)
    if not stored.is_editable:
        raise ChangedMeanwhile(
            _(
                "This has been sent or reviewed in the meantime, so that it cannot be changed now. "
                "What you typed is still on this page: copy what you need."
            ),
            code="not_editable",
        )
    address, contact = stored.email_key, _contact_of(stored)
    put(stored, sender, values)
    if _contact_of(stored) != contact:
        stored.proven_at = None
    stored.saved_at, stored.version = timezone.now(), stored.version + 1
    stored.full_clean()
    stored.save()
    if stored.proven_at is None and _key_of(stored) != address:
        link.mail(stored, Kind.SAVED)
    return _bring_up_to_date(submission, stored)


@transaction.atomic
def send(submission: Submission, *, version: int) -> Submission:
    """Hand in what is saved, and mail the receipt.

    Raises ``CallClosed`` where the call takes nothing now, ``Incomplete`` with what is missing
    by the names of the form's fields, and ``ChangedMeanwhile``.
    """
    stored = _lock(submission, version)
    if not stored.is_editable:
        raise ChangedMeanwhile(_("This has already been sent."), code="not_editable")
    if not stored.may_be_sent:
        raise _closed(stored.call)
    if missing := missing_of(stored):
        raise Incomplete(
            {key: ValidationError(words, code="required") for key, words in missing.items()}
        )
    stored.version += 1
    move(
        stored,
        Submission.Status.SENT,
        sent_at=timezone.now(),
        reason="",
        version=stored.version,
    )
    link.mail(stored, Kind.SENT)
    return _bring_up_to_date(submission, stored)


@transaction.atomic
def withdraw(submission: Submission, *, version: int) -> Submission:
    """Take it back: nobody reviews it, and it can be changed and sent again.

    Raises ``MoveRefused`` for what was decided already, and ``ChangedMeanwhile``.
    """
    stored = _lock(submission, version)
    if stored.erased_at:
        raise MoveRefused(_("This has been erased."), code="erased")
    stored.version += 1
    move(stored, Submission.Status.WITHDRAWN, version=stored.version)
    return _bring_up_to_date(submission, stored)


@transaction.atomic
def propose_changes(
    call: Call,
    project: Project,
    sender: Sender,
    *,
    language: str,
    asked: Iterable[str] = (),
    note: str = "",
    until: dt.datetime | None = None,
) -> Submission:
    """Begin a submission that proposes changes to a project, and mail its link.

    It remembers what the project has now, against which the proposal is compared. The mail
    names the fields ``asked`` and the ``note``. ``until`` permits to send it after the call has
    closed; one that is past is refused by ``ValidationError``.
    """
    if until is not None and until <= timezone.now():
        raise ValidationError({"until": _("Choose a time that is still to come.")}, code="past")
    asked = list(asked)
    submission = Submission(
        call=call,
        language=language,
        project=project,
        base=known_of(project, call.form_fields, language),
        to_check=" ".join(asked),
        late_until=until,
        reason=_request(asked, note, language),
    )
    put(submission, sender, {})
    submission.full_clean()
    submission.save()
    link.mail(submission, Kind.ASKED)
    return submission


def known_of(project: Project, asked: Iterable[fields.Field], language: str) -> dict[str, Any]:
    """Return what a project has of some fields, by their keys."""
    known = {each.key: each.target.read(project, language) for each in asked}
    return {key: value for key, value in known.items() if value is not None}


def _request(asked: Iterable[str], note: str, language: str) -> str:
    """Return what somebody is asked to check, as they read it."""
    with override(language):
        labels = [str(fields.BY_KEY[key].label) for key in asked]
        told = gettext("To be checked: %(fields)s.") % {"fields": listed(labels)} if labels else ""
    return "\n".join(filter(None, (told, note.strip())))


def missing_of(submission: Submission) -> dict[str, Any]:
    """Return what still has to be filled in before it can be sent, with the words for it."""
    needed = _("This is required before you can send it.")
    missing = {
        name: needed
        for name in ("organization_name", "contact_name")
        if not getattr(submission, name)
    }
    known = {**submission.base, **submission.values}
    asked = {field.key for field in submission.call.form_fields}
    required = [key for key in submission.required if key in asked]
    return missing | {key: needed for key in required if key not in known}


def put(submission: Submission, sender: Sender, values: Values) -> None:
    """Put what was typed in the row; what nobody asked for is left out. Saves nothing."""
    for name in sender.__dataclass_fields__:
        setattr(submission, name, getattr(sender, name))
    asked = {field.key: field for field in fields.fields_of_kind(submission.call.kind)}
    submission.values = {
        key: value
        for key, value in values.items()
        # What is empty, or as it is already, proposes nothing.
        if key in asked
        and value not in ("", None, [], {})
        and value != asked[key].as_sent_back(submission.base.get(key))
    }


def _key_of(submission: Submission) -> str:
    """Return the key of the address that was typed, which saving alone puts in the row."""
    return mail_addresses.key(submission.email) if submission.email else ""


def _contact_of(submission: Submission) -> str:
    """Return what was proven, if anything: the address, or the number that was given alone."""
    return _key_of(submission) or submission.phone


def _lock(submission: Submission, version: int) -> Submission:
    stored = Submission.objects.locked().select_related("call__event").get(pk=submission.pk)
    if stored.version != version:
        raise ChangedMeanwhile(
            _(
                "This was changed in another window in the meantime. What you typed is still on "
                "this page: press the button again to keep it in place of what was saved there."
            ),
            code="changed_meanwhile",
        )
    return stored


def _closed(call: Call) -> CallClosed:
    if call.is_draft or not call.has_opened:
        words = _("This call is not open. What you typed is saved as a draft.")
    else:
        words = _(
            "This call has closed. What you typed is saved as a draft. An organizer can permit "
            "you to send it late."
        )
    return CallClosed(words, code="closed")


def _bring_up_to_date(submission: Submission, stored: Submission) -> Submission:
    submission.__dict__.update(stored.__dict__)
    return submission
