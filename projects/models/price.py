"""What a request may cost, or what is asked for an offer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.money import Currency, money_range

_NEITHER = Q(price_from=None, price_to=None)


class PriceBand(models.TextChoices):
    UNDER_50 = "under_50", _("under 500,000 CNY")
    UNDER_200 = "50_200", _("500,000 to 2 million CNY")
    UNDER_500 = "200_500", _("2 to 5 million CNY")
    OVER_500 = "over_500", _("over 5 million CNY")
    NEGOTIABLE = "negotiable", _("by negotiation")


class Priced(models.Model):
    """An amount from … to …, with its currency, or a band, or "by negotiation"."""

    price_from = models.DecimalField(
        _("amount from"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    price_to = models.DecimalField(
        _("amount to"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    price_currency = models.CharField(
        _("currency of the amount"),
        max_length=3,
        choices=Currency.choices,
        blank=True,
        default="",
        db_default="",
    )
    price_band = models.CharField(
        _("range of the amount"),
        max_length=20,
        choices=PriceBand.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Instead of the amount."),
    )

    class Meta:
        abstract = True

    CONSTRAINTS = [
        models.CheckConstraint(
            condition=(_NEITHER & Q(price_currency="")) | (~_NEITHER & ~Q(price_currency="")),
            name="project_amount_has_its_currency",
            violation_error_message=_("Enter the amount together with its currency, or neither."),
            violation_error_code="amount_without_currency",
        ),
        models.CheckConstraint(
            condition=(Q(price_from=None) | Q(price_from__gte=0))
            & (Q(price_to=None) | Q(price_to__gte=0)),
            name="project_amount_is_not_negative",
            violation_error_message=_("An amount cannot be negative."),
        ),
        models.CheckConstraint(
            condition=Q(price_from=None) | Q(price_to=None) | Q(price_from__lte=F("price_to")),
            name="project_amount_is_from_less_to_more",
            violation_error_message=_("The first amount must not be larger than the second."),
        ),
        models.CheckConstraint(
            condition=_NEITHER | Q(price_band=""),
            name="project_has_an_amount_or_a_range",
            violation_error_message=_("Enter an amount or choose a range, not both."),
        ),
    ]

    @property
    def price(self) -> str:
        """The amount, the range or "by negotiation" as it reads; "" where nothing is known."""
        if self.price_band:
            return str(PriceBand(self.price_band).label)
        return money_range(self.price_from, self.price_to, self.price_currency)
