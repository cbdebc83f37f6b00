"""What organizers do on the page of the schedule: read what was sent, and call the domain."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Event
from meetings.domain import computing, drafting
from meetings.domain.calling_off import call_off
from meetings.domain.placing import take_draft
from meetings.domain.publishing import bring_up_to_date, publish
from meetings.domain.telling import Audience
from meetings.models import (
    Computation,
    Interpreter,
    Meeting,
    MeetingSlot,
    MeetingTable,
    Participant,
    ScheduleVersion,
)
from summit.lib.database.numbers import fits_bigint, rows_by_keys
from summit.lib.web.requests import user_of

# For how long a schedule may be computed.
SECONDS = (10, 60, 300)


@dataclass(frozen=True)
class Done:
    """What to say, and where to lead: a query, or the page where it was pressed."""

    words: str
    leads_to: str = ""
    is_logged: bool = False


def _fill(request: HttpRequest, event: Event) -> Done:
    filling = drafting.fill_draft(event, by=user_of(request))
    left = len(filling.left_out)
    placed = ngettext(
        "%(count)d meeting was placed.", "%(count)d meetings were placed.", filling.placed
    ) % {"count": filling.placed}
    if not left:
        return Done(placed, is_logged=True)
    rest = ngettext(
        "%(count)d meeting found no place. This is not proven to be the best schedule: moving "
        "others by hand may make room.",
        "%(count)d meetings found no place. This is not proven to be the best schedule: moving "
        "others by hand may make room.",
        left,
    ) % {"count": left}
    return Done(f"{placed} {rest}", is_logged=True)


def _compute(request: HttpRequest, event: Event) -> Done:
    way = request.POST.get("way", Computation.Way.ANEW)
    seconds = request.POST.get("seconds", "")
    if way not in Computation.Way.values or seconds not in map(str, SECONDS):
        raise ValidationError(_("Choose how it is computed, and for how long."))
    computing.start(event, by=user_of(request), way=way, seconds=int(seconds))
    return Done(_("The schedule is being computed."), "?show=compute", is_logged=True)


def _stop(request: HttpRequest, event: Event) -> Done:
    running = Computation.objects.filter(event=event).running().first()
    if running is not None:
        computing.stop(running, by=user_of(request))
    return Done(_("The computation was stopped. The draft stays as it was."), "?show=compute")


def _take_over(request: HttpRequest, event: Event) -> Done:
    draft, version = _draft(request, event)
    found = _row(Computation.objects.filter(event=draft.event_id), request, "computation")
    computing.take_over(found, by=user_of(request), version=version)
    return Done(_("The draft has what was computed."), "?show=changes", is_logged=True)


def _begin(request: HttpRequest, event: Event) -> Done:
    draft = take_draft(event, by=user_of(request))
    return Done(_("Draft %(number)d has begun.") % {"number": draft.number})


def _move(request: HttpRequest, event: Event) -> Done:
    draft, version = _draft(request, event)
    meeting = _row(Meeting.objects.filter(event=event), request, "meeting")
    interpreter = request.POST.get("interpreter", "")
    people = rows_by_keys(Participant.objects.filter(event=event), request.POST.getlist("people"))
    drafting.move(
        draft,
        meeting,
        _row(MeetingSlot.objects.filter(event=event), request, "slot"),
        _row(MeetingTable.objects.filter(event=event), request, "table"),
        _row(Interpreter.objects.filter(event=event), request, "interpreter")
        if interpreter
        else None,
        people.values_list("pk", flat=True),
        version=version,
    )
    return Done(_("The meeting was moved."), f"?meeting={meeting.pk}")


def _swap(request: HttpRequest, event: Event) -> Done:
    draft, version = _draft(request, event)
    meetings = Meeting.objects.filter(event=event)
    one, other = _row(meetings, request, "meeting"), _row(meetings, request, "other")
    drafting.swap(draft, one, other, version=version)
    return Done(_("The two meetings have changed places."), f"?meeting={one.pk}")


def _take_out(request: HttpRequest, event: Event) -> Done:
    draft, version = _draft(request, event)
    meeting = _row(Meeting.objects.filter(event=event), request, "meeting")
    drafting.take_out(draft, [meeting.pk], version=version)
    return Done(_("The meeting has no place any more."), f"?meeting={meeting.pk}")


def _lock(request: HttpRequest, event: Event) -> Done:
    draft, version = _draft(request, event)
    meeting = _row(Meeting.objects.filter(event=event), request, "meeting")
    locked = "locked" in request.POST
    drafting.set_locked(draft, [meeting.pk], locked=locked, version=version)
    words = _("The meeting is locked.") if locked else _("The meeting is no longer locked.")
    return Done(words, f"?meeting={meeting.pk}")


def _lock_all(request: HttpRequest, event: Event) -> Done:
    draft, version = _draft(request, event)
    placed = list(draft.placements.values_list("meeting", flat=True))
    locked = "locked" in request.POST
    drafting.set_locked(draft, placed, locked=locked, version=version)
    return Done(_("All meetings are locked.") if locked else _("No meeting is locked any more."))


def _check(request: HttpRequest, event: Event) -> Done:
    versions = ScheduleVersion.objects.filter(event=event)
    version = versions.drafts().first() or versions.published().first()
    if version is None:
        raise ValidationError(_("There is no schedule yet."))
    drafting.check(version)
    return Done(_("Every rule was checked."), "?show=rules")


def _update(request: HttpRequest, event: Event) -> Done:
    draft, version = _draft(request, event)
    bring_up_to_date(draft, version=version)
    return Done(_("The draft has what the desk changed."), "?show=changes")


def _publish(request: HttpRequest, event: Event) -> Done:
    draft, version = _draft(request, event)
    audience = publish(draft, by=user_of(request), version=version)
    words = _("Version %(number)d is published.") % {"number": draft.number}
    return Done(f"{words} {told_in_words(audience)}", "?show=versions", is_logged=True)


def _discard(request: HttpRequest, event: Event) -> Done:
    draft, version = _draft(request, event)
    drafting.discard_draft(draft, version=version)
    return Done(_("The draft was discarded."), "?show=versions", is_logged=True)


def _call_off(request: HttpRequest, event: Event) -> Done:
    meeting = _row(Meeting.objects.filter(event=event), request, "meeting")
    reason = request.POST.get("reason", "")
    audience = call_off(meeting, by=user_of(request), reason=reason)
    words = _("The meeting was called off.")
    return Done(f"{words} {told_in_words(audience)}", "?show=people", is_logged=True)


def told_in_words(audience: Audience) -> str:
    """Return how many mails went out, and how many people have to be telephoned."""
    words = ngettext(
        "%(count)d e-mail is on its way.", "%(count)d e-mails are on their way.", audience.mails
    ) % {"count": audience.mails}
    silent = len(audience.telephoned) + len(audience.telephoned_interpreters)
    if not silent:
        return words
    rest = ngettext(
        "%(count)d person without an address has to be telephoned.",
        "%(count)d people without an address have to be telephoned.",
        silent,
    ) % {"count": silent}
    return f"{words} {rest}"


def _draft(request: HttpRequest, event: Event) -> tuple[ScheduleVersion, int]:
    """Return the draft, and the version of it that the page showed.

    Where there was none, it is begun, as a copy of what is published.
    """
    sent = request.POST.get("version", "")
    draft = ScheduleVersion.objects.filter(event=event).drafts().first()
    if sent == "" and draft is None:
        draft = take_draft(event, by=user_of(request))
        return draft, draft.changes
    if draft is None or not fits_bigint(sent):
        raise ValidationError(
            _("Somebody else has changed this in the meantime. Reload the page and look again.")
        )
    return draft, int(sent)


def _row(rows: QuerySet[Any], request: HttpRequest, name: str) -> Any:
    found = rows_by_keys(rows, [request.POST.get(name, "")]).first()
    if found is None:
        raise ValidationError(
            _("What you chose was deleted in the meantime. Reload the page and look again.")
        )
    return found


DEEDS: dict[str, Callable[[HttpRequest, Event], Done]] = {
    "fill": _fill,
    "compute": _compute,
    "stop": _stop,
    "take-over": _take_over,
    "begin": _begin,
    "move": _move,
    "swap": _swap,
    "take-out": _take_out,
    "lock": _lock,
    "lock-all": _lock_all,
    "check": _check,
    "update": _update,
    "publish": _publish,
    "discard": _discard,
    "call-off": _call_off,
}
