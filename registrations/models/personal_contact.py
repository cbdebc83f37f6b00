"""Where a person is reached, and what is known to be theirs of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registrations.models.registration_choices import Proof
from summit.lib.database.made_columns import MadeLine
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.phones import LONGEST_STORED, PhoneColumn, mobile_key, shown_phone


class PersonalContact(models.Model):
    """An e-mail address, a mobile number or both, and which of them was proven, and how."""

    Proof = Proof

    # Empty only for somebody whom the desk registered at the door.
    email = EmailColumn(_("e-mail"), blank=True)
    # Made from the address by clean(), to compare by; empty once the person is erased.
    email_key = models.CharField(max_length=254, editable=False)
    phone = PhoneColumn(_("phone"), max_length=LONGEST_STORED, blank=True)
    phone_key = MadeLine(max_length=20, made=lambda row: mobile_key(row.phone))
    # Since when it is known that the contact reaches the person, and how: its link was opened,
    # or its code entered, or staff know it. Until then anybody may have typed it.
    proven_at = models.DateTimeField(
        _("contact verified at"), null=True, blank=True, editable=False
    )
    # Empty of what was proven before this was noted.
    proof = models.CharField(
        _("how the contact was verified"),
        max_length=10,
        choices=Proof,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    # The mobile number that a code or staff have proven, which the person may have left since.
    proven_number = models.CharField(
        max_length=20, blank=True, default="", db_default="", editable=False
    )

    class Meta:
        abstract = True

    @property
    def has_proven_address(self) -> bool:
        """Whether the person reads the mails of the address: a link in one was opened."""
        return self.proven_at is not None and self.proof in ("", self.Proof.LINK)

    @property
    def has_proven_number(self) -> bool:
        """Whether the mobile number is the person's: its code was entered, or staff know it.

        A link that was opened proves the address alone, whatever number was typed beside it.
        """
        return self.proven_number == self.phone_key != ""

    @property
    def has_unproven_number(self) -> bool:
        """Whether a mobile number stands beside a proven address, and nobody has proven it."""
        return self.has_proven_address and self.phone_key != "" and not self.has_proven_number

    def has_proven(self, contact: str) -> bool:
        """Whether an address or a mobile number, as it is compared, was proven to be theirs."""
        if contact == self.phone_key:
            return contact != "" and self.has_proven_number
        is_address = contact == self.email_key != ""
        return is_address and (self.has_proven_address or self.is_known_to_staff)

    @property
    def is_known_to_staff(self) -> bool:
        return self.proven_at is not None and self.proof == self.Proof.STAFF

    @property
    def has_own_proof(self) -> bool:
        """Whether the person's own contact was verified, and not that of who registered them."""
        return self.proven_at is not None and self.proof != self.Proof.GROUP

    @property
    def readable_email(self) -> str:
        """The address with its domain as people write it, in Chinese where it is one."""
        return mail_addresses.readable(self.email)

    @property
    def readable_phone(self) -> str:
        """The number as it is dialled in China, a foreign one with its plus."""
        return shown_phone(self.phone)
