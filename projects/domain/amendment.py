"""Corrections of what was signed: beside the original, never over it."""

import datetime as dt
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from projects.models import Amendment, CooperationIntention

Status = CooperationIntention.Status


class AmendmentRefused(ValidationError):
    """This intention cannot be amended, or not on that day."""


@transaction.atomic
def amend(
    intention: CooperationIntention,
    *,
    amended_on: dt.date | None,
    by: AbstractBaseUser,
    valid_until: dt.date | None = None,
    intended_amount: Decimal | None = None,
    intended_currency: str = "",
    **texts: str,
) -> Amendment:
    """Record an amendment of a signed intention, with its reason and what changes.

    ``texts`` are ``reason_en``, ``reason_zh_hans``, ``change_en``, ``change_zh_hans``.
    A new term or amount replaces the one in force; the snapshot keeps the one that
    was signed. Raises ``AmendmentRefused`` for a draft, for one whose end is
    recorded, for a day before the signature or in the future, and for an amount
    without a currency; ``ValidationError`` for a missing text and for a term that
    ends before the signature.
    """
    # Numbers run without gaps: one amendment at a time for each intention.
    intention.refresh_from_db(
        from_queryset=CooperationIntention.objects.select_for_update(no_key=True)
    )
    _check(intention, amended_on)
    _check_amount(intended_amount, intended_currency)
    amendment = Amendment(
        intention=intention,
        number=intention.amendments.count() + 1,
        amended_on=amended_on,
        valid_until=valid_until,
        intended_amount=intended_amount,
        intended_currency=intended_currency,
        recorded_by=by,
        **texts,
    )
    amendment.full_clean()
    amendment._history_user = by
    amendment.save(force_insert=True)
    if valid_until:
        intention.valid_until = valid_until
    if intended_amount is not None:
        intention.intended_amount = intended_amount
        intention.intended_currency = intended_currency
    if valid_until or intended_amount is not None:
        # Without clean(), which refuses to change these in any other way.
        intention.clean_fields()
        intention.validate_constraints()
        intention._history_user = by
        intention.save()
    return amendment


def _check(intention: CooperationIntention, amended_on: dt.date | None) -> None:
    if not intention.was_signed:
        raise AmendmentRefused(
            _("This is not signed, so there is nothing to amend. Edit the draft instead."),
            code="draft",
        )
    if intention.status in (Status.LAPSED, Status.TERMINATED):
        raise AmendmentRefused(
            _("This intention has ended (%(status)s) and can no longer be amended."),
            code="ended",
            params={"status": intention.get_status_display()},
        )
    if amended_on is None:
        raise AmendmentRefused(_("Say on which day it was amended."), code="no_date")
    if amended_on > timezone.localdate(timezone=intention.event.zone):
        raise AmendmentRefused(_("The day of the amendment is in the future."), code="future")
    if amended_on < intention.signed_on:
        raise AmendmentRefused(
            _("The day of the amendment is before the signature of %(day)s."),
            code="before_signature",
            params={"day": date_format(intention.signed_on)},
        )


def _check_amount(amount: Decimal | None, currency: str) -> None:
    if (amount is None) != (not currency):
        raise AmendmentRefused(
            _("Give the new amount together with its currency, or neither."),
            code="amount_without_currency",
        )
    if amount is not None and amount < 0:
        raise AmendmentRefused(_("An amount is not negative."), code="negative")
