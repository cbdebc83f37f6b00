import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registrations.models.registration import Registration
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.phones import LONGEST_STORED, PhoneColumn, masked_phone, shown_phone
from summit.lib.web.signed_links import new_code


class ContactChangeQuerySet(models.QuerySet["ContactChange"]):
    def open(self) -> Self:
        """Those that can still be confirmed or stopped."""
        since = timezone.now() - ContactChange.LASTS
        return self.filter(status=ContactChange.Status.OPEN, asked_at__gt=since)

    def of_address(self, key: str) -> Self:
        """Those from or to an address, in whatever letter case."""
        return self.filter(Q(old_email__iexact=key) | Q(new_email__iexact=key))

    def of_number(self, key: str) -> Self:
        """Those from or to a mobile number, with whatever extension."""
        is_old = Q(old_phone=key) | Q(old_phone__startswith=f"{key};")
        return self.filter(is_old | Q(new_phone=key) | Q(new_phone__startswith=f"{key};"))


class ContactChange(models.Model):
    """That the contact of a registration is to be another one, or is since then.

    What is asked for together, for several people of one contact, has one ``code``. It holds the
    contact of before, to which a mail still goes, for ``KEPT`` at most.
    """

    shown_on_public_pages = False
    LASTS = dt.timedelta(days=3)
    KEPT = dt.timedelta(days=30)

    class Status(models.TextChoices):
        OPEN = "open", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("confirmed")
        STOPPED = "stopped", _("stopped")

    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="contact_changes",
        verbose_name=_("registration"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.OPEN
    )
    old_email = EmailColumn(_("e-mail before"), blank=True)
    old_phone = PhoneColumn(_("phone before"), max_length=LONGEST_STORED, blank=True)
    new_email = EmailColumn(_("new e-mail"), blank=True)
    new_phone = PhoneColumn(_("new phone"), max_length=LONGEST_STORED, blank=True)
    # What the link to the new address holds.
    code = models.CharField(max_length=40, default=new_code, editable=False, db_index=True)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ContactChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a contact")
        verbose_name_plural = _("changes of contacts")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status="open"),
                name="one_change_of_a_contact_is_open",
                violation_error_message=_(
                    "A change of this contact is already waiting for confirmation."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status="open", ended_at=None)
                | Q(status__in=["confirmed", "stopped"], ended_at__isnull=False),
                name="change_of_a_contact_has_ended_or_is_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.registration.ticket}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN and timezone.now() < self.ends_at

    @property
    def ends_at(self) -> dt.datetime:
        """Until when it can be confirmed."""
        return self.asked_at + self.LASTS

    @property
    def readable_new_email(self) -> str:
        return mail_addresses.readable(self.new_email)

    @property
    def readable_new_phone(self) -> str:
        return shown_phone(self.new_phone)

    @property
    def shown_new(self) -> str:
        """The new contact, masked: the owner of the old one may be another person."""
        if self.new_email:
            return mail_addresses.masked(self.new_email)
        return masked_phone(self.new_phone)
