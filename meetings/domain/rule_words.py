"""The hard rules in plain words, for who places a meeting by hand."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.domain.plan import Rule
from meetings.domain.validation import Broken
from meetings.models import Participant
from summit.lib.i18n.languages import Words, listed

# That two shall not meet is between one of them and the organizers: nobody else is told why.
WORDS: dict[Rule, Words] = {
    Rule.KNOWN: gettext_lazy("The slot, the table or somebody is no longer part of the meetings."),
    Rule.SIDES: gettext_lazy("Somebody who has to come is missing."),
    Rule.APART: gettext_lazy("These two cannot meet. Ask an organizer."),
    Rule.AWAY: gettext_lazy("Somebody is away at that time."),
    Rule.WITHIN: gettext_lazy("The meeting is tied to another part of the event."),
    Rule.HOURS: gettext_lazy("It is before 07:00 or after 21:00 where somebody is."),
    Rule.ONCE: gettext_lazy("Somebody has another meeting at that time."),
    Rule.MOST: gettext_lazy("Somebody would have more meetings than agreed."),
    Rule.IN_A_ROW: gettext_lazy("Somebody would have more meetings in a row than agreed."),
    Rule.TABLE: gettext_lazy(
        "The table has another meeting at that time, is closed, or has too few seats."
    ),
    Rule.LANGUAGE: gettext_lazy(
        "The two sides have no common language, and no interpreter for them is free."
    ),
    Rule.INTERPRETER: gettext_lazy("The interpreter is not there, or interprets elsewhere."),
    Rule.LOCK: gettext_lazy("The meeting is locked in another place."),
}
# Of these the words are about people, who are named.
_OF_PEOPLE = (Rule.AWAY, Rule.HOURS, Rule.ONCE, Rule.MOST, Rule.IN_A_ROW)


def in_words(broken: Iterable[Broken]) -> list[str]:
    """Return a sentence for each rule, with the names of the people. At most one query."""
    found = list(broken)
    keys = {key for each in found if each.rule in _OF_PEOPLE for key in each.whom}
    names = dict(
        Participant.objects.filter(pk__in=keys).values_list("pk", "registration__name")
        if keys
        else ()
    )
    sentences = [_sentence(each, names) for each in found]
    return list(dict.fromkeys(sentences))


def _sentence(broken: Broken, names: dict[int, str]) -> str:
    whom = [names[key] for key in sorted(broken.whom) if key in names]
    words = str(WORDS[broken.rule])
    if broken.rule not in _OF_PEOPLE or not whom:
        return words
    about = {"what": words, "who": listed(whom)}
    return _("%(what)s (%(who)s)") % about
