"""Reminders before a call closes, once for each draft and each deadline."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mail import outbox
from submissions.mail_kinds import Kind
from submissions.models import Call, Submission


def remind() -> int:
    """Queue a reminder for drafts with a proven address whose call closes soon; return how many.

    What was saved first within these days gets none. Where the deadline moves, the new one has
    a reminder of its own. Marking and queueing are one transaction: two processes at once
    remind nobody twice.
    """
    now = timezone.now()
    before = dt.timedelta(days=settings.SUBMISSION_REMINDER_DAYS)
    reminded = 0
    for call in Call.objects.open().filter(closes_at__lte=now + before):
        with transaction.atomic():
            # On PostgreSQL the second process waits here, and finds them marked.
            due = list(
                Submission.objects.named()
                .filter(
                    call=call,
                    status__in=Submission.EDITABLE,
                    proven_at__isnull=False,
                    created_at__lt=call.closes_at - before,
                )
                .exclude(status=Submission.Status.WITHDRAWN)
                .exclude(reminded_for=call.closes_at)
                .exclude(email="")
                .locked()
            )
            keys = [row.pk for row in due]
            Submission.objects.filter(pk__in=keys).update(reminded_for=call.closes_at)
            reminded += outbox.queue(Kind.REMINDER.value, due)
    return reminded
