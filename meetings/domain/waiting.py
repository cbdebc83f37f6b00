"""Requests that wait for an answer: who is reminded of them, and when they expire."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from meetings.domain.participation import tell
from meetings.domain.request import tell_answer
from meetings.mail_kinds import Kind
from meetings.models import (
    MeetingRequest,
    MeetingRequestQuerySet,
    MeetingSettings,
    Participant,
    RatherNot,
)

# Who was asked only just now needs no reminder.
_RECENT = dt.timedelta(hours=6)
_LAST = dt.timedelta(days=1)


def received(requests: MeetingRequestQuerySet) -> MeetingRequestQuerySet:
    """Leave out requests of people whom the one asked would rather not meet.

    They stay open until they expire, so that who asked sees what one sees who gets no answer.
    """
    said = RatherNot.objects.filter(participant=OuterRef("asked"), other=OuterRef("asker"))
    return requests.filter(~Exists(said))


def expire() -> int:
    """Let every request expire that nobody answered in time, and tell who asked; return how many.

    Safe to run twice at once: of two rounds one moves each row.
    """
    done = 0
    now = timezone.now()
    due = MeetingRequest.objects.open().filter(expires_at__lte=now)
    for request in due.order_by("pk").with_people():
        with transaction.atomic():
            ended = MeetingRequest.objects.open().filter(pk=request.pk, expires_at__lte=now)
            if ended.update(status=MeetingRequest.Status.EXPIRED, answered_at=now):
                request.status = MeetingRequest.Status.EXPIRED
                tell_answer(request)
                done += 1
    return done


def remind() -> int:
    """Remind of each open request once, half way or a day before it expires at the latest.

    Nobody is reminded of who they would rather not meet. Returns how many were reminded of.
    """
    done = 0
    now = timezone.now()
    open_ = MeetingRequest.objects.open().filter(
        reminded_at=None,
        expires_at__gt=now,
        asked_at__lte=now - _RECENT,
        asked__status=Participant.Status.ADMITTED,
        event__meeting_settings__answer=MeetingSettings.Answer.OTHER_SIDE,
    )
    for request in received(open_).order_by("pk").with_people():
        if now < _remind_at(request):
            continue
        with transaction.atomic():
            due = MeetingRequest.objects.open().filter(pk=request.pk, reminded_at=None)
            if due.update(reminded_at=now):
                tell(Kind.REMINDER, request.asked, request=request.pk)
                done += 1
    return done


def _remind_at(request: MeetingRequest) -> dt.datetime:
    half = request.asked_at + (request.expires_at - request.asked_at) / 2
    return max(request.asked_at + _RECENT, min(half, request.expires_at - _LAST))
