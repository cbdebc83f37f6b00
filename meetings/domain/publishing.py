"""Publishes the draft of a schedule: only what breaks no hard rule, and people are told."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Event
from meetings.domain import placing
from meetings.domain.drafting import check, hold_draft, note_problems
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import copy_places, note_change
from meetings.domain.plan import Plan, Schedule
from meetings.domain.telling import Audience, audience_of, tell
from meetings.domain.validation import Broken, broken_rules
from meetings.domain.words import Names, Speaker
from meetings.models import Meeting, Placement, ScheduleVersion
from summit.lib.database import states

# A refusal names no more than this many broken rules.
NAMED = 20
_Status = ScheduleVersion.Status
# What has begun or is over keeps the place where it was.
_BEGUN = (Meeting.Status.RUNNING, Meeting.Status.HELD, Meeting.Status.NO_SHOW)


@transaction.atomic
def publish(
    draft: ScheduleVersion, *, by: User | None = None, version: int | None = None
) -> Audience:
    """Put the draft in the place of what is published; return whom that concerned.

    Meetings whose time has begun keep their published place. Exactly those whose schedule differs
    are told. Raises ``ValidationError`` while a hard rule is broken, with a sentence for each, and
    while the published version was changed since the draft was begun or brought up to date.
    """
    draft = hold_draft(draft, version)
    event = draft.event
    if not event.is_on:
        raise ValidationError(
            _("The event does not take place at its date, so nothing is published."), code="off"
        )
    published = ScheduleVersion.objects.filter(event=event).published().first()
    if published is not None and published.changes != draft.base_changes:
        raise ValidationError(
            _(
                "The published schedule was changed since this draft was begun. Bring the draft "
                "up to date, look at it again, and publish it then."
            ),
            code="outdated",
        )
    before = load_schedule(published) if published else {}
    if published is not None:
        copy_places(published, draft, _begun(published))
    plan, after = load_plan(event, draft), load_schedule(draft)
    refuse_broken(event, plan, after, before)
    if published is not None:
        states.move(published, _Status.SUPERSEDED, by=by)
    states.move(draft, _Status.PUBLISHED, by=by, published_at=timezone.now(), published_by=by)
    note_problems(draft, [])
    return tell(event, before, after)


def audience_if_published(draft: ScheduleVersion) -> Audience:
    """Return whom publishing the draft would concern. Four queries."""
    published = ScheduleVersion.objects.filter(event=draft.event_id).published().first()
    before = load_schedule(published) if published else {}
    return audience_of(draft.event, before, load_schedule(draft))


@transaction.atomic
def bring_up_to_date(draft: ScheduleVersion, *, version: int | None = None) -> ScheduleVersion:
    """Take over into the draft what the desk has changed in the published version since.

    Where both have moved a meeting, the desk is right. Harmless where nothing was changed.
    """
    draft = hold_draft(draft, version)
    published = ScheduleVersion.objects.filter(event=draft.event_id).published().first()
    if published is None or published.changes == draft.base_changes:
        return draft
    there = Placement.objects.filter(version=published)
    moved = there.filter(written_at_change__gt=draft.base_changes)
    copy_places(published, draft, list(moved.values_list("meeting", flat=True)))
    # Only what the draft began with: what was placed in it since is not published yet.
    gone = Placement.objects.filter(version=draft, written_at_change=0).exclude(
        meeting__in=there.values("meeting")
    )
    placing.take_out(draft, list(gone.values_list("meeting", flat=True)))
    draft.base_changes = published.changes
    draft.save(update_fields=["base_changes"])
    note_change(draft)
    return check(draft)


def refuse_broken(event: Event, plan: Plan, schedule: Schedule, before: Schedule) -> None:
    """Raise ``ValidationError`` with a sentence for each rule that is broken.

    What has begun where it was published is no longer to be mended, so it is left out.
    """
    now = plan.now or timezone.now()
    begun = {
        key
        for key, place in schedule.items()
        if place == before.get(key) and place.slot.start <= now
    }
    broken = [each for each in broken_rules(plan, schedule) if not each.meetings <= begun]
    late = [key for key, place in schedule.items() if place.slot.start <= now and key not in begun]
    if broken or late:
        raise ValidationError(_sentences(event, plan, schedule, broken, late))


def _sentences(
    event: Event, plan: Plan, schedule: Schedule, broken: list[Broken], late: list[int]
) -> list[ValidationError]:
    names = Names.of(event, plan)
    speaker = Speaker(plan, schedule, names)
    said = [
        _("“%(meeting)s” is at %(time)s, which has passed.")
        % {"meeting": speaker.meeting(key), "time": names.time(schedule[key].slot)}
        for key in late
    ]
    said += [speaker.say(each) for each in broken]
    more = len(said) - NAMED
    if more > 0:
        said = said[:NAMED]
        said.append(
            ngettext("%(count)d more rule is broken.", "%(count)d more rules are broken.", more)
            % {"count": more}
        )
    return [ValidationError(each, code="broken") for each in said]


def _begun(published: ScheduleVersion) -> list[int]:
    rows = Placement.objects.filter(version=published)
    begun = Q(slot__starts_at__lte=timezone.now()) | Q(meeting__status__in=_BEGUN)
    return list(rows.filter(begun).values_list("meeting", flat=True))
