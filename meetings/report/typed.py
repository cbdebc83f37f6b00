"""Totals of meetings that somebody typed in, and to which figures they are added."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from meetings.models import Meeting, MeetingRequest, MeetingTotals
from meetings.report import figures
from projects.report.figures.base import Figure
from projects.report.subject import Subject

# The figure of each column. What no outcome is told of is a property.
COLUMNS: tuple[tuple[str, Figure], ...] = (
    ("requested", figures.requested),
    ("held", figures.held),
    ("intention", figures.ended_with_intention),
    ("first_contact", figures.first_contact),
    ("keep_talking", figures.keep_talking),
    ("no_interest", figures.no_interest),
    ("not_told", figures.not_told),
)


def totals_of(subject: Subject) -> QuerySet[MeetingTotals]:
    """Return the totals of a subject's events, with whether the site has meetings of its own.

    ``is_beside`` says that it has: then those count, and the totals are only shown beside them.
    """
    own = Exists(Meeting.objects.filter(event=OuterRef("event"))) | Exists(
        MeetingRequest.objects.filter(event=OuterRef("event"))
    )
    return (
        MeetingTotals.objects.filter(subject.events("event"))
        .select_related("event")
        .annotate(is_beside=Q(own))
        .order_by("event__starts_at", "pk")
    )


def add_up(totals: list[MeetingTotals]) -> dict[str, int]:
    """Add the totals of events without meetings of their own, by the keys of the figures."""
    added = [each for each in totals if not each.is_beside]  # type: ignore[attr-defined]  # annotated
    return {
        figure.key: sum(getattr(each, column) or 0 for each in added) for column, figure in COLUMNS
    }
