"""The audit trail: who did what that matters for security. Entries are added and never changed."""

from ipaddress import ip_address

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from events.models import AuditEntry
from summit.lib import client, request_id

Action = AuditEntry.Action


def record(
    action: Action,
    *,
    by: AbstractBaseUser | None = None,
    request: HttpRequest | None = None,
    subject: str = "",
    **details: object,
) -> AuditEntry:
    """Add an entry to the audit trail; costs one query.

    Called in the transaction of what it reports, so that neither stands without the
    other; a refusal, which changes nothing, is recorded outside of one. ``subject`` and
    ``details`` name accounts, events and documents, never an attendee.
    """
    entry = AuditEntry(
        action=action,
        actor_id=by.pk if by else None,
        actor_name=by.get_username() if by else "",
        subject=subject[:250],
        details=details,
        network_address=_address(request),
        request_id=request_id.current(),
    )
    entry.full_clean()
    entry.save(force_insert=True)
    return entry


def _address(request: HttpRequest | None) -> str | None:
    if request is None:
        return None
    try:
        return str(ip_address(client.address(request)))
    except ValueError:  # a unix socket has none
        return None
