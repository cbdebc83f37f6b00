"""What the verbs of intentions ask alike of days and amounts: a refusal, or nothing."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from projects.models import CooperationIntention
from summit.lib.given import given
from summit.lib.i18n.languages import Words


def before_signature(
    intention: CooperationIntention, day: dt.date | None, *, unsaid: Words
) -> ValidationError | None:
    """Why nothing can be planned on that day; ``unsaid`` is said where there is none."""
    if day is None:
        return ValidationError(unsaid, code="no_date")
    signed_on = given(intention.signed_on)
    if day < signed_on:
        return ValidationError(
            _("This day is before the signature of %(day)s."),
            code="before_signature",
            params={"day": date_format(signed_on)},
        )
    return None


def wrong_day(
    intention: CooperationIntention, day: dt.date | None, *, unsaid: Words
) -> ValidationError | None:
    """Why nothing can have been done on that day with what was signed."""
    if day is not None and day > intention.event.today:
        return ValidationError(_("This day is in the future."), code="future")
    return before_signature(intention, day, unsaid=unsaid)


def wrong_amount(
    amount: Decimal | None, currency: str, *, unpaired: Words
) -> ValidationError | None:
    """Why this is no amount: ``unpaired`` says that it goes with its currency."""
    if (amount is None) != (not currency):
        return ValidationError(unpaired, code="amount_without_currency")
    if amount is not None and amount < 0:
        return ValidationError(_("An amount is not negative."), code="negative")
    return None


def refuse(kind: type[ValidationError], by_field: Mapping[str, ValidationError | None]) -> None:
    """Raise ``kind`` with every refusal that there is, each under the name of its argument."""
    found = {name: error for name, error in by_field.items() if error is not None}
    if found:
        raise kind(found)
