import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mail.kinds import registered_kinds


class MailQuerySet(models.QuerySet["OutboundMail"]):
    def due(self) -> Self:
        """Queued mails whose next try has come and that no process is sending just now.

        Claims go by the clock of the database, which all processes share. What a process
        handed over to the mail server is never due again by itself.
        """
        return self.filter(
            Q(claimed_until=None) | Q(claimed_until__lt=Now()),
            status=OutboundMail.Status.QUEUED,
            handed_over_at=None,
            next_try_at__lte=timezone.now(),
        ).order_by("next_try_at", "pk")

    def waiting_for_receipt(self) -> Self:
        """Text messages that were perhaps sent and of which the provider is to be asked now.

        It is asked for a day; then a person has to look.
        """
        return self.filter(
            channel=OutboundMail.Channel.SMS,
            status=OutboundMail.Status.UNKNOWN,
            next_try_at__lte=timezone.now(),
            first_handed_over_at__gt=timezone.now() - dt.timedelta(days=1),
        )

    def handed_over_and_left(self) -> Self:
        """Mails whose process ended after it had handed them over, and before it knew more."""
        return self.filter(
            status=OutboundMail.Status.QUEUED,
            handed_over_at__isnull=False,
            claimed_until__lt=Now(),
        )


class OutboundMail(models.Model):
    """A mail or a text message to be sent, written in the same transaction as what it reports."""

    shown_on_public_pages = False

    class Channel(models.TextChoices):
        EMAIL = "email", pgettext_lazy("channel", "e-mail")
        SMS = "sms", _("text message")

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        GIVEN_UP = "given_up", _("undeliverable")
        # What it would have told had been done or withdrawn before it left.
        DROPPED = "dropped", _("skipped: no longer relevant")
        # The mail server has it whole and never said whether it took it.
        UNKNOWN = "unknown", _("possibly sent: the receipt was not confirmed")

    # The pauses between tries; after the last one a person has to look.
    PAUSES = [
        dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440)
    ]

    channel = models.CharField(
        pgettext_lazy("channel", "sent by"),
        max_length=5,
        choices=Channel.choices,
        default=Channel.EMAIL,
        db_default=Channel.EMAIL,
    )
    # Which text. It is written when it is sent, from its subject as it is then,
    # so that this table holds nobody's name or address.
    kind = models.CharField(_("kind"), max_length=30, choices=registered_kinds)
    # To somebody whom another app knows, such as an attendee, or to a member of staff. The
    # app reaches the mails of its row by a ``GenericRelation``.
    subject_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of staff"),
    )
    # What the text says beyond that: no personal data.
    payload = models.JSONField(default=dict, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    # Since when the mail server may have taken it, while nobody knows whether it did.
    handed_over_at = models.DateTimeField(null=True, blank=True)
    # When that was for the first time, unless the provider refused it: before a text message is
    # sent again, its receipt is asked for.
    first_handed_over_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # The kind of error and the server's number for it; its words may hold an address.
    last_error = models.CharField(_("last error"), max_length=100, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbound e-mail or text message")
        verbose_name_plural = _("outbound e-mails and text messages")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "next_try_at"], name="mail_due"),
            models.Index(fields=["subject_type", "subject_id"], name="mail_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject_type__isnull=False, subject_id__isnull=False, user=None)
                | Q(subject_type=None, subject_id=None, user__isnull=False),
                name="mail_has_one_recipient",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Heartbeat(models.Model):
    """When a process beside the web server last said that it is alive."""

    shown_on_public_pages = False

    class Process(models.TextChoices):
        WORKER = "worker"
        PERIODIC = "periodic"

    process = models.CharField(max_length=20, choices=Process, primary_key=True)
    beaten_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.process} {self.beaten_at:%Y-%m-%d %H:%M:%S} UTC"
