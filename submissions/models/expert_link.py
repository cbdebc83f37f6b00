from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Expert
from events.models.mails import is_mailed_to
from events.models.scope import scoped
from mail.models import OutboundMail
from submissions.models.scope import OfExpert
from summit.lib.database.accounts import account_field
from summit.lib.database.made_columns import MadeLine
from summit.lib.i18n.clock import moment_in_words
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.signed_links import new_code


class ExpertLinkQuerySet(models.QuerySet["ExpertLink"]):
    def working(self) -> Self:
        """Those that open something now."""
        return self.filter(revoked_at=None, ends_at__gt=timezone.now())


@is_mailed_to
@scoped(OfExpert())
class ExpertLink(models.Model):
    """The personal link by which an expert proposes corrections: to whom it went, until when.

    ``code`` is its secret, which only a signature of the site makes a link: what a copy of the
    database holds opens nothing.
    """

    shown_on_public_pages = False

    expert = models.ForeignKey(
        Expert, on_delete=models.CASCADE, related_name="links", verbose_name=_("expert")
    )
    code = models.CharField(max_length=50, unique=True, default=new_code, editable=False)
    email = EmailColumn(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    ends_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    made_at = models.DateTimeField(_("created at"), default=timezone.now)
    made_by = account_field(_("created by"))

    email_key = MadeLine(
        max_length=254, made=lambda row: mail_addresses.key(row.email) if row.email else ""
    )

    mails = GenericRelation(
        OutboundMail,
        content_type_field="subject_type",
        object_id_field="subject_id",
        related_query_name="expert_link",
    )
    objects = ExpertLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal link of an expert")
        verbose_name_plural = _("personal links of experts")
        default_permissions = ("view",)
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["email_key"], name="expert_link_email")]

    def __str__(self) -> str:
        """Name nobody: logs and messages keep it."""
        return f"{self._meta.verbose_name} {self.pk or 0}"

    @property
    def is_working(self) -> bool:
        return self.revoked_at is None and self.ends_at > timezone.now()

    @property
    def end_in_words(self) -> str:
        """The day, time and zone of its end, in the current language."""
        return moment_in_words(self.ends_at, timezone.get_default_timezone())
