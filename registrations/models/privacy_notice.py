from django.db import models
from django.utils.translation import gettext_lazy as _


class PrivacyNotice(models.Model):
    """A version of the privacy notice that somebody agreed to, kept as it read then."""

    shown_on_public_pages = False

    digest = models.CharField(max_length=64, unique=True)
    text_en = models.TextField(blank=True)
    text_zh_hans = models.TextField(blank=True)
    first_used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
