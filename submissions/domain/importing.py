"""Submissions that organizers enter for others, from forms and lists that were sent to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from submissions.audited import Action
from submissions.domain import link
from submissions.domain.submission import Sender, put
from submissions.mail_kinds import Kind
from submissions.models import Call, Submission
from summit.lib.i18n.likeness import key

# What is checked in bulk, or refers to rows that were chosen from lists.
_UNCHECKED = {"call", "district", "department", "code", "entered_by"}


@dataclass(frozen=True)
class Entry:
    """What one form or row says."""

    sender: Sender
    values: dict[str, Any]
    language: str


def read_entry(call: Call, entry: Entry) -> Submission:
    """Return an entry as a submission that is not saved. Costs no query.

    Raises ``ValidationError`` by the names of its columns for what cannot be kept.
    """
    submission = Submission(call=call, language=entry.language, source=Submission.Source.IMPORTED)
    put(submission, entry.sender, entry.values)
    errors: dict[str, Any] = {}
    if not submission.title:
        errors[call.form_fields[0].key] = _("This is missing.")
    if not submission.organization_name:
        errors["organization_name"] = _("This is missing.")
    if not submission.email and not submission.phone:
        errors["phone"] = _("Enter a mobile number or an e-mail address.")
    try:
        submission.clean_fields(exclude=_UNCHECKED)
    except ValidationError as error:
        errors |= error.error_dict
    if errors:
        raise ValidationError(errors)
    return submission


def doubles(call: Call, submissions: Iterable[Submission]) -> list[bool]:
    """Say of each whether the call, or an earlier one of them, has it: organization and title.

    One query.
    """
    stored = Submission.objects.named().filter(call=call)
    known = {_likeness(row) for row in stored.exclude(status=Submission.Status.WITHDRAWN)}
    found = []
    for each in submissions:
        found.append(_likeness(each) in known)
        known.add(_likeness(each))
    return found


@transaction.atomic
def add(
    call: Call,
    entries: Iterable[Entry],
    *,
    by: User,
    mails_receipts: bool = False,
    request: HttpRequest | None = None,
) -> tuple[list[Submission], int]:
    """Add entries as sent submissions; return them, and how many doubles were left out.

    Two who import the same file at once add it once. Nobody is written to unless
    ``mails_receipts``. Raises ``ValidationError`` for what cannot be kept, and adds nothing then.
    """
    Call.objects.select_for_update(no_key=True, of=("self",)).get(pk=call.pk)
    read = [read_entry(call, entry) for entry in entries]
    known = doubles(call, read)
    new = [each for each, is_known in zip(read, known, strict=True) if not is_known]
    now = timezone.now()
    for each in new:
        each.status, each.entered_by = Submission.Status.SENT, by
        each.sent_at = each.saved_at = now
    made = Submission.objects.bulk_create(new, batch_size=500)
    if made:
        subject = f"call · {call.slug}"
        trail.record(Action.IMPORTED, by=by, request=request, subject=subject, rows=len(made))
    if mails_receipts:
        for each in made:
            link.mail(each, Kind.SENT, is_by_staff=True)
    return made, len(read) - len(made)


def _likeness(submission: Submission) -> tuple[str, str]:
    return key(submission.organization_name), key(submission.title)
