"""What organizers do with an interest: assigned, closed, thrown away, taken up again."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from events.models.scope import readable
from interests.audited import Action
from interests.models import Interest
from summit.lib.database.accounts import staff_with
from summit.lib.database.states import move, refuse_unless_allowed
from summit.lib.i18n.names import staff_name

Status = Interest.Status
# Once somebody has answered it or passed it on, it was none.
MAY_BE_SPAM = (Status.NEW, Status.ASSIGNED)
MAY_SEE = "interests.view_interest"


def step(interest: Interest, to: str, **changes: Any) -> Interest:
    """Move an interest, in the caller's transaction, and count its retention from now."""
    move(interest, to, last_step_at=timezone.now(), **changes)
    return interest


def lock(interest: Interest) -> None:
    """Read it anew, locked to the end of the transaction. Raises ``ValidationError`` if erased."""
    try:
        interest.refresh_from_db(from_queryset=Interest.objects.select_for_update(no_key=True))
    except Interest.DoesNotExist:
        raise ValidationError(
            _("This expression of interest has been erased."), code="erased"
        ) from None


def advance(interest: Interest, to: str) -> None:
    """Move an interest that is locked on to a step, unless it is further; count from now."""
    if Interest.OPEN.index(Status(interest.status)) < Interest.OPEN.index(Status(to)):
        step(interest, to)
    else:
        interest.last_step_at = timezone.now()
        interest.save(update_fields=["last_step_at"])


def who_may_see_interests() -> QuerySet[User]:
    """Everybody to whom one may be assigned, within their limits, by name."""
    return staff_with(MAY_SEE)


def _check_sees(person: User, interest: Interest) -> None:
    may_see = who_may_see_interests().filter(pk=person.pk).exists()
    if may_see and readable(Interest.objects.filter(pk=interest.pk), person).exists():
        return
    raise ValidationError(
        _("%(person)s cannot see this expression of interest. Choose somebody else."),
        code="cannot_see",
        params={"person": staff_name(person)},
    )


@transaction.atomic
def assign(interest: Interest, *, to: User | None) -> Interest:
    """Have somebody look after an interest, or nobody. Raises ``ValidationError``."""
    if to is not None:
        _check_sees(to, interest)
    if interest.status == Status.NEW and to is not None:
        return step(interest, Status.ASSIGNED, assigned_to=to)
    if interest.status == Status.ASSIGNED and to is None:
        return step(interest, Status.NEW, assigned_to=None)
    interest.assigned_to = to
    interest.save(update_fields=["assigned_to"])
    return interest


def close(interest: Interest) -> Interest:
    """Say that nothing is left to do. Raises ``MoveRefused``."""
    return step(interest, Status.CLOSED)


@transaction.atomic
def throw_away(
    interests: Iterable[Interest], *, by: User | None = None, request: HttpRequest | None = None
) -> int:
    """Mark interests as spam that nobody has taken further; return how many.

    They are counted no more, and erased after ``settings.SPAM_KEEP_DAYS``.
    """
    thrown = Interest.objects.filter(
        pk__in=[interest.pk for interest in interests], status__in=MAY_BE_SPAM
    ).update(status=Status.SPAM, last_step_at=timezone.now())
    if thrown:
        trail.record(Action.INTERESTS_SPAM, by=by, request=request, interests=thrown)
    return thrown


def throw_away_one(interest: Interest, *, by: User, request: HttpRequest) -> Interest:
    """Mark one as spam. Raises ``MoveRefused``."""
    refuse_unless_allowed(interest, Status.SPAM)
    throw_away([interest], by=by, request=request)
    interest.refresh_from_db()
    return interest


def reopen(interest: Interest) -> Interest:
    """Take up again what was closed or thrown away, where it stood. Raises ``MoveRefused``."""
    if interest.intention_id:
        return step(interest, Status.DRAFTED)
    if interest.meeting_requested_at:
        return step(interest, Status.MEETING)
    if interest.hand_overs.exists():
        return step(interest, Status.PASSED_ON)
    if interest.answers.exists():
        return step(interest, Status.ANSWERED)
    return step(interest, Status.ASSIGNED if interest.assigned_to_id else Status.NEW)
