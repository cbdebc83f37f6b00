"""Looking again at what was signed: planned at the signature, recorded when done."""

import datetime as dt
from collections.abc import Iterable

from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import SiteProfile
from projects.models import CooperationIntention, FollowUp


class FollowUpRefused(ValidationError):
    """This follow-up cannot be recorded or planned so."""


def plan(
    intentions: Iterable[CooperationIntention], *, assigned_to: AbstractBaseUser | None
) -> list[FollowUp]:
    """Plan the follow-ups of signed intentions at the intervals of the site profile.

    A month that is shorter than the day of signing ends it earlier: a year after
    29 February is 28 February. Two queries for each 200 intentions, one for the profile.
    """
    months = SiteProfile.load().follow_up_intervals
    rows = [
        FollowUp(
            intention=intention,
            due_on=intention.signed_on + relativedelta(months=number),
            assigned_to=assigned_to,
        )
        for intention in intentions
        for number in months
    ]
    FollowUp.objects.bulk_create(rows, batch_size=500)
    FollowUp.history.bulk_history_create(rows, batch_size=500, default_user=assigned_to)
    return rows


@transaction.atomic
def add(
    intention: CooperationIntention,
    *,
    due_on: dt.date | None,
    assigned_to: AbstractBaseUser | None,
    by: AbstractBaseUser | None = None,
) -> FollowUp:
    """Plan one more look. Raises ``FollowUpRefused`` for what is not, or no longer, signed."""
    if intention.status not in CooperationIntention.ALIVE:
        raise FollowUpRefused(
            _("Only what is signed and has not ended is followed up."), code="not_alive"
        )
    if due_on is None:
        raise FollowUpRefused(_("Say on which day it is due."), code="no_date")
    if due_on < intention.signed_on:
        raise FollowUpRefused(_("This day is before the signature."), code="before_signature")
    made = FollowUp(intention=intention, due_on=due_on, assigned_to=assigned_to)
    made._history_user = by
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def record(
    follow_up: FollowUp,
    *,
    outcome: str,
    done_on: dt.date | None,
    by: AbstractBaseUser,
    note: str = "",
    next_step: str = "",
    next_due_on: dt.date | None = None,
) -> FollowUp:
    """Record what a follow-up found and, with ``next_due_on``, plan the next one.

    The next goes to the same person. Raises ``FollowUpRefused`` where somebody has
    recorded it already, for a day in the future or before the signature, and for a
    next one that is not later.
    """
    follow_up.refresh_from_db(
        from_queryset=FollowUp.objects.select_for_update(no_key=True, of=("self",)).select_related(
            "intention__event"
        )
    )
    intention = follow_up.intention
    if follow_up.is_done:
        raise FollowUpRefused(
            _("Somebody has recorded this follow-up already. Reload the page."), code="done"
        )
    missing = []
    if outcome not in FollowUp.Outcome.values:
        missing.append(ValidationError(_("Say what the follow-up found."), code="no_outcome"))
    if done_on is None:
        missing.append(ValidationError(_("Say on which day it was done."), code="no_date"))
    elif done_on > timezone.localdate(timezone=intention.event.zone):
        missing.append(ValidationError(_("This day is in the future."), code="future"))
    elif done_on < intention.signed_on:
        missing.append(
            ValidationError(_("This day is before the signature."), code="before_signature")
        )
    elif next_due_on is not None and next_due_on <= done_on:
        missing.append(
            ValidationError(_("The next follow-up must be later than this one."), code="not_later")
        )
    if missing:
        raise FollowUpRefused(missing)
    follow_up.outcome, follow_up.done_on, follow_up.done_by = outcome, done_on, by
    follow_up.note, follow_up.next_step = note.strip(), next_step.strip()
    follow_up._history_user = by
    follow_up.full_clean()
    follow_up.save()
    if next_due_on is not None:
        add(intention, due_on=next_due_on, assigned_to=follow_up.assigned_to, by=by)
    return follow_up


@transaction.atomic
def assign(
    follow_ups: Iterable[FollowUp], *, to: AbstractBaseUser | None, by: AbstractBaseUser
) -> int:
    """Give follow-ups that are still to be done to somebody; return how many."""
    rows = list(
        FollowUp.objects.select_for_update(no_key=True, of=("self",)).filter(
            pk__in=[row.pk for row in follow_ups], done_on=None
        )
    )
    for row in rows:
        row.assigned_to = to
    FollowUp.objects.bulk_update(rows, ["assigned_to"], batch_size=500)
    FollowUp.history.bulk_history_create(rows, batch_size=500, update=True, default_user=by)
    return len(rows)
