"""Voiding a signing that was made by mistake: by a second organizer, within a day."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from projects.audited import Action
from projects.domain import checks
from projects.models import CooperationIntention
from summit.lib.database.states import move, refuse_unless_allowed
from summit.lib.i18n.clock import moment_in_words

Status = CooperationIntention.Status


class VoidRefused(ValidationError):
    """This signing cannot be voided, or not by this person."""


@transaction.atomic
def void(
    intention: CooperationIntention,
    *,
    reason: str,
    by: User,
    request: HttpRequest | None = None,
) -> CooperationIntention:
    """Say of a signing that it was a mistake; it stays on record and counts nowhere.

    Its reference is not given again, what was signed is kept for staff, and the public
    register says that it is void and names nobody. The audit trail says who did it. Raises
    ``VoidRefused`` more than a day after the signature, for who signed it, without a reason,
    and once a follow-up has been recorded; ``MoveRefused`` for what is not signed, or no longer.
    """
    # Who records a follow-up locks the intention as well: one of the two is refused.
    intention.refresh_from_db(
        from_queryset=CooperationIntention.objects.select_for_update(no_key=True, of=("self",))
    )
    refuse_to_void(intention)
    if intention.signed_by_id == by.pk:
        raise VoidRefused(
            _("You recorded this signing yourself. Ask another organizer to void it."), code="own"
        )
    if intention.follow_ups.done().exists():
        raise VoidRefused(
            _(
                "A follow-up has been recorded, so this signing was not recorded by mistake. "
                "Terminate it instead, with the reason."
            ),
            code="followed_up",
        )
    no_reason = ValidationError(_("Enter what the mistake was."), code="no_reason")
    checks.refuse(VoidRefused, {"reason": None if reason.strip() else no_reason})
    move(
        intention,
        Status.VOIDED,
        by=by,
        closed_on=intention.event.today,
        closing_reason=reason.strip(),
        voided_at=timezone.now(),
        voided_by=by,
    )
    trail.record(
        Action.SIGNING_VOIDED, by=by, request=request, subject=f"intention · {intention.reference}"
    )
    return intention


def refuse_to_void(intention: CooperationIntention) -> None:
    """Raise what ``void`` raises of anybody, of the row as it was read."""
    refuse_unless_allowed(intention, Status.VOIDED)
    if intention.is_recently_signed:
        return
    if intention.signed_at is None:
        raise VoidRefused(
            _("This was signed more than a day ago. Terminate it instead, with the reason."),
            code="late",
        )
    raise VoidRefused(
        _(
            "A signing can be voided for a day, and this was signed on %(moment)s. Terminate it "
            "instead, with the reason."
        ),
        code="late",
        params={"moment": moment_in_words(intention.signed_at, intention.event.zone)},
    )
