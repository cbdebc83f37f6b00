"""What a meeting ended with, as it is recorded at its table or later."""

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.domain.day import DayRefused, Status, end, lock_meeting
from meetings.models import Meeting, MeetingOutcome


class OutcomeChanged(ValidationError):
    """Somebody else has recorded another outcome since the page was opened."""


@transaction.atomic
def record(
    meeting: Meeting,
    *,
    kind: str,
    note: str = "",
    next_step: str = "",
    next_step_by: str = "",
    due_on: dt.date | None = None,
    by: User | None,
    version: int,
) -> MeetingOutcome:
    """Record the outcome of a meeting, or change it; a meeting without taps was held with that.

    ``version`` is that of the outcome that was on the page, 0 where there was none. What is
    recorded already in the same words is returned, so that a tap can be sent again. Raises
    ``OutcomeChanged`` where somebody else recorded something else in the meantime, and
    ``DayRefused`` for a meeting that was called off or to which somebody did not come.
    """
    meeting = lock_meeting(meeting)
    if meeting.status == Status.CANCELLED:
        raise DayRefused(_("This meeting was called off."), code="over")
    if meeting.status == Status.NO_SHOW:
        raise DayRefused(
            _("Somebody was marked as not come. Take that back first."), code="not_come"
        )
    told: dict[str, object] = {
        "kind": kind,
        "note": note,
        "next_step": next_step,
        "next_step_by": next_step_by,
        "due_on": due_on,
    }
    outcome = MeetingOutcome.objects.filter(meeting=meeting).first()
    if outcome is None:
        outcome = MeetingOutcome(meeting=meeting, version=0)
    elif all(getattr(outcome, name) == value for name, value in told.items()):
        return outcome
    if outcome.version != version:
        raise OutcomeChanged(
            _(
                "Somebody else recorded “%(kind)s” in the meantime. What you typed is still on "
                "this page: save again to keep it in place of that."
            ),
            code="changed_meanwhile",
            params={"kind": outcome.get_kind_display()},
        )
    for name, value in told.items():
        setattr(outcome, name, value)
    outcome.recorded_at, outcome.recorded_by = timezone.now(), by
    outcome.version += 1
    outcome.full_clean()
    outcome.save()
    if meeting.status != Status.HELD:
        end(meeting)
    return outcome
