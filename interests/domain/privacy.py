"""Withdrawal of consent, erasure and retention of what visitors wrote."""

from collections.abc import Iterable
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from audit import trail
from interests.audited import Action
from interests.domain import counts
from interests.domain.passing_on import tell_recipients
from interests.models import Interest, InterestQuerySet
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.web import mail_addresses
from summit.lib.web.phones import phone_key

# Why one is erased that its owner wishes erased.
WISHED = ("visitor", "asked_for")


@transaction.atomic
def withdraw_consent(interest: Interest) -> Interest:
    """Take the consent to be passed on back, and tell those who have it to delete it.

    Withdrawing twice is harmless.
    """
    agreed = Interest.objects.filter(pk=interest.pk, consented_at__isnull=False)
    # Who passes it on at this moment has done so by then, or is refused after.
    if agreed.select_for_update(no_key=True).first():
        now = timezone.now()
        agreed.update(consented_at=None, consent_wording="", withdrawn_at=now)
        tell_recipients(interest)
    interest.refresh_from_db(fields=["consented_at", "consent_wording", "withdrawn_at"])
    return interest


@transaction.atomic
def erase(
    interests: Iterable[Interest],
    *,
    by: User | None = None,
    request: HttpRequest | None = None,
    reason: str = "asked_for",
) -> int:
    """Delete interests with their mails for good; return how many.

    Numbers of them stay, but of spam, and those to whom one was passed on are asked to delete it
    too, unless its time was over. The audit trail says who erased how many for what ``reason``,
    and nothing of whom. Erasing twice is harmless.
    """
    # In one order, so that two who erase the same wait and do not block each other.
    keys = [each.pk for each in interests]
    rows = list(Interest.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if not rows:
        return 0
    pks = [row.pk for row in rows]
    counts.keep(pks)
    for row in rows if reason in WISHED else ():
        tell_recipients(row)
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Interest),
        object_id__in=[str(pk) for pk in pks],
    ).update(object_repr="", change_message="")
    Interest.objects.filter(pk__in=pks).delete()
    trail.record(Action.INTERESTS_ERASED, by=by, request=request, interests=len(pks), reason=reason)
    transaction.on_commit(empty_write_ahead_log)
    return len(pks)


def erase_by_email(email: str) -> int:
    """Erase what came from an e-mail address; return how many.

    Raises ``ValidationError`` for what is no address.
    """
    key = mail_addresses.key(email.replace('"', ""))
    return erase(Interest.objects.filter(email_key=key).exclude(email_key=""))


def erase_by_phone(phone: str) -> int:
    """Erase what came with a phone number, however it is written; return how many."""
    key = phone_key(phone)
    return erase(Interest.objects.filter(phone_key=key).exclude(phone_key=""))


def erase_expired() -> int:
    """Erase what is kept for long enough since its last step, and spam sooner."""
    erased = 0
    while batch := list(due_for_erasure().order_by("pk")[:1000]):
        erased += erase(batch, reason="retention")
    return erased


def due_for_erasure() -> InterestQuerySet:
    now = timezone.now()
    spam = Q(status=Interest.Status.SPAM)
    return Interest.objects.filter(
        spam & Q(last_step_at__lt=now - relativedelta(days=settings.SPAM_KEEP_DAYS))
        | ~spam & Q(last_step_at__lt=now - relativedelta(months=settings.INTEREST_KEEP_MONTHS))
    )


def own_data(email: str) -> list[dict[str, Any]]:
    """Return what is kept of interests under an address that is proven. Three queries."""
    key = mail_addresses.key(email) if email else ""
    interests = Interest.objects.filter(email_key=key).exclude(email_key="").with_about()
    interests = interests.prefetch_related("answers", "hand_overs")
    return [data_of(interest) for interest in interests]


def data_of(interest: Interest) -> dict[str, Any]:
    """Return all that is kept about the person in this interest, as plain values."""
    return {
        "about": str(interest.about),
        "event": str(interest.event or ""),
        "status": interest.status,
        "name": interest.name,
        "organization": interest.organization_name,
        "phone": interest.readable_phone,
        "email": interest.email,
        "message": interest.message,
        "language": interest.language,
        "consent": {
            "at": interest.consented_at,
            "text": str(interest.consent_text),
            "withdrawn_at": interest.withdrawn_at,
        },
        "answers": [{"text": each.text, "at": each.answered_at} for each in interest.answers.all()],
        "passed_on": [
            {"to": each.recipient, "at": each.passed_on_at} for each in interest.hand_overs.all()
        ],
        "meeting_requested_at": interest.meeting_requested_at,
        "note_by_staff": interest.staff_note,
        "received_at": interest.received_at,
        "last_step_at": interest.last_step_at,
        "kept_until": interest.kept_until,
    }
