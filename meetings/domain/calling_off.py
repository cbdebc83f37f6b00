"""Calls meetings off: they leave the draft and the published schedule, and people are told."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from events.models import Event
from meetings.domain.loading import load_schedule
from meetings.domain.placing import lock_schedule, take_out
from meetings.domain.telling import NOBODY, Audience, tell
from meetings.models import Meeting, ScheduleVersion
from summit.lib.database.states import move


def call_off(meeting: Meeting, *, by: User | None = None, reason: str = "") -> Audience:
    """Call a meeting off, and tell those who had it in the published schedule.

    Returns whom it concerned, those to be telephoned among them. Calling off twice is harmless.
    Raises ``ValidationError`` once the meeting is over, or where the reason is too long.
    """
    audience = call_off_all([meeting], by=by, reason=reason)
    meeting.refresh_from_db()
    return audience


@transaction.atomic
def call_off_all(
    meetings: Sequence[Meeting], *, by: User | None = None, reason: str = ""
) -> Audience:
    """Call several meetings of one event off at once: everybody concerned gets one mail."""
    if not meetings:
        return NOBODY
    event = lock_schedule(meetings[0].event)
    keys = [each.pk for each in meetings]
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.filter(event=event, pk__in=keys).exclude(status=Meeting.Status.CANCELLED)
    found = list(rows.order_by("pk"))
    if not found:
        return NOBODY
    published = ScheduleVersion.objects.filter(event=event).published().first()
    before = load_schedule(published) if published else {}
    for meeting in found:
        _end(meeting, by=by, reason=reason.strip())
    gone = {each.pk for each in found}
    _leave_versions(event, gone)
    after = {key: place for key, place in before.items() if key not in gone}
    return tell(event, before, after)


def _end(meeting: Meeting, *, by: User | None, reason: str) -> None:
    meeting.off_reason = reason
    meeting.clean_fields(exclude=_all_but("off_reason"))
    ended = timezone.now() if meeting.status == Meeting.Status.RUNNING else meeting.ended_at
    move(
        meeting,
        Meeting.Status.CANCELLED,
        by=by,
        off_reason=reason,
        ended_at=ended,
        version=meeting.version + 1,
    )


def _all_but(name: str) -> set[str]:
    return {field.name for field in Meeting._meta.fields} - {name}


def _leave_versions(event: Event, keys: set[int]) -> None:
    """Take meetings out of what is drafted and published. A draft that was up to date stays so."""
    versions = ScheduleVersion.objects.filter(event=event)
    draft, published = versions.drafts().first(), versions.published().first()
    is_up_to_date = draft and published and draft.base_changes == published.changes
    for version in filter(None, (published, draft)):
        if version.placements.filter(meeting__in=keys).exists():
            take_out(version, keys)
    if draft and published and is_up_to_date:
        ScheduleVersion.objects.filter(pk=draft.pk).update(base_changes=published.changes)
