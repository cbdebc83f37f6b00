"""The interest that visitors expressed in an event, and in what was shown at it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from backoffice.kit.way_back import change_url
from backoffice.kit.zones import short_moment
from backoffice.workspace.page import EventPage
from events.models import Event
from interests.domain.counts import chain_of
from interests.models import Interest
from projects.report.subject import Subject
from summit.lib.i18n.names import staff_name

# As many are shown; the list has all of them.
SHOWN = 100


def list_interests(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Find what is open, the newest first, and how far all of them came. A panel: four queries."""
    rows = list(Interest.objects.filter(event=event).open().with_about()[: SHOWN + 1])
    return {
        "interests": [
            (
                row,
                change_url(row, request.path),
                short_moment(row.received_at, event.zone),
                staff_name(row.assigned_to),
            )
            for row in rows[:SHOWN]
        ],
        "are_more": len(rows) > SHOWN,
        "numbers": chain_of(Subject(event)),
        "all_url": reverse("admin:interests_interest_changelist") + f"?event__id__exact={event.pk}",
    }


class InterestsPage(EventPage):
    name = "interests"
    change_form_template = "backoffice/workspace/interests.html"
    panels = [list_interests]
