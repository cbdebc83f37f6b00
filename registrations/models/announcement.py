from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from summit.lib.i18n.bilingual import bilingual


class Announcement(models.Model):
    """That attendees were told of a change: what changed, in which words, how many."""

    shown_on_public_pages = False

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="announcements", verbose_name=_("event")
    )
    changed = models.JSONField(_("what changed"), default=list)
    message = bilingual(models.TextField(_("message"), max_length=2000, blank=True))
    recipients = models.PositiveIntegerField(_("recipients"), default=0)
    announced_at = models.DateTimeField(_("announced at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-announced_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.event} · {self.announced_at:%Y-%m-%d %H:%M}"
