"""Tables: many at once by a pattern of their names, and deleting one with what is placed at it."""

import re
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from events.models import Event
from meetings.domain.concerned import refuse_what_was_held, take_places_away
from meetings.domain.placing import lock_schedule
from meetings.domain.telling import Audience
from meetings.models import MeetingTable, Placement

MOST_AT_ONCE, MOST = 200, 500
_RANGE = re.compile(r"(.*?)(\d{1,4})\s*[-–—~～至]\s*(.*?)(\d{1,4})")
_BETWEEN = re.compile(r"[,，、;；\n]+")


def names_in(text: str) -> list[str]:
    """Return the names of ``A1–A24, VIP``, in their order. Raises ``ValidationError``."""
    names = list[str]()
    for part in filter(None, (each.strip() for each in _BETWEEN.split(text))):
        names += _expanded(part)
        if len(names) > MOST_AT_ONCE:
            words = _("Enter at most %(most)d tables at once.") % {"most": MOST_AT_ONCE}
            raise ValidationError(words, code="too_many")
    return names


def _expanded(part: str) -> Sequence[str]:
    found = _RANGE.fullmatch(part)
    if found is None:
        return [part]
    before, first, again, last = found.groups()
    if again not in ("", before) or int(last) < int(first):
        return [part]
    if int(last) - int(first) >= MOST_AT_ONCE:
        words = _("Enter at most %(most)d tables at once.") % {"most": MOST_AT_ONCE}
        raise ValidationError(words, code="too_many")
    width = len(first) if first.startswith("0") else 0
    return [f"{before}{number:0{width}}" for number in range(int(first), int(last) + 1)]


@transaction.atomic
def add_tables(
    event: Event, names: Sequence[str], *, seats: int = 4, room: dict[str, str] | None = None
) -> list[MeetingTable]:
    """Add tables to an event, in the order of their names, below those that there are.

    ``room`` has the columns of the bilingual name of the room. Raises ``ValidationError`` where a
    name is too long, stands twice or is taken.
    """
    lock_schedule(event)
    if not names:
        raise ValidationError({"names": _("Enter the names of the tables.")}, code="no_names")
    others = MeetingTable.objects.filter(event=event)
    taken = [*others.filter(name__in=names).values_list("name", flat=True)]
    taken += [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if taken:
        words = _("These names are taken or stand twice: %(names)s.")
        raise ValidationError({"names": words % {"names": ", ".join(taken)}}, code="taken")
    if others.count() + len(names) > MOST:
        words = _("An event has at most %(most)d tables.") % {"most": MOST}
        raise ValidationError({"names": words}, code="too_many")
    last = others.aggregate(last=Max("order"))["last"] or 0
    rows = [
        MeetingTable(event=event, name=name, seats=seats, order=last + number, **(room or {}))
        for number, name in enumerate(names, 1)
    ]
    for row in rows:
        row.clean_fields(exclude=["event"])
    return MeetingTable.objects.bulk_create(rows)


@transaction.atomic
def delete_tables(tables: Iterable[MeetingTable]) -> list[Audience]:
    """Delete tables and take the meetings that are placed at them out of the schedules.

    ``meetings.domain.concerned.concerned_by`` says before whom that concerns; whoever loses a
    published place is told. Returns whom, for each event. Raises ``ValidationError`` where a
    meeting was held there. Deleting them twice is harmless.
    """
    rows = MeetingTable.objects.filter(pk__in=[table.pk for table in tables])
    told = []
    events = Event.objects.filter(meeting_tables__in=rows.order_by()).distinct()
    for event in events.order_by("pk"):
        lock_schedule(event)
        of_event = rows.filter(event=event).order_by()
        places = Placement.objects.filter(table__in=of_event.values("pk"))
        refuse_what_was_held(
            places, _("Meetings were held at these tables, so they stay. Close them instead.")
        )
        told.append(take_places_away(event, places))
    rows.delete()
    return told
