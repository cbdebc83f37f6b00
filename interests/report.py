"""What a report tells of interests: the step before the intention."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from interests.domain.counts import chain_of
from projects.report.subject import Subject
from summit.lib.i18n.languages import Words

SECTION = pgettext_lazy("section of the report", "Expressions of interest")


@dataclass(frozen=True)
class InterestFigure:
    """A number of the chain from interest to contract, and a sentence that says what it counts."""

    key: str
    label: Words
    definition: Words
    # Of what rows it is.
    unit: Words


_INTERESTS, _INTENTIONS = _("expressions of interest"), _("cooperation intentions")
FIGURES = (
    InterestFigure(
        "received",
        _("Interest received"),
        _(
            "What visitors wrote about the event, and about projects and experts shown at it; what "
            "was erased since counts, spam does not."
        ),
        _INTERESTS,
    ),
    InterestFigure(
        "answered",
        _("Interest answered"),
        _("Of these, those that an organizer answered by e-mail."),
        _INTERESTS,
    ),
    InterestFigure(
        "passed_on",
        _("Interest passed on"),
        _("Of these, those that went to a contact of the owner with the visitor’s consent."),
        _INTERESTS,
    ),
    InterestFigure(
        "meetings",
        _("Meetings requested from interest"),
        _("Of these, those for which an organizer requested a one-to-one meeting."),
        _INTERESTS,
    ),
    InterestFigure(
        "drafted",
        _("Intentions from interest"),
        _("Cooperation intentions that were prepared from an expression of interest."),
        _INTENTIONS,
    ),
    InterestFigure(
        "signed",
        _("Intentions from interest, signed"),
        _("Of these, intentions that were signed, whatever the outcome."),
        _INTENTIONS,
    ),
    InterestFigure(
        "converted",
        _("Intentions from interest with a contract"),
        _("Of these, intentions that were converted to a contract."),
        _INTENTIONS,
    ),
)


def numbers_of(subject: Subject) -> list[tuple[InterestFigure, int]]:
    """Return each figure with its number, in the order of the chain. Three queries."""
    chain = chain_of(subject)
    return [(figure, getattr(chain, figure.key)) for figure in FIGURES]
