"""Corrections of what was signed: beside the original, never over it."""

import datetime as dt
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from projects.domain import checks
from projects.models import Amendment, CooperationIntention
from summit.lib.database.history import write_as
from summit.lib.given import given
from summit.lib.i18n.languages import Words

Status = CooperationIntention.Status


class AmendmentRefused(ValidationError):
    """This intention cannot be amended, or not on that day."""


@transaction.atomic
def amend(
    intention: CooperationIntention,
    *,
    amended_on: dt.date | None,
    by: User,
    valid_until: dt.date | None = None,
    intended_amount: Decimal | None = None,
    intended_currency: str = "",
    **texts: str,
) -> Amendment:
    """Record an amendment of a signed intention, with its reason and what changes.

    ``texts`` are ``reason_en``, ``reason_zh_hans``, ``change_en``, ``change_zh_hans``.
    A new term or amount replaces the one in force; the snapshot keeps the one that
    was signed. Raises ``AmendmentRefused`` for a draft, for one whose end is
    recorded, for a day before the signature or the last amendment or in the future,
    for an amount without a currency and for a missing text; ``ValidationError`` for a
    term that ends before the signature.
    """
    # Numbers run without gaps: one amendment at a time for each intention.
    intention.refresh_from_db(
        from_queryset=CooperationIntention.objects.select_for_update(no_key=True)
    )
    refuse_unless_amendable(intention)
    checks.refuse(
        AmendmentRefused,
        {
            "amended_on": _wrong_day(intention, amended_on),
            "intended_amount": checks.wrong_amount(
                intended_amount,
                intended_currency,
                unpaired=_("Enter the new amount together with its currency, or neither."),
            ),
            # The first of the two boxes of each.
            "reason_en": _untold(texts, "reason", _("Enter the reason in at least one language.")),
            "change_en": _untold(
                texts, "change", _("Enter what changed in at least one language.")
            ),
        },
    )
    amendment = Amendment(
        intention=intention,
        number=intention.amendments.count() + 1,
        amended_on=given(amended_on),
        valid_until=valid_until,
        intended_amount=intended_amount,
        intended_currency=intended_currency,
        recorded_by=by,
        **texts,
    )
    amendment.full_clean()
    write_as(amendment, by)
    amendment.save(force_insert=True)
    _put_in_force(amendment, by=by)
    return amendment


def _put_in_force(amendment: Amendment, *, by: User) -> None:
    """Give the intention the amendment's term and amount, where it has them."""
    intention = amendment.intention
    if amendment.valid_until:
        intention.valid_until = amendment.valid_until
    if amendment.intended_amount is not None:
        intention.intended_amount = amendment.intended_amount
        intention.intended_currency = amendment.intended_currency
    if amendment.valid_until or amendment.intended_amount is not None:
        # Without clean(), which refuses to change these in any other way.
        intention.clean_fields()
        intention.validate_constraints()
        write_as(intention, by)
        intention.save()


def refuse_unless_amendable(intention: CooperationIntention) -> None:
    """Raise ``AmendmentRefused`` for a draft, and for what has ended."""
    if not intention.was_signed:
        raise AmendmentRefused(
            _("This is not signed, so there is nothing to amend. Edit the draft instead."),
            code="draft",
        )
    if intention.status in (Status.LAPSED, Status.TERMINATED, Status.VOIDED):
        raise AmendmentRefused(
            _("This intention has ended (%(status)s) and can no longer be amended."),
            code="ended",
            params={"status": intention.get_status_display()},
        )


def _wrong_day(intention: CooperationIntention, day: dt.date | None) -> ValidationError | None:
    wrong = checks.wrong_day(intention, day, unsaid=_("Enter the day of the amendment."))
    last = intention.amendments.aggregate(day=Max("amended_on"))["day"]
    # What the later of two amendments says is in force: they are recorded as they were made.
    if wrong is None and last and given(day) < last:
        return ValidationError(
            _("This day is before the last amendment, of %(day)s."),
            code="before_last",
            params={"day": date_format(last)},
        )
    return wrong


def _untold(texts: dict[str, str], name: str, words: Words) -> ValidationError | None:
    if any(texts.get(each, "").strip() for each in (f"{name}_en", f"{name}_zh_hans")):
        return None
    return ValidationError(words, code="no_language")
