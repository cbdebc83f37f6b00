"""When and by whom a signing was recorded, and that it was voided."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from summit.lib.database.accounts import account_field

# So long can a signing that was made by mistake be voided.
VOIDABLE_FOR = dt.timedelta(days=1)


class SigningRecord(models.Model):
    """The part of an intention that says who recorded the signature, and who voided it.

    None of what was signed before the product kept it.
    """

    CONSTRAINTS = (
        models.CheckConstraint(
            condition=Q(status="voided", voided_at__isnull=False)
            | (~Q(status="voided") & Q(voided_at=None)),
            name="voided_intention_has_its_moment",
        ),
        models.CheckConstraint(
            condition=~Q(status="voided") | ~Q(closing_reason=""),
            name="voided_intention_has_a_reason",
        ),
        models.CheckConstraint(
            condition=Q(voided_by=None) | ~Q(voided_by=models.F("signed_by")),
            name="signing_is_voided_by_somebody_else",
        ),
    )

    signed_at = models.DateTimeField(
        _("signing recorded at"), null=True, blank=True, editable=False
    )
    signed_by = account_field(_("signing recorded by"), editable=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True, editable=False)
    voided_by = account_field(_("voided by"), editable=False)

    class Meta:
        abstract = True

    @property
    def is_recently_signed(self) -> bool:
        """Whether it was signed so lately that it can still be voided."""
        return self.signed_at is not None and timezone.now() < self.signed_at + VOIDABLE_FOR
