"""The weekly mail about follow-ups: to whom it goes, once a week. Its text: projects/emails.py."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from mail import outbox
from projects.mail_kinds import Kind
from projects.models import FollowUp, FollowUpDigest
from projects.models.follow_up import who_may_see_follow_ups

MONDAY_MORNING = dt.time(7)
# How far the mail looks ahead.
AHEAD = dt.timedelta(days=14)


def queue_due() -> int:
    """Queue the mail of this week for everybody who has something to do; return how many.

    From Monday 07:00 of ``TIME_ZONE`` on, whenever it runs in that week: who is
    assigned the first follow-up on a Thursday hears of it then. Two queries where
    nothing is due.
    """
    now = timezone.localtime()
    monday = now.date() - dt.timedelta(days=now.weekday())
    if now.date() == monday and now.time() < MONDAY_MORNING:
        return 0
    # Counted from Monday, so that the days of a week bring no mail that Monday did not.
    due = FollowUp.objects.due().within_limits().filter(due_on__lte=monday + AHEAD)
    told = FollowUpDigest.objects.filter(week_starts_on=monday)
    users = (
        who_may_see_follow_ups()
        .exclude(email="")
        .filter(pk__in=due.order_by().values("assigned_to"))
        .exclude(pk__in=told.values("user"))
    )
    return sum(_queue(user, monday) for user in users)


@transaction.atomic
def _queue(user: User, monday: dt.date) -> int:
    """Queue it once: with the row that says so, or neither of the two."""
    _row, made = FollowUpDigest.objects.get_or_create(user=user, week_starts_on=monday)
    return outbox.queue_for_staff(Kind.FOLLOW_UPS, [user]) if made else 0
