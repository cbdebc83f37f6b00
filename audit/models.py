import datetime as dt
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actions import registered_actions


class EntryStands(TypeError):
    """Whoever wrote this call meant to change or delete what is in the audit trail."""

    def __init__(self) -> None:
        super().__init__("An entry of the audit trail is neither changed nor deleted.")


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Adds and reads. The database refuses the rest too: audit/append_only.py."""

    def update(self, **fields: Any) -> NoReturn:
        raise EntryStands

    def delete(self) -> NoReturn:
        raise EntryStands

    def forget(self, *, before: dt.datetime) -> int:
        """Delete what is older, once its time is over; return how many entries.

        The database refuses where that reaches into ``settings.AUDIT_LEAST_DAYS``.
        """
        return super(AuditEntryQuerySet, self.filter(at__lt=before)).delete()[0]


class AuditEntry(models.Model):
    """Something security-relevant that somebody did or tried: written once, never changed.

    Accounts and things are named by text rather than by foreign key, so that an entry
    outlives both. It never holds anything of an attendee.
    """

    shown_on_public_pages = False

    at = models.DateTimeField(_("at"), default=timezone.now)
    action = models.CharField(
        pgettext_lazy("audit", "action"), max_length=30, choices=registered_actions
    )
    # The account, by its number and by its name at that time; empty for the machine's own
    # commands, and for a log-in under a name that no account has.
    actor_id = models.BigIntegerField(_("account number"), null=True, blank=True)
    actor_name = models.CharField(_("account"), max_length=150, blank=True)
    # What it was done to, such as “event · 2020-summit” or “account · zhang”.
    subject = models.CharField(pgettext_lazy("audit", "subject"), max_length=250, blank=True)
    # Facts beside that, such as which groups were added: plain JSON, no personal data of attendees.
    details = models.JSONField(_("details"), default=dict, blank=True)
    network_address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["actor_name", "at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} UTC · {self.get_action_display()}"

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise EntryStands
        super().save(**options)

    def delete(self, using: Any = None, keep_parents: bool = False) -> NoReturn:
        raise EntryStands
