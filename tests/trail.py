"""What the audit trail says."""

from audit.models import AuditEntry


def entries() -> list[tuple[str, str, str, dict]]:
    """Return action, account, subject and details of every entry, the oldest first."""
    fields = ("action", "actor_name", "subject", "details")
    return list(AuditEntry.objects.order_by("pk").values_list(*fields))
