"""Requests for a meeting: asked, answered, withdrawn and taken up again.

Everything here holds the lock of the event's schedule, so that of two who press at once the second
one sees what the first one did.
"""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.domain import agreed
from meetings.domain.participation import (
    lock_participant,
    tell,
)
from meetings.domain.placing import lock_schedule
from meetings.domain.who_may_meet import (
    are_apart,
    may_meet,
    others_for,
    settings_of,
    would_rather_not,
)
from meetings.mail_kinds import Kind
from meetings.models import (
    Meeting,
    MeetingRequest,
    MeetingSettings,
    Participant,
    Priority,
)
from projects.models import Project
from summit.lib.database.states import MoveRefused, move

Status = MeetingRequest.Status
# Who asks, withdraws and asks again sends a mail each time.
MOST_OF_A_PAIR = 3
MOST_OF_A_DAY = 30


@transaction.atomic
def ask(
    asker: Participant,
    asked: Participant,
    *,
    reason: str,
    projects: Iterable[Project] = (),
    by: User | None = None,
    priority: int = Priority.NORMAL,
) -> MeetingRequest:
    """Ask somebody for a meeting. Where that one has asked already, it accepts what was asked.

    A participant asks until the event's requests end, and has so many open ones at most; an
    organizer (``by``) asks for somebody without these limits. Whether the other side would rather
    not meet the asker changes nothing. Raises ``ValidationError``.
    """
    asker, asked = lock_participant(asker), lock_participant(asked)
    settings = settings_of(asker.event)
    _refuse_unless_both_take_part(asker, asked)
    if by is None:
        _refuse_unless_may_ask(settings, asker, asked, reason)
    elif asker.pk == asked.pk or asker.event_id != asked.event_id:
        raise ValidationError(
            _("Choose somebody else: a meeting is of two people."), code="not_two"
        )
    elif are_apart(asker, asked):
        raise ValidationError(
            _("These two are kept apart. Delete that first if they shall meet."), code="apart"
        )
    if agreed.have_meeting(asker, asked):
        raise ValidationError(_("A meeting of the two is agreed already."), code="agreed")
    returned = MeetingRequest.objects.open().filter(asker=asked, asked=asker).first()
    if returned is not None:
        return accept(returned, by=by)
    request = MeetingRequest(
        event=asker.event,
        asker=asker,
        asked=asked,
        reason=reason,
        priority=priority if by is not None else Priority.NORMAL,
        expires_at=_expires_at(settings),
        entered_by=by,
    )
    request.full_clean(exclude=["event", "entered_by"])
    request.save()
    request.projects.set(projects)
    if is_answered_by_participants(settings) and not would_rather_not(asked, asker):
        tell(Kind.REQUESTED, asked, request=request.pk)
    return request


@transaction.atomic
def accept(request: MeetingRequest, *, by: User | None = None) -> MeetingRequest:
    """Agree to a meeting, whose people are who asked and who was asked. Twice is harmless.

    An organizer (``by``) may accept what was declined or has expired too. Raises
    ``ValidationError``, and ``MoveRefused`` for what was withdrawn or answered otherwise.
    """
    stored = _lock(request)
    if stored.status == Status.ACCEPTED:
        return stored
    _refuse_unless_both_take_part(stored.asker, stored.asked)
    if by is None:
        _refuse_unless_may_answer(stored)
    if are_apart(stored.asker, stored.asked) or not stored.event.is_on:
        raise ValidationError(_("This meeting cannot be arranged."), code="apart")
    if agreed.have_meeting(stored.asker, stored.asked):
        raise ValidationError(_("A meeting of the two is agreed already."), code="agreed")
    was_asked_by_them = stored.entered_by_id is None
    move(stored, Status.ACCEPTED, answered_at=timezone.now(), answered_by=by)
    agreed.make(stored)
    tell_answer(stored)
    if by is not None or not was_asked_by_them:
        tell(Kind.ARRANGED, stored.asked, request=stored.pk)
    return stored


@transaction.atomic
def decline(request: MeetingRequest, *, by: User | None = None) -> MeetingRequest:
    """Decline a request, or call off the meeting that was agreed from it. Twice is harmless.

    The same person cannot ask again at this event. Raises ``MoveRefused``.
    """
    stored = _lock(request)
    if stored.status == Status.DECLINED:
        return stored
    if by is None and stored.status == Status.OPEN:
        _refuse_unless_may_answer(stored)
    _refuse_begun(stored, by)
    close_declined(stored, by)
    return stored


@transaction.atomic
def withdraw(request: MeetingRequest, *, by: User | None = None) -> MeetingRequest:
    """Take a request back, or call off the meeting that was agreed from it. Twice is harmless.

    Raises ``MoveRefused`` for one that was declined or has expired.
    """
    stored = _lock(request)
    if stored.status != Status.WITHDRAWN:
        _refuse_begun(stored, by)
        close_withdrawn(stored, by)
    return stored


@transaction.atomic
def take_up_again(request: MeetingRequest, *, by: User) -> MeetingRequest:
    """Open what has expired or was withdrawn once more, with the time to answer from now on."""
    stored = _lock(request)
    _refuse_unless_both_take_part(stored.asker, stored.asked)
    settings = settings_of(stored.event)
    move(
        stored,
        Status.OPEN,
        expires_at=_expires_at(settings),
        reminded_at=None,
        answered_at=None,
        answered_by=None,
        entered_by=by,
    )
    if is_answered_by_participants(settings) and not would_rather_not(stored.asked, stored.asker):
        tell(Kind.REQUESTED, stored.asked, request=stored.pk)
    return stored


@transaction.atomic
def set_priority(request: MeetingRequest, priority: int, *, by: User) -> MeetingRequest:
    """Say how important a request is, and the meeting that came of it."""
    stored = _lock(request)
    stored.priority = priority
    stored.clean_fields(exclude=[f.name for f in stored._meta.fields if f.name != "priority"])
    stored.save(update_fields=["priority"])
    meeting = Meeting.objects.filter(request=stored).first()
    if meeting is not None:
        meeting.priority, meeting.version = priority, meeting.version + 1
        meeting.save(update_fields=["priority", "version"])
    return stored


def is_answered_by_participants(settings: MeetingSettings) -> bool:
    return settings.answer == MeetingSettings.Answer.OTHER_SIDE


def _refuse_unless_both_take_part(asker: Participant, asked: Participant) -> None:
    if any(each.status != Participant.Status.ADMITTED for each in (asker, asked)):
        raise ValidationError(
            _("One of the two does not take part in the meetings, or no longer."),
            code="not_admitted",
        )


def _refuse_unless_may_ask(
    settings: MeetingSettings, asker: Participant, asked: Participant, reason: str
) -> None:
    if not settings.takes_requests:
        raise ValidationError(
            _("The time for requests is over. Turn to the desk of the meetings."), code="over"
        )
    if not reason.strip():
        raise ValidationError({"reason": _("Say in a sentence why you would like to meet.")})
    is_seen = may_meet(settings, asker, asked) and others_for(asker).filter(pk=asked.pk).exists()
    if not is_seen:
        raise ValidationError(_("This person cannot be asked for a meeting."), code="not_met")
    if would_rather_not(asker, asked):
        raise ValidationError(
            _("You said that you would rather not meet this person. Take that back first."),
            code="rather_not",
        )
    made = MeetingRequest.objects.filter(asker=asker)
    of_pair = made.filter(asked=asked)
    if of_pair.filter(status=Status.DECLINED).exists():
        raise ValidationError(
            _("This person has declined. You cannot ask again at this event."), code="declined"
        )
    day_ago = timezone.now() - dt.timedelta(days=1)
    if (
        of_pair.count() >= MOST_OF_A_PAIR
        or made.filter(asked_at__gt=day_ago).count() >= MOST_OF_A_DAY
    ):
        raise ValidationError(
            _("You have asked too often. Ask the organizers, who can arrange a meeting."),
            code="too_often",
        )
    if made.open().count() >= settings.most_open:
        raise ValidationError(
            _(
                "You have %(most)d open requests, which is the most that one can have. Wait for an "
                "answer, or withdraw one."
            ),
            code="too_many",
            params={"most": settings.most_open},
        )


def _refuse_unless_may_answer(request: MeetingRequest) -> None:
    if not is_answered_by_participants(settings_of(request.event)):
        raise ValidationError(_("The organizers answer requests at this event."), code="organizer")
    if request.status == Status.OPEN and request.expires_at <= timezone.now():
        raise MoveRefused(_("This request has expired."), code="expired")
    if request.status != Status.OPEN:
        raise MoveRefused(_("This request is no longer open."), code="not_open")


def _refuse_begun(request: MeetingRequest, by: User | None) -> None:
    """Raise ``MoveRefused`` where a participant would call a meeting off that has begun."""
    meeting = Meeting.objects.filter(request=request).first()
    is_agreed = by is None and request.status == Status.ACCEPTED
    if is_agreed and meeting is not None and agreed.has_begun(meeting):
        raise MoveRefused(
            _("This meeting has begun or is over. Turn to the desk of the meetings."), code="begun"
        )


def close_declined(request: MeetingRequest, by: User | None) -> None:
    was = request.status
    move(request, Status.DECLINED, answered_at=timezone.now(), answered_by=by)
    if was == Status.ACCEPTED:
        agreed.call_off_of(request, by=by, actor=None if by else request.asked)
    else:
        tell_answer(request)


def tell_answer(request: MeetingRequest) -> None:
    """Queue the mail that tells who asked what became of the request."""
    tell(Kind.ANSWERED, request.asker, request=request.pk, status=str(request.status))


def close_withdrawn(request: MeetingRequest, by: User | None) -> None:
    was = request.status
    move(request, Status.WITHDRAWN, answered_at=timezone.now(), answered_by=by)
    if was == Status.ACCEPTED:
        agreed.call_off_of(request, by=by, actor=None if by else request.asker)


def _expires_at(settings: MeetingSettings) -> dt.datetime:
    """Return when a request of now expires: never after the event starts, or ends, once it has.

    What the organizers answer waits for them until then.
    """
    now, event = timezone.now(), settings.event
    last = event.starts_at if now < event.starts_at else event.ends_at
    if not is_answered_by_participants(settings):
        return last
    return min(now + dt.timedelta(days=settings.answer_days), last)


def _lock(request: MeetingRequest) -> MeetingRequest:
    lock_schedule(request.event)
    rows = MeetingRequest.objects.select_for_update(no_key=True, of=("self",)).with_people()
    return rows.select_related(
        *("event__meeting_settings", "asker__registration", "asked__registration")
    ).get(pk=request.pk)
