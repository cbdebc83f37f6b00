"""What is to be done after meetings: the next step of each outcome, until somebody did it."""

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.domain.placing import lock_schedule
from meetings.models import Meeting, MeetingOutcome

# How many days ahead a next step is due soon, as with follow-ups.
SOON = 30


def is_open(path: str = "") -> Q:
    """Select outcomes with a next step that nobody did; ``path`` leads to the outcome."""
    return ~Q(**{f"{path}next_step": ""}) & Q(
        **{f"{path}done_on": None, f"{path}pk__isnull": False}
    )


def is_overdue(today: dt.date, path: str = "") -> Q:
    return is_open(path) & Q(**{f"{path}due_on__lt": today})


def is_due_soon(today: dt.date, path: str = "") -> Q:
    """Select those that are due from today on within a month, not those that are overdue."""
    last = today + dt.timedelta(days=SOON)
    return is_open(path) & Q(**{f"{path}due_on__gte": today, f"{path}due_on__lte": last})


def check_may_be_done(meeting: Meeting) -> None:
    """Raise ``ValidationError`` where there is no next step, or it is done. One query."""
    outcome = MeetingOutcome.objects.filter(meeting=meeting).first()
    if outcome is None or not outcome.next_step:
        raise ValidationError(_("No next step was agreed on. Record one first."), code="no_step")
    if outcome.done_on is not None:
        raise ValidationError(_("The next step is done already."), code="done")


@transaction.atomic
def mark_done(meeting: Meeting, *, done_on: dt.date, by: User) -> MeetingOutcome:
    """Note on which day the next step of a meeting was done. Raises ``ValidationError``."""
    lock_schedule(meeting.event)
    check_may_be_done(meeting)
    if done_on > meeting.event.today:
        words = _("This day is still to come. Enter the day on which it was done.")
        raise ValidationError({"done_on": ValidationError(words, code="ahead")})
    outcome = MeetingOutcome.objects.get(meeting=meeting)
    outcome.done_on, outcome.recorded_by = done_on, by
    outcome.version += 1
    outcome.full_clean()
    outcome.save()
    return outcome
