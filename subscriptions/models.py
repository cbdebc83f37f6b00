"""Who asked to be told by e-mail of new projects in certain sectors."""

import contextlib
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.scope import HiddenFromLimited, scoped
from mail.models import OutboundMail
from projects.models import Project, Sector
from summit.lib.database.made_columns import MadeLine
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.signed_links import SUBSCRIPTION, new_code, sign


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def of_address(self, email: str) -> Self:
        """Those of an address, confirmed or not. Raises ``ValidationError`` for what is none."""
        return self.filter(email_key=mail_addresses.key(email)).exclude(email_key="")


@scoped(HiddenFromLimited())
class Subscription(models.Model):
    """New projects of some sectors, by e-mail. Until its code was entered it sends nothing.

    It holds an address and nothing else of a person. Nothing stays of one that has ended.
    """

    shown_on_public_pages = False

    email = EmailColumn(_("e-mail"))
    language = models.CharField(_("language of e-mails"), max_length=10, choices=settings.LANGUAGES)
    kind = models.CharField(
        pgettext_lazy("projects", "which"),
        max_length=10,
        choices=Project.Kind.choices,
        blank=True,
        help_text=_("Empty: offers and requests."),
    )
    sectors = models.ManyToManyField(
        Sector,
        related_name="subscriptions",
        verbose_name=_("sectors"),
    )
    # The secret of its link, and of the code that confirms it.
    code = models.CharField(max_length=40, unique=True, default=new_code, editable=False)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(
        pgettext_lazy("time", "confirmed"), null=True, blank=True, editable=False
    )
    # Projects that were published up to then are told.
    told_until = models.DateTimeField(_("told until"), default=timezone.now, editable=False)

    email_key = MadeLine(max_length=254, made=lambda row: mail_addresses.key(row.email))

    mails = GenericRelation(
        OutboundMail,
        object_id_field="subject_id",
        content_type_field="subject_type",
        related_query_name="subscription",
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription to new projects")
        verbose_name_plural = _("subscriptions to new projects")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["email_key"], name="subscription_email")]
        constraints = [
            models.CheckConstraint(condition=~Q(email=""), name="subscription_has_an_address"),
            models.CheckConstraint(
                condition=Q(kind__in=["", *Project.Kind.values]),
                name="subscription_kind_is_known",
            ),
            models.UniqueConstraint(
                fields=["email_key"],
                condition=Q(confirmed_at__isnull=False),
                name="one_subscription_of_an_address",
                violation_error_message=_("This address has a subscription already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()

    def clean(self) -> None:
        super().clean()
        # Of what its own field has not refused: the constraint compares it.
        with contextlib.suppress(ValidationError):
            self.email_key = mail_addresses.key(self.email)

    @property
    def readable_email(self) -> str:
        return mail_addresses.readable(self.email)

    @property
    def signed_code(self) -> str:
        """What its personal link holds."""
        return sign(self.code, SUBSCRIPTION)
