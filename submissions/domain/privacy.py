"""Erasure and retention of submissions, and what a person is shown of their own."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from audit import trail
from contacts.domain import contact as contacts
from contacts.models import Contact
from mail.models import OutboundMail
from submissions.audited import Action
from submissions.domain import attachment
from submissions.domain.comparison import shown
from submissions.models import Decision, Submission
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.i18n.bilingual import in_both
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key, phone_key

# Why somebody is erased who wishes it.
_WISHED = ("own_wish", "asked_for")


@transaction.atomic
def erase(
    submissions: Iterable[Submission],
    *,
    by: User | None = None,
    request: HttpRequest | None = None,
    reason: str = "asked_for",
) -> int:
    """Erase who handed something in, what was typed and its files; return how many.

    What is left counts: call, kind, district, department, state and times. What was accepted
    stays in its project, whose contact goes where the person wishes it. Erasing twice is
    harmless. The audit trail says how many, and nothing of whom.
    """
    keys = [each.pk for each in submissions]
    rows = list(Submission.objects.locked().filter(pk__in=keys, erased_at=None))
    if not rows:
        return 0
    pks = [row.pk for row in rows]
    if reason in _WISHED:
        contacts.erase(_contacts_of(rows), by=by, request=request, reason=reason)
    Decision.objects.filter(submission__in=pks).update(
        old_value=None, proposed_value=None, accepted_value=None
    )
    attachment.remove_private(pks)
    OutboundMail.objects.filter(submission__in=pks).delete()
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Submission),
        object_id__in=[str(pk) for pk in pks],
    ).update(object_repr="", change_message="")
    Submission.objects.filter(pk__in=pks).update(
        organization_name="",
        credit_code="",
        contact_name="",
        phone="",
        email="",
        email_key="",
        phone_key="",
        search_text="",
        thin="",
        values={},
        base={},
        reason="",
        erased_at=timezone.now(),
    )
    trail.record(Action.ERASED, by=by, request=request, people=len(pks), reason=reason)
    transaction.on_commit(empty_write_ahead_log)
    return len(pks)


def _contacts_of(rows: Iterable[Submission]) -> list[Contact]:
    """Return the contacts of projects that were made of these: the people who handed them in.

    Whoever was asked about a project that was there before stays its contact.
    """
    found: dict[int, Contact] = {}
    for row in rows:
        ways = Q(email_key=row.email_key) & ~Q(email_key="")
        if number := phone_key(row.phone):
            ways |= Q(phone_key=number)
        if row.status in Submission.ACCEPTED_STATES and not row.base:
            same = Contact.objects.filter(ways, project=row.project_id)
            found |= {contact.pk: contact for contact in same}
    return list(found.values())


@transaction.atomic
def throw_away(
    submissions: Iterable[Submission], *, by: User, request: HttpRequest | None = None
) -> int:
    """Erase what is spam and its rows, so that nothing of it counts; return how many.

    Nobody is told. What something was accepted of stays; so does what is thrown away already.
    """
    kept = (Submission.Status.ACCEPTED, Submission.Status.PARTLY_ACCEPTED)
    rows = Submission.objects.locked().exclude(status__in=kept)
    found = list(rows.filter(pk__in=[each.pk for each in submissions]))
    erase(found, by=by, request=request, reason="spam")
    Submission.objects.filter(pk__in=[each.pk for each in found]).delete()
    return len(found)


def erase_by_email(email: str) -> int:
    """Erase the submissions of an e-mail address. Raises ``ValidationError`` for what is none."""
    key = mail_addresses.key(email.replace('"', ""))
    return erase(Submission.objects.named().filter(email_key=key).exclude(email_key=""))


def erase_by_phone(phone: str) -> int:
    """Erase the submissions of a mobile number, however it is written."""
    key = mobile_key(phone)
    return erase(Submission.objects.named().filter(phone_key=key).exclude(phone_key=""))


def erase_expired() -> int:
    """Erase what is kept long enough: drafts of strangers sooner than the rest."""
    erased = 0
    while batch := list(due_for_erasure()[:500]):
        erased += erase(batch, reason="retention")
    attachment.remove_left_behind()
    return erased


def due_for_erasure() -> QuerySet[Submission]:
    """Return the submissions whose time is over.

    A draft whose contact nobody proved is kept for ``SUBMISSION_DRAFT_DAYS`` after it was saved
    last, or as long as it may be sent late; all others for ``SUBMISSION_KEEP_MONTHS``.
    """
    now = timezone.now()
    by_day = now - dt.timedelta(days=settings.SUBMISSION_DRAFT_DAYS)
    by_month = now - relativedelta(months=settings.SUBMISSION_KEEP_MONTHS)
    of_strangers = Q(status=Submission.Status.DRAFT, proven_at=None, saved_at__lt=by_day)
    of_strangers &= Q(late_until=None) | Q(late_until__lt=now)
    of_others = Q(saved_at__lt=by_month) & (Q(reviewed_at=None) | Q(reviewed_at__lt=by_month))
    return Submission.objects.named().filter(of_strangers | of_others)


def kept_until(submission: Submission) -> dt.datetime:
    """Return when a submission is erased, unless somebody writes in it before."""
    if submission.status == Submission.Status.DRAFT and submission.proven_at is None:
        return submission.saved_at + dt.timedelta(days=settings.SUBMISSION_DRAFT_DAYS)
    last = max(submission.saved_at, submission.reviewed_at or submission.saved_at)
    return last + relativedelta(months=settings.SUBMISSION_KEEP_MONTHS)


def own_data(email: str) -> list[dict[str, Any]]:
    """Return what is kept as submissions under an address that is proven. Two queries."""
    key = mail_addresses.key(email) if email else ""
    rows = Submission.objects.named().filter(email_key=key).exclude(email_key="")
    told = rows.select_related("call", "district", "department").prefetch_related("attachments")
    return [own_row(row) for row in told]


def own_row(row: Submission) -> dict[str, Any]:
    """Return all that is kept in one submission, as plain values."""
    return {
        "call": in_both(row.call, "title"),
        "reference": row.reference,
        "status": row.status,
        "organization": row.organization_name,
        "credit_code": row.credit_code,
        "contact_person": row.contact_name,
        "phone": row.readable_phone,
        "email": row.email,
        "district": in_both(row.district, "name") if row.district else None,
        "department": in_both(row.department, "name") if row.department else None,
        "language": row.language,
        "values": {str(field.label): shown(field, value) for field, value in row.proposed},
        "files": [
            {
                "name": each.name,
                "caption": each.caption,
                "type": each.get_content_type_display(),
                "bytes": each.size,
                "uploaded_at": each.uploaded_at,
            }
            for each in row.attachments.all()
        ],
        "created_at": row.created_at,
        "saved_at": row.saved_at,
        "sent_at": row.sent_at,
        "contact_confirmed_at": row.proven_at,
        "may_be_sent_late_until": row.late_until,
        "reason": row.reason,
        "kept_until": kept_until(row),
    }
