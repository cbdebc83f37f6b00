"""The audit trail: who did what that matters for security. Entries are added and never changed."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils import timezone

from audit.models import AuditEntry
from summit.lib.process import machine
from summit.lib.web import client_network, request_id


def record(
    action: TextChoices,
    *,
    by: User | None = None,
    request: HttpRequest | None = None,
    subject: str = "",
    **details: object,
) -> AuditEntry:
    """Add an entry to the audit trail; costs one query.

    Called in the transaction of what it reports, so that neither stands without the
    other; a refusal, which changes nothing, is recorded outside of one. ``subject`` and
    ``details`` name accounts, events and documents, never an attendee; details that are
    None or empty are left out. What a command does has no actor: the account of the
    machine that runs it is added.
    """
    if by is None and request is None:
        details["machine_account"] = machine.os_user()
    entry = AuditEntry(
        action=action,
        actor_id=by.pk if by else None,
        actor_name=by.get_username() if by else "",
        subject=subject[:250],
        details={name: value for name, value in details.items() if value not in (None, "")},
        network_address=client_network.stored_address_of(request) if request else None,
        request_id=request_id.current(),
    )
    entry.full_clean()
    entry.save(force_insert=True)
    return entry


def account(user: User) -> str:
    """Return the ``subject`` that names an account."""
    return f"account · {user.get_username()}"


def forget() -> int:
    """Delete the entries that are older than ``settings.AUDIT_KEEP_DAYS``; return how many."""
    before = timezone.now() - dt.timedelta(days=settings.AUDIT_KEEP_DAYS)
    return AuditEntry.objects.forget(before=before)
