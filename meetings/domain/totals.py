"""How many meetings an event had that was not held with this site: totals with their source."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.models import MeetingTotals
from summit.lib.database.history import write_as

UNPUBLISHED = _("Totals of meetings can be entered for published events only. Publish it first.")
AHEAD = _("This event has not begun, so no meeting has been held yet.")
OUTCOMES = ("intention", "first_contact", "keep_talking", "no_interest")


class TotalsRefused(ValidationError):
    """This event takes no totals of meetings, or not these."""


def check(event: Event) -> None:
    """Refuse an event that is not published or has not begun."""
    if event.status != Event.Status.PUBLISHED:
        raise TotalsRefused(UNPUBLISHED, code="unpublished")
    if not event.has_begun:
        raise TotalsRefused(AHEAD, code="ahead")


@transaction.atomic
def enter_totals(
    event: Event,
    *,
    held: int | None,
    source: str,
    by: User,
    requested: int | None = None,
    **outcomes: int | None,
) -> MeetingTotals | None:
    """Keep how many meetings an event had, as somebody else counted; no numbers take it back.

    The report adds them to sums, marked, where the event has no meetings of its own on this site,
    and shows them beside otherwise. ``outcomes`` are those of ``OUTCOMES``; of the rest no outcome
    is told. Raises ``TotalsRefused`` where ``check`` does and for numbers that do not fit.
    """
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    check(event)
    source = source.strip()
    numbers = {name: outcomes.get(name) for name in OUTCOMES}
    kept = MeetingTotals.objects.filter(event=event).first()
    if held is None:
        _refuse_half_filled(source, requested, numbers)
        if kept is not None:
            write_as(kept, by)
            kept.delete()
        return None
    told = {name: number or 0 for name, number in numbers.items()}
    _refuse_what_does_not_fit(held, requested, told, source)
    totals = kept or MeetingTotals(event=event)
    totals.held, totals.requested, totals.source = held, requested, source
    for name, number in told.items():
        setattr(totals, name, number)
    write_as(totals, by)
    totals.full_clean()
    totals.save()
    return totals


def _refuse_half_filled(source: str, requested: int | None, numbers: dict[str, int | None]) -> None:
    if source or requested or any(numbers.values()):
        words = _("Enter how many meetings were held, or empty all boxes.")
        raise TotalsRefused({"held": ValidationError(words, code="no_number")})


def _refuse_what_does_not_fit(
    held: int, requested: int | None, told: dict[str, int], source: str
) -> None:
    ended = sum(told.values())
    if ended > held:
        words = _(
            "The outcomes add up to %(outcomes)d, but only %(held)d meetings were held. Correct "
            "one of the numbers."
        )
        error = ValidationError(words, "too_many", {"outcomes": ended, "held": held})
        raise TotalsRefused({"held": error})
    if requested is not None and requested < held:
        words = _("More meetings were held than requested. Correct one of the numbers.")
        raise TotalsRefused({"requested": ValidationError(words, code="too_few")})
    if not source:
        words = _("Enter where the numbers come from, such as “minutes of the organizer”.")
        raise TotalsRefused({"source": ValidationError(words, code="no_source")})
