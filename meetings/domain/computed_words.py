"""Says in words what a computation found, what is proven, and why meetings are not held."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.domain.plan import Span
from meetings.domain.words import Names
from meetings.models import Computation
from meetings.solver.explain import Cause
from meetings.solver.goals import Kind


def results_in_words(computation: Computation) -> list[str]:
    """Return a sentence for each goal: what was found of it, and what is proven at least.

    The first one is of the meetings that are held; goals after one that is not proven are proven
    for what was found of it.
    """
    rows = [(Kind(kind), found, least) for kind, _class, found, least in computation.results]
    if not rows:
        return []
    dropped = [(found, least) for kind, found, least in rows if kind is Kind.DROPPED]
    out, least = sum(found for found, _least in dropped), sum(each for _found, each in dropped)
    said = [_held(computation.meetings, out, least)]
    said += [_SAID[kind](found, least) for kind, found, least in rows if kind in _SAID]
    proven = all(found <= least for _kind, found, least in rows)
    if computation.status == Computation.Status.DONE and proven and not computation.is_impossible:
        said.append(_("Nothing better exists."))
    return said


def _held(meetings: int, out: int, least: int) -> str:
    if not out:
        return ngettext(
            "The only meeting has a place.", "All %(count)d meetings have a place.", meetings
        ) % {"count": meetings}
    held = _("%(held)d of %(count)d meetings have a place;") % {
        "held": meetings - out,
        "count": meetings,
    }
    if least >= out:
        rest = ngettext(
            "%(count)d cannot be held, which is proven.",
            "%(count)d cannot be held, which is proven.",
            out,
        ) % {"count": out}
    else:
        rest = _("at least %(count)d cannot be held.") % {"count": least}
    return _("%(held)s %(rest)s") % {"held": held, "rest": rest}


def _counted(proven: Callable[[int], str], open_: Callable[[int, int], str]) -> Any:
    return lambda found, least: proven(found) if found <= least else open_(found, least)


_SAID: Mapping[Kind, Callable[[int, int], str]] = {
    Kind.MOVED: _counted(
        lambda n: _("Meetings in another slot: %(n)d, fewer are not possible.") % {"n": n},
        lambda n, least: (
            _("Meetings in another slot: %(n)d found, at least %(least)d.")
            % {"n": n, "least": least}
        ),
    ),
    Kind.INTERPRETERS: _counted(
        lambda n: (
            _(
                "Interpreters: %(n)d pairings of an interpreter with a person on a day, fewer are "
                "not possible."
            )
            % {"n": n}
        ),
        lambda n, least: (
            _(
                "Interpreters: %(n)d pairings of an interpreter with a person on a day found, at "
                "least %(least)d."
            )
            % {"n": n, "least": least}
        ),
    ),
    Kind.BREAKS: _counted(
        lambda n: (
            _("Breaks: %(n)d, fewer are not possible.") % {"n": n} if n else _("No idle slot.")
        ),
        lambda n, least: _("Breaks: %(n)d found, at least %(least)d.") % {"n": n, "least": least},
    ),
    Kind.FAIRNESS: _counted(
        lambda n: _("Breaks of one person: %(n)d at the most, fewer are not possible.") % {"n": n},
        lambda n, least: (
            _("Breaks of one person: %(n)d at the most found; at least %(least)d have to be.")
            % {"n": n, "least": least}
        ),
    ),
}


def reason_in_words(reason: Mapping[str, Any], names: Names, title: Callable[[int], str]) -> str:
    """Return why a meeting is not held, and what would help; ``title`` names a meeting."""
    cause = Cause(reason["cause"])
    given = {
        "name": names.person(reason.get("person") or 0),
        "free": reason.get("free", 0),
        "held": reason.get("held", 0),
        "asked": reason.get("asked", 0),
        "time": _time(reason.get("slot"), names),
    }
    match cause:
        case Cause.NO_SLOT:
            return _(
                "There is no slot in which everybody is there and somebody interprets, or the two "
                "are kept apart. Other times away or another interpreter would help."
            )
        case Cause.PERSON_FULL:
            return (
                _(
                    "%(name)s has %(free)d free slots and %(asked)d accepted requests. A further "
                    "slot, or somebody else of the delegation, would help."
                )
                % given
            )
        case Cause.TABLES_FULL:
            return (
                _("All %(free)d places (slots by tables) are taken. A further table would help.")
                % given
            )
        case Cause.INTERPRETERS_FULL:
            return (
                _(
                    "%(asked)d meetings need such an interpreter, who have %(free)d free slots "
                    "together; at %(time)s all of them are busy. A further interpreter would help."
                )
                % given
            )
        case Cause.RULES:
            return _rules(reason, names, title)
        case Cause.POSSIBLE:
            return _("It could be held as well. Compute again, for longer.")
        case Cause.UNKNOWN:
            return _("No reason was found in the time. Compute again, for longer.")


def _rules(reason: Mapping[str, Any], names: Names, title: Callable[[int], str]) -> str:
    rules = [_RULES[name](key, names, title) for name, key in reason.get("rules", ())]
    said = _("These rules do not go together with it: %(rules)s.") % {"rules": _joined(rules)}
    meetings = [title(key) for key in reason.get("meetings", ())]
    if meetings:
        said += " " + _("The other meetings are: %(meetings)s.") % {"meetings": _joined(meetings)}
    return said


def _joined(parts: Sequence[str]) -> str:
    return _("; ").join(parts)


def _time(moment: str | None, names: Names) -> str:
    if not moment:
        return "?"
    start = dt.datetime.fromisoformat(moment)
    return names.time(Span(start, start))


_RULES: Mapping[str, Callable[[Any, Names, Callable[[int], str]], str]] = {
    "once": lambda key, names, _title: (
        _("%(name)s is in one meeting at a time") % {"name": names.person(key)}
    ),
    "away": lambda key, names, _title: (
        _("the times away of %(name)s") % {"name": names.person(key)}
    ),
    "most": lambda key, names, _title: (
        _("%(name)s has no more meetings than agreed") % {"name": names.person(key)}
    ),
    "in_a_row": lambda key, names, _title: (
        _("%(name)s has no more meetings in a row than agreed") % {"name": names.person(key)}
    ),
    "tables": lambda key, names, _title: _("the tables at %(time)s") % {"time": _time(key, names)},
    "interpreters": lambda key, names, _title: (
        _("the interpreters at %(time)s") % {"time": _time(key, names)}
    ),
    "comes": lambda key, _names, title: (
        _("as many come to “%(meeting)s” as are needed") % {"meeting": title(key)}
    ),
}
