"""The logins of staff. Accounts are Django's own, authenticators those of django-otp."""

from django.conf import settings
from django.db import models
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
