"""The terms by which the project catalogue is filtered. Organizers may edit them."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Term
from events.models.scope import OfTheSite, scoped


@scoped(OfTheSite())
class Sector(Term):
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta(Term.Meta):
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")


@scoped(OfTheSite())
class CooperationMode(Term):
    """How a project may be taken up: licence, transfer, joint development …"""

    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta(Term.Meta):
        verbose_name = _("mode of cooperation")
        verbose_name_plural = _("modes of cooperation")


@scoped(OfTheSite())
class Industry(Term):
    """A section (门类) or division (大类) of the industries of GB/T 4754-2017."""

    code = models.CharField(
        _("industry code"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-T](\d{2})?$", _("Enter a code such as C or C27."))],
        help_text=_("A section (C) or a division (C27) of GB/T 4754-2017."),
    )

    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta(Term.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
