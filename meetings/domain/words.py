"""Says in words what a schedule breaks and why a meeting has no place, with the names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from events.models import Event
from meetings.domain.fill import Why
from meetings.domain.plan import Plan, Rule, Schedule, Span
from meetings.domain.validation import Broken
from summit.lib.i18n import clock


@dataclass(frozen=True)
class Names:
    """What people, tables and interpreters of an event are called, by their keys."""

    event: Event
    people: Mapping[int, str] = field(default_factory=dict)
    tables: Mapping[int, str] = field(default_factory=dict)
    interpreters: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, event: Event, plan: Plan) -> "Names":
        """Return those that a plan brings along."""
        return cls(
            event,
            {key: person.name for key, person in plan.people.items()},
            {table.key: table.name for table in plan.tables},
            {each.key: each.name for each in plan.interpreters},
        )

    def person(self, key: int) -> str:
        return self.people.get(key) or _("somebody whose data was erased")

    def table(self, key: int) -> str:
        return self.tables.get(key, "?")

    def interpreter(self, key: int) -> str:
        return self.interpreters.get(key, "?")

    def both(self, people: Iterable[int]) -> str:
        """Return the names of who meets."""
        names = [self.person(key) for key in people]
        return pgettext("names of who meets", " – ").join(names)

    def time(self, slot: Span) -> str:
        """Return when a slot starts as sentences say it, with its day where there are several."""
        day, time = self._day_and_time(slot)
        if not day:
            return time
        return pgettext("time within a sentence", "%(time)s on %(day)s") % {
            "time": time,
            "day": day,
        }

    def label(self, slot: Span) -> str:
        """Return the same as lists begin with it, the day first."""
        return " ".join(filter(None, self._day_and_time(slot)))

    def _day_and_time(self, slot: Span) -> tuple[str, str]:
        start = slot.start.astimezone(self.event.zone)
        time = f"{start:%H:%M}"
        event = self.event
        is_one_day = clock.Span.of(event.starts_at, event.ends_at, event.zone).is_one_day
        if is_one_day and start.date() == event.starts_on:
            return "", time
        return dateformat.format(start, clock.wording().MONTH_DAY_FORMAT), time


class Speaker:
    """Says of one plan and schedule what it breaks."""

    def __init__(self, plan: Plan, schedule: Schedule, names: Names) -> None:
        self.plan, self.schedule, self.names = plan, schedule, names
        self.sides = {each.key: each.sides for each in plan.meetings}
        self.seats = {each.key: each.seats for each in plan.tables}

    def meeting(self, key: int) -> str:
        """Return who meets: who has to come, else who may."""
        place = self.schedule.get(key)
        sides = self.sides.get(key)
        if sides is None:
            return self.names.both(sorted(place.people)) if place else "?"
        return self.names.both(
            person for side in sides for person in (side.must or side.may[: side.least])
        )

    def say(self, broken: Broken) -> str:
        """Return a sentence such as “Dr Farrowby is away at 10:30.”"""
        return _SAID[broken.rule](self, broken)

    def time(self, broken: Broken) -> str:
        places = [self.schedule[key] for key in broken.meetings if key in self.schedule]
        return (
            self.names.time(min((each.slot for each in places), key=lambda slot: slot.start))
            if places
            else "?"
        )

    def first(self, broken: Broken) -> int:
        return min(broken.meetings)

    def whom(self, broken: Broken) -> int:
        return min(broken.whom, default=0)

    def words(self, broken: Broken) -> dict[str, object]:
        return {
            "meeting": self.meeting(self.first(broken)),
            "person": self.names.person(self.whom(broken)) if broken.whom else "",
            "time": self.time(broken),
            "count": len(broken.meetings),
        }


def _known(speaker: Speaker, broken: Broken) -> str:
    return _("“%(meeting)s” has a slot, a table or people that are gone.") % speaker.words(broken)


def _sides(speaker: Speaker, broken: Broken) -> str:
    return _(
        "Somebody who has to come to “%(meeting)s” is missing, or somebody comes who is of "
        "neither side."
    ) % speaker.words(broken)


def _apart(speaker: Speaker, broken: Broken) -> str:
    one, other = (speaker.names.person(key) for key in sorted(broken.whom))
    return _("%(one)s and %(other)s are kept apart.") % {"one": one, "other": other}


def _away(speaker: Speaker, broken: Broken) -> str:
    return _("%(person)s is away at %(time)s.") % speaker.words(broken)


def _within(speaker: Speaker, broken: Broken) -> str:
    return _(
        "“%(meeting)s” at %(time)s is outside of the time to which it is tied."
    ) % speaker.words(broken)


def _hours(speaker: Speaker, broken: Broken) -> str:
    return _("%(time)s is before 07:00 or after 21:00 where %(person)s is.") % speaker.words(broken)


def _once(speaker: Speaker, broken: Broken) -> str:
    return _("%(person)s has two meetings at %(time)s.") % speaker.words(broken)


def _most(speaker: Speaker, broken: Broken) -> str:
    words = speaker.words(broken) | {"most": speaker.plan.most}
    return _("%(person)s has %(count)d meetings, and %(most)d at the most are agreed.") % words


def _in_a_row(speaker: Speaker, broken: Broken) -> str:
    words = speaker.words(broken) | {"most": speaker.plan.most_in_a_row}
    return (
        _(
            "%(person)s has %(count)d meetings in a row from %(time)s, and %(most)d at the most "
            "are agreed."
        )
        % words
    )


def _table(speaker: Speaker, broken: Broken) -> str:
    table = speaker.whom(broken)
    words = speaker.words(broken) | {"table": speaker.names.table(table)}
    if len(broken.meetings) > 1:
        return _("Table %(table)s has two meetings at %(time)s.") % words
    place = speaker.schedule.get(speaker.first(broken))
    chairs = len(place.people) + (place.interpreter is not None) if place else 0
    seats = speaker.seats.get(table, 0)
    if chairs > seats:
        return ngettext(
            "Table %(table)s has %(seats)d seat, and %(chairs)d people come.",
            "Table %(table)s has %(seats)d seats, and %(chairs)d people come.",
            seats,
        ) % (words | {"seats": seats, "chairs": chairs})
    return _("Table %(table)s cannot be used at %(time)s.") % words


def _language(speaker: Speaker, broken: Broken) -> str:
    words = speaker.words(broken)
    if not broken.whom:
        return _("“%(meeting)s” has no common language and no interpreter.") % words
    words["interpreter"] = speaker.names.interpreter(speaker.whom(broken))
    return _("%(interpreter)s does not interpret between the languages of “%(meeting)s”.") % words


def _interpreter(speaker: Speaker, broken: Broken) -> str:
    words = speaker.words(broken)
    words["interpreter"] = speaker.names.interpreter(speaker.whom(broken))
    if len(broken.meetings) > 1:
        return _("%(interpreter)s interprets at two tables at %(time)s.") % words
    return _("%(interpreter)s is not available at %(time)s.") % words


def _lock(speaker: Speaker, broken: Broken) -> str:
    return _("“%(meeting)s” is locked in another place.") % speaker.words(broken)


_SAID: Mapping[Rule, Callable[[Speaker, Broken], str]] = {
    Rule.KNOWN: _known,
    Rule.SIDES: _sides,
    Rule.APART: _apart,
    Rule.AWAY: _away,
    Rule.WITHIN: _within,
    Rule.HOURS: _hours,
    Rule.ONCE: _once,
    Rule.MOST: _most,
    Rule.IN_A_ROW: _in_a_row,
    Rule.TABLE: _table,
    Rule.LANGUAGE: _language,
    Rule.INTERPRETER: _interpreter,
    Rule.LOCK: _lock,
}


def why_in_words(why: Why) -> str:
    """Return why a meeting has no place, as far as a greedy rule can tell."""
    return {
        Why.APART: _("The two are kept apart."),
        Why.NO_COMMON_TIME: _("There is no slot left in which everybody is there."),
        Why.PEOPLE_TAKEN: _("Somebody has other meetings in every slot that is left."),
        Why.TOO_MANY: _("Somebody has as many meetings as agreed, in all or in a row."),
        Why.NO_INTERPRETER: _("No interpreter of these languages is free when they are."),
        Why.NO_TABLE: _("No table with enough seats is free when they are."),
    }[why]
