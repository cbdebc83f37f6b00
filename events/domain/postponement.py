"""An event that takes place later, on a new date or one still to come, or after all."""

import datetime as dt
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.domain import programme
from events.domain.move import move_programme
from events.models import Event
from summit.lib.database.history import write_as
from summit.lib.database.states import MoveRefused, move, refuse_unless_allowed
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.times import shift


class DateRefused(ValidationError):
    """The event cannot take place on this new date, or needs one."""


class Reason(NamedTuple):
    """Why an event was postponed or cancelled, and whether its page says so."""

    english: str = ""
    chinese: str = ""
    is_shown: bool = False

    def columns(self) -> dict[str, str | bool]:
        """Return what an event keeps of it. Raises ``ValidationError`` for nothing to show."""
        english, chinese = self.english.strip(), self.chinese.strip()
        if self.is_shown and not (english or chinese):
            refusal = ValidationError(
                _("Enter the reason to show on the page, or untick the box."),
                code="no_reason",
            )
            raise ValidationError({"is_shown": refusal})
        return {
            "status_reason_en": english,
            "status_reason_zh_hans": chinese,
            "shows_status_reason": self.is_shown,
        }


NO_REASON = Reason()


@transaction.atomic
def postpone(
    event: Event,
    *,
    to: dt.datetime | None = None,
    with_programme: bool = True,
    reason: Reason = NO_REASON,
    by: User | None = None,
) -> Event:
    """Say that the event takes place later: from ``to`` on, or on a day still to be announced.

    Without a new date it keeps its times, at which nothing takes place any more, until one is
    set by postponing it once more. With one its end moves along and, ``with_programme``, all
    its sessions. What ``previous_starts_at`` tells is the start that was announced last.

    Raises ``DateRefused`` for a date in the past or not later than the one announced,
    ``MoveRefused`` for what is over, or neither published nor postponed, and what the
    programme is refused for; then nothing has changed.
    """
    event = _locked(event)
    if event.is_over:
        raise MoveRefused(_("This event is over, so it cannot be postponed."), code="over")
    if to is None:
        if event.is_postponed:
            again = _("The event is postponed already. Enter its new date.")
            raise DateRefused({"to": ValidationError(again, code="no_date")})
        changes = {"postponed_at": timezone.now(), "previous_starts_at": event.starts_at}
        move(event, Event.Status.POSTPONED, by=by, **changes, **reason.columns())
        return event
    if event.status not in (Event.Status.PUBLISHED, Event.Status.POSTPONED):
        refuse_unless_allowed(event, Event.Status.POSTPONED)
    _check_to_come(to)
    if not event.is_postponed:
        _check_later(event, to)
        event.previous_starts_at = event.starts_at
    return _take_place(event, to, with_programme=with_programme, reason=reason, by=by)


@transaction.atomic
def take_up(
    event: Event,
    *,
    to: dt.datetime | None = None,
    with_programme: bool = True,
    by: User | None = None,
) -> Event:
    """Hold a cancelled event after all: on its date, or from ``to`` on as ``postpone`` has it.

    Raises ``DateRefused`` where the date is past, or none was known when it was cancelled, and
    no other is given; ``MoveRefused`` for what is not cancelled; and what the programme is
    refused for.
    """
    event = _locked(event)
    if not event.is_cancelled:
        raise MoveRefused(
            _("This is “%(now)s”. Only a cancelled event can be reinstated."),
            code="not_allowed",
            params={"now": event.get_status_display()},
        )
    if to is None:
        _check_date_stands(event)
        to = event.starts_at
    else:
        _check_to_come(to)
    if to != event.starts_at:
        event.previous_starts_at = event.starts_at
    return _take_place(event, to, with_programme=with_programme, reason=NO_REASON, by=by)


@transaction.atomic
def change_reason(event: Event, *, reason: Reason, by: User | None = None) -> Event:
    """Word anew why an event was postponed or cancelled. Raises ``MoveRefused`` for others."""
    event = _locked(event)
    if event.is_on and not event.is_rescheduled:
        raise MoveRefused(
            _("Only an event that was postponed or cancelled has a reason."), code="not_allowed"
        )
    return _save(event, reason.columns(), by)


def _locked(event: Event) -> Event:
    """Read the event anew, so that its programme and its row stay as they are found."""
    programme.lock()
    event.refresh_from_db(from_queryset=Event.objects.select_for_update(no_key=True, of=("self",)))
    return event


def _check_to_come(to: dt.datetime) -> None:
    if to <= timezone.now():
        past = _("This date is in the past. Enter a date in the future.")
        raise DateRefused({"to": ValidationError(past, code="past")})


def _check_later(event: Event, to: dt.datetime) -> None:
    if to <= event.starts_at:
        raise DateRefused(
            {
                "to": ValidationError(
                    _(
                        "The new date is not later than the current one, %(start)s. To hold "
                        "the event earlier, change its start instead."
                    ),
                    code="not_later",
                    params={"start": moment_in_words(event.starts_at, event.zone)},
                )
            }
        )


def _check_date_stands(event: Event) -> None:
    had_no_date = event.postponed_at and event.previous_starts_at == event.starts_at
    if had_no_date or event.ends_at <= timezone.now():
        told = (
            _("The event was postponed before without a new date. Enter the new date.")
            if had_no_date
            else _("The date of this event has passed. Enter a new date.")
        )
        raise DateRefused({"to": ValidationError(told, code="no_date")})


def _take_place(
    event: Event,
    to: dt.datetime,
    *,
    with_programme: bool,
    reason: Reason,
    by: User | None,
) -> Event:
    """Publish a locked event from ``to`` on, its end and perhaps its sessions moved along."""
    previous = {"previous_starts_at": event.previous_starts_at}
    later = _on_clock(event, to) - _on_clock(event, event.starts_at)
    if with_programme and later:
        move_programme(event, by=later, user=by)
        event.refresh_from_db()
    else:
        event.starts_at, event.ends_at = to, shift(event.ends_at, later, event.zone)
        programme.check(event, programme.slots(event))
    changes = previous | reason.columns() | {"starts_at": event.starts_at, "ends_at": event.ends_at}
    if event.is_on:
        return _save(event, changes, by)
    move(event, Event.Status.PUBLISHED, by=by, cancelled_at=None, **changes)
    return event


def _on_clock(event: Event, moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment, event.zone).replace(tzinfo=None)


def _save(event: Event, changes: dict[str, Any], by: User | None) -> Event:
    """Save changes of a published event, which moves no state."""
    for name, value in changes.items():
        setattr(event, name, value)
    if by is not None:
        write_as(event, by)
    event.save(update_fields=list(changes))
    return event
