import contextlib

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.event import Event
from events.models.mails import is_mailed_to
from events.models.scope import OfEvent, scoped
from mail.models import OutboundMail
from registrations.models.privacy_notice import PrivacyNotice
from summit.lib.i18n.languages import OWN_NAMES
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.phones import LONGEST_STORED, PhoneColumn, mobile_key, shown_phone
from summit.lib.web.signed_links import new_code


@is_mailed_to
@scoped(OfEvent("event"))
class RegistrationGroup(models.Model):
    """People whom a contact person has registered together, and whom that person has informed.

    The contact person need not come. Personal data, as of a registration: ``__str__`` names nobody.
    """

    shown_on_public_pages = False

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="groups", verbose_name=_("event")
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    email = EmailColumn(_("e-mail"), blank=True)
    # Made from address and number by clean(), to compare by; empty once the group is erased.
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    phone = PhoneColumn(_("phone"), max_length=LONGEST_STORED, blank=True)
    phone_key = models.CharField(max_length=20, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=OWN_NAMES.items())
    # All of them have seats, or all wait.
    is_together = models.BooleanField(_("all or none"), default=False)
    privacy_notice = models.ForeignKey(
        PrivacyNotice,
        on_delete=models.PROTECT,
        related_name="groups",
        verbose_name=_("privacy notice"),
    )
    # When the contact person said that the others know the notice.
    informed_at = models.DateTimeField(_("informed on"), default=timezone.now)
    # Since when it is known that the contact reaches the contact person.
    proven_at = models.DateTimeField(_("contact verified at"), null=True, blank=True)
    code = models.CharField(max_length=40, unique=True, default=new_code)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    # Set where a code to the only contact, a number, was entered: no column.
    is_owner_here = False

    mails = GenericRelation(
        OutboundMail,
        object_id_field="subject_id",
        content_type_field="subject_type",
        related_query_name="registration_group",
    )

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["-informed_at", "-pk"]
        indexes = [
            models.Index(fields=["email_key"], condition=~Q(email_key=""), name="group_email"),
            models.Index(fields=["phone_key"], condition=~Q(phone_key=""), name="group_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email_key="") | ~Q(phone_key="") | Q(erased_at__isnull=False),
                name="group_has_a_contact",
                violation_error_message=_("Enter a mobile number or an e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def clean(self) -> None:
        super().clean()
        # What is wrong with an address has been said by its own field.
        with contextlib.suppress(ValidationError):
            self.email_key = mail_addresses.key(self.email)
        self.phone_key = mobile_key(self.phone)

    @property
    def readable_email(self) -> str:
        """The address with its domain as people write it."""
        return mail_addresses.readable(self.email)

    @property
    def readable_phone(self) -> str:
        """The number as it is dialled in China, a foreign one with its plus."""
        return shown_phone(self.phone)

    @property
    def contact_in_words(self) -> str:
        return self.readable_email or self.readable_phone
