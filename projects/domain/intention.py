"""What becomes of what was signed: a contract, or its end. Each a compare-and-swap."""

import datetime as dt
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from projects.domain import checks
from projects.models import CooperationIntention
from summit.lib.database.states import move, refuse_unless_allowed

Status = CooperationIntention.Status
UNSAID = _("Enter the day.")


class ClosingRefused(ValidationError):
    """What the end of an intention needs is not there."""


@transaction.atomic
def convert(
    intention: CooperationIntention,
    *,
    kind: str,
    contracted_on: dt.date | None,
    number: str = "",
    amount: Decimal | None = None,
    currency: str = "",
    by: User,
) -> CooperationIntention:
    """Record the contract that followed a signed intention.

    Raises ``ClosingRefused`` for a kind that is unknown, a day in the future or
    before the signature, and an amount without a currency; ``ValidationError`` for a
    number or an amount that is too long; ``MoveRefused`` for what is not signed, or no
    longer.
    """
    _lock(intention)
    refuse_unless_allowed(intention, Status.CONVERTED)
    checks.refuse(
        ClosingRefused,
        {
            "kind": _unknown_kind(kind),
            "amount": checks.wrong_amount(
                amount,
                currency,
                unpaired=_("Enter the contracted amount together with its currency, or neither."),
            ),
            "contracted_on": checks.wrong_day(intention, contracted_on, unsaid=UNSAID),
        },
    )
    contract = {
        "contract_kind": kind,
        "contract_number": number.strip(),
        "contracted_amount": amount,
        "contracted_currency": currency,
    }
    for name, value in contract.items():
        setattr(intention, name, value)
    intention.clean_fields(
        exclude={field.name for field in intention._meta.fields} - contract.keys()
    )
    move(intention, Status.CONVERTED, by=by, closed_on=contracted_on, **contract)
    return intention


@transaction.atomic
def lapse(intention: CooperationIntention, *, by: User | None) -> CooperationIntention:
    """Record that the term of a signed intention ended without a contract.

    Raises ``ClosingRefused`` where it has no term, or one that has not ended yet,
    and ``MoveRefused`` for what is not signed, or no longer.
    """
    _lock(intention)
    refuse_to_lapse(intention)
    move(intention, Status.LAPSED, by=by, closed_on=intention.valid_until)
    return intention


def refuse_to_lapse(intention: CooperationIntention) -> None:
    """Raise what ``lapse`` raises, of the row as it was read."""
    refuse_unless_allowed(intention, Status.LAPSED)
    term = intention.valid_until
    if term is None:
        raise ClosingRefused(
            _("It has no term that could end. Terminate it, with the reason."), code="no_term"
        )
    if term >= intention.event.today:
        raise ClosingRefused(
            _("Its term ends on %(day)s. Until then, terminate it, with the reason."),
            code="still_valid",
            params={"day": date_format(term)},
        )


@transaction.atomic
def terminate(
    intention: CooperationIntention,
    *,
    reason: str,
    terminated_on: dt.date | None,
    by: User,
) -> CooperationIntention:
    """Record that the parties gave a signed intention up, and why. Refuses as ``convert`` does."""
    _lock(intention)
    refuse_unless_allowed(intention, Status.TERMINATED)
    no_reason = ValidationError(_("Enter the reason for the termination."), code="no_reason")
    checks.refuse(
        ClosingRefused,
        {
            "terminated_on": checks.wrong_day(intention, terminated_on, unsaid=UNSAID),
            "reason": None if reason.strip() else no_reason,
        },
    )
    move(
        intention,
        Status.TERMINATED,
        by=by,
        closed_on=terminated_on,
        closing_reason=reason.strip(),
    )
    return intention


@transaction.atomic
def abandon(intention: CooperationIntention, *, reason: str = "", by: User) -> CooperationIntention:
    """Put a draft aside that will not be signed; it stays on record and counts nowhere."""
    _lock(intention)
    move(
        intention,
        Status.ABANDONED,
        by=by,
        closed_on=intention.event.today,
        closing_reason=reason.strip(),
    )
    return intention


def _lock(intention: CooperationIntention) -> None:
    """Read the row anew and keep it: saving what somebody looked at would undo what came since."""
    intention.refresh_from_db(
        from_queryset=CooperationIntention.objects.select_for_update(no_key=True)
    )


def _unknown_kind(kind: str) -> ValidationError | None:
    if kind in CooperationIntention.ContractKind.values:
        return None
    return ValidationError(_("Choose which kind of contract followed."), code="no_kind")
