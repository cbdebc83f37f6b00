"""Whom it concerns if a slot, a table or an interpreter goes, and what becomes of their meetings.

The pages that delete say so before; whoever loses a published place is told after.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from events.models import Event
from meetings.domain.loading import load_schedule
from meetings.domain.placing import take_out
from meetings.domain.telling import NOBODY, Audience, tell
from meetings.models import Meeting, Participant, Placement, ScheduleVersion
from summit.lib.i18n.languages import Words, listed

Version = ScheduleVersion.Status
# What has begun or is over stays where it was.
WAS = (Meeting.Status.RUNNING, Meeting.Status.HELD, Meeting.Status.NO_SHOW)


@dataclass(frozen=True)
class Concerned:
    """A place of a meeting in the draft or in the published version, and who comes to it there."""

    placement: Placement
    names: list[str]

    @property
    def is_published(self) -> bool:
        return self.placement.version.status == Version.PUBLISHED

    @property
    def is_ahead(self) -> bool:
        """Whether its slot has not ended."""
        return self.placement.slot.ends_at > timezone.now()

    @property
    def people(self) -> str:
        return listed(self.names)


def concerned_by(places: QuerySet[Placement]) -> list[Concerned]:
    """Return where meetings are among ``places``, in the draft and as published. Two queries."""
    rows = list(
        _current(places)
        .select_related("version", "slot__event", "table", "meeting")
        .exclude(meeting__status=Meeting.Status.CANCELLED)
        .order_by("slot__starts_at", "table__order", "table__name", "-version__status", "pk")
    )
    names: dict[int, list[str]] = defaultdict(list)
    people = Participant.objects.filter(placements__in=[row.pk for row in rows])
    for placement, name in people.order_by("registration__sort_name", "pk").values_list(
        "placements", "registration__name"
    ):
        names[placement].append(name)
    return [Concerned(row, names[row.pk]) for row in rows]


def refuse_what_was_held(places: QuerySet[Placement], words: Words) -> None:
    """Raise ``ValidationError`` with ``words`` where a meeting was held, or waited for, there."""
    if _current(places).filter(meeting__status__in=WAS).exists():
        raise ValidationError(words, code="was_held")


def take_places_away(event: Event, places: QuerySet[Placement]) -> Audience:
    """Take the meetings of these places out of the schedule of an event, and tell who loses one.

    They remain agreed. What older versions said of them goes too. A draft that was up to date
    stays so. The schedule has to be locked.
    """
    versions = ScheduleVersion.objects.filter(event=event)
    draft, published = versions.drafts().first(), versions.published().first()
    is_up_to_date = draft and published and draft.base_changes == published.changes
    before = load_schedule(published) if published else {}
    gone = set[int]()
    for version in filter(None, (draft, published)):
        meetings = set(places.filter(version=version).values_list("meeting", flat=True))
        if meetings:
            take_out(version, meetings)
        if version == published:
            gone = meetings
    if draft and published and is_up_to_date:
        ScheduleVersion.objects.filter(pk=draft.pk).update(base_changes=published.changes)
    places.filter(version__event=event, version__status=Version.SUPERSEDED).delete()
    after = {key: place for key, place in before.items() if key not in gone}
    return tell(event, before, after) if gone else NOBODY


def _current(places: QuerySet[Placement]) -> QuerySet[Placement]:
    return places.exclude(version__status=Version.SUPERSEDED)
