"""How far the meetings of an event are, and what they lack: for who prepares them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from events.models import Event
from meetings.models import (
    Interpreter,
    Meeting,
    MeetingPerson,
    MeetingRequest,
    MeetingSlot,
    MeetingTable,
    Participant,
    Placement,
    ScheduleVersion,
)
from summit.lib.i18n.languages import listed, spoken_names

# Of the tables that all meetings fill evenly, so many more: somebody is always away.
SPARE_AT_LEAST, SPARE_AT_BEST = 1.1, 1.2


@dataclass(frozen=True)
class Pair:
    """Meetings whose sides have no language in common, by what each side speaks."""

    first: frozenset[str]
    second: frozenset[str]
    meetings: int
    interpreters: int
    # How many meetings these interpreters can serve, one in each slot.
    served: int

    @property
    def in_words(self) -> str:
        sides = (self.first, self.second)
        return " – ".join(listed(spoken_names(sorted(side))) for side in sides)

    @property
    def lacks(self) -> bool:
        return self.meetings > self.served


@dataclass(frozen=True)
class Summary:
    """Participants and requests by status, meetings, and the places that there are for them."""

    participants: dict[str, int]
    unlisted: int
    without_language: int
    requests: dict[str, int]
    meetings: int
    placed: int
    # Those that are to be held and have no place in the newest version of the schedule.
    open: int
    slots: int
    tables: int
    places: int
    pairs: list[Pair]

    @property
    def best_tables(self) -> tuple[int, int]:
        """How many tables the meetings need by the rule of thumb, from and to."""
        if not self.slots:
            return (0, 0)
        even = self.meetings / self.slots
        return (_up(even * SPARE_AT_LEAST), _up(even * SPARE_AT_BEST))

    @property
    def has_too_few_places(self) -> bool:
        return self.meetings > self.places

    @property
    def has_few_tables(self) -> bool:
        return not self.has_too_few_places and self.tables < self.best_tables[0]


def summarize(event: Event) -> Summary:
    """Count what there is. Eight queries, however much it is."""
    people = Participant.objects.filter(event=event).order_by()
    by_status = people.values_list("status").annotate(Count("pk"))
    requests = MeetingRequest.objects.filter(event=event).order_by()
    slots = list(MeetingSlot.objects.filter(event=event))
    closed_from = list(
        MeetingTable.objects.filter(event=event).values_list("closed_from", flat=True)
    )
    states = dict(Meeting.objects.filter(event=event).counted().values_list("pk", "status"))
    placed = _placed(event)
    to_be_held = {key for key, status in states.items() if status in _TO_BE_HELD}
    admitted = list(people.admitted().values_list("languages", "listed_at"))
    return Summary(
        participants=dict(by_status),
        unlisted=sum(listed_at is None for _languages, listed_at in admitted),
        without_language=sum(not languages for languages, _listed_at in admitted),
        requests=dict(requests.values_list("status").annotate(Count("pk"))),
        meetings=len(states),
        placed=len(placed & states.keys()),
        open=len(to_be_held - placed),
        slots=len(slots),
        tables=len(closed_from),
        places=sum(
            closed is None or slot.ends_at <= closed for slot in slots for closed in closed_from
        ),
        pairs=list(_pairs(event, len(slots))),
    )


_TO_BE_HELD = (Meeting.Status.AGREED, Meeting.Status.RUNNING)


def _placed(event: Event) -> set[int]:
    """Return the meetings that the draft places, else what is published. Two queries."""
    versions = ScheduleVersion.objects.filter(event=event)
    current = versions.exclude(status=ScheduleVersion.Status.SUPERSEDED).order_by("-number").first()
    if current is None:
        return set()
    return set(Placement.objects.filter(version=current).values_list("meeting", flat=True))


def _pairs(event: Event, slots: int) -> Iterator[Pair]:
    """Count the meetings to be held that need an interpreter, the most frequent first."""
    spoken: dict[int, dict[int, set[str]]] = defaultdict(lambda: {1: set(), 2: set()})
    people = MeetingPerson.objects.filter(
        meeting__event=event, meeting__status__in=_TO_BE_HELD
    ).order_by()
    for meeting, side, languages in people.values_list("meeting", "side", "participant__languages"):
        spoken[meeting][side] |= set(languages)
    known = [
        set(each)
        for each in Interpreter.objects.filter(event=event).values_list("languages", flat=True)
    ]
    counts: Counter[tuple[frozenset[str], frozenset[str]]] = Counter()
    for sides in spoken.values():
        if sides[1] and sides[2] and not sides[1] & sides[2]:
            first, second = sorted((frozenset(sides[1]), frozenset(sides[2])), key=sorted)
            counts[first, second] += 1
    for (first, second), count in counts.most_common():
        number = sum(bool(each & first and each & second) for each in known)
        yield Pair(first, second, count, number, number * slots)


def _up(number: float) -> int:
    """Round up, of what arithmetic leaves behind the comma no more than it means."""
    return -int(-round(number, 6) // 1)
