"""What organizers did with an interest: what they answered, and to whom they passed it on."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Contact
from events.models import Event
from events.models.limits import Person
from events.models.mails import is_mailed_to
from events.models.scope import Scope, readable, scoped
from interests.models.interest import Interest
from mail.models import OutboundMail
from summit.lib.database.accounts import account_field

LONGEST_ANSWER = 5000


class InterestAnswer(models.Model):
    """A mail to the visitor, as an organizer wrote it."""

    shown_on_public_pages = False

    interest = models.ForeignKey(
        Interest,
        on_delete=models.CASCADE,
        related_name="answers",
        verbose_name=_("expression of interest"),
    )
    text = models.TextField(pgettext_lazy("interest", "answer"), max_length=LONGEST_ANSWER)
    by = account_field(_("by"))
    answered_at = models.DateTimeField(_("answered at"), default=timezone.now)

    class Meta:
        verbose_name = _("answer to an expression of interest")
        verbose_name_plural = _("answers to expressions of interest")
        ordering = ["answered_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.interest_id}"


class OfTheirInterests(Scope[models.QuerySet["HandOver"]]):
    def readable(
        self, rows: models.QuerySet["HandOver"], user: Person
    ) -> models.QuerySet["HandOver"]:
        return rows.filter(interest__in=readable(Interest.objects.all(), user))


@is_mailed_to
@scoped(OfTheirInterests())
class HandOver(models.Model):
    """That an interest was passed on to a contact of its owner, with the visitor's own contact.

    ``recipient`` is the owner as the visitor reads it: never the contact, whose row may go.
    """

    shown_on_public_pages = False

    interest = models.ForeignKey(
        Interest,
        on_delete=models.CASCADE,
        related_name="hand_overs",
        verbose_name=_("expression of interest"),
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="hand_overs",
        verbose_name=_("contact"),
    )
    recipient = models.CharField(_("recipient"), max_length=400)
    by = account_field(_("by"))
    passed_on_at = models.DateTimeField(_("passed on at"), default=timezone.now)

    mails = GenericRelation(
        OutboundMail,
        object_id_field="subject_id",
        content_type_field="subject_type",
        related_query_name="hand_over",
    )

    class Meta:
        verbose_name = _("expression of interest passed on")
        verbose_name_plural = _("expressions of interest passed on")
        ordering = ["passed_on_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["interest", "contact"],
                name="interest_is_passed_on_once_to_a_contact",
                violation_error_message=_("It was passed on to this contact already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.interest_id}"

    @property
    def email(self) -> str:
        return self.contact.email if self.contact else ""

    @property
    def event(self) -> Event | None:
        return self.interest.event
