"""The logins of staff. Accounts are Django's own, authenticators those of django-otp."""

import datetime as dt
from typing import Self

from axes.models import AccessAttempt
from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Login(models.Model):
    """A member of staff is logged in on some device: one row for each web session.

    It goes with the session: ending one ends the other. ``staff/domain/logins.py`` does both.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="logins",
        verbose_name=_("account"),
    )
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    started_at = models.DateTimeField(_("logged in at"), default=timezone.now)
    # To the minute: it is written at most once a minute.
    seen_at = models.DateTimeField(_("last active at"), default=timezone.now)
    network_address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    # In a few words that a person recognizes: “Chrome · Android”.
    device = models.CharField(_("device"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        ordering = ["-seen_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["seen_at"], name="login_seen")]

    def __str__(self) -> str:
        return f"{self.user} · {self.started_at:%Y-%m-%d %H:%M} UTC"


class LockOutQuerySet(models.QuerySet):
    def current(self) -> Self:
        """The failures of names that may not be tried from their address just now."""
        since = timezone.now() - settings.AXES_COOLOFF_TIME
        fresh = AccessAttempt.objects.filter(attempt_time__gte=since)
        # One browser's failures are one row; the lock-out is for all that come from an address.
        failures = (
            fresh.filter(username=OuterRef("username"), ip_address=OuterRef("ip_address"))
            .order_by()
            .values("username", "ip_address")
            .annotate(total=Sum("failures_since_start"))
            .values("total")
        )
        return (
            self.filter(attempt_time__gte=since)
            .alias(total=Subquery(failures))
            .filter(total__gte=settings.AXES_FAILURE_LIMIT)
        )


class LockOut(AccessAttempt):
    """What django-axes counts, as superusers see it: who is locked out, from where, until when."""

    objects = LockOutQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("lock-out")
        verbose_name_plural = _("lock-outs")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.username} · {self.ip_address}"

    @property
    def until(self) -> dt.datetime:
        return self.attempt_time + settings.AXES_COOLOFF_TIME
