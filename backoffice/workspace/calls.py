"""The calls of an event, and what was handed in to them."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse

from backoffice.kit.way_back import add_url, change_url
from backoffice.kit.zones import short_moment
from backoffice.workspace.page import EventPage
from events.models import Event
from events.models.scope import readable
from submissions.models import Call, Submission
from submissions.models.reviewed import is_waiting
from summit.lib.i18n.names import staff_name

Status = Submission.Status
# As many are shown; the list has all of them.
SHOWN = 100


def list_calls(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Find the calls of the event and of its series, each with its numbers. A panel: one query."""
    handed_in = ~Q(submissions__status__in=Submission.NOT_HANDED_IN)
    rows = readable(Call.objects.of_event(event), request.user).select_related("event")
    rows = rows.annotate(
        handed_in=Count("submissions", filter=handed_in & Q(submissions__isnull=False)),
        waiting=Count("submissions", filter=is_waiting("submissions")),
    )
    listed = reverse("admin:submissions_submission_changelist")
    may_read = request.user.has_perm("submissions.view_submission")
    may_add = request.user.has_perm("submissions.add_call")
    return {
        "calls": [
            (
                call,
                change_url(call, request.path),
                short_moment(call.closes_at, call.zone),
                f"{listed}?call__id__exact={call.pk}" if may_read else "",
            )
            for call in rows
        ],
        "add_url": add_url(Call, request.path, event=event.pk) if may_add else "",
    }


def list_submissions(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Find what waits for review, the oldest first, and count all. A panel: two queries."""
    rows = readable(Submission.objects.filter(call__event=event), request.user).order_by()
    waiting = rows.waiting().select_related("call", "reviewer")
    found = list(waiting.order_by("sent_at", "pk")[: SHOWN + 1])
    accepted = Q(status__in=[Status.ACCEPTED, Status.PARTLY_ACCEPTED])
    return {
        "submissions": [
            (
                row,
                change_url(row, request.path),
                short_moment(row.sent_at or row.saved_at, event.zone),
                staff_name(row.reviewer),
            )
            for row in found[:SHOWN]
        ],
        "are_more": len(found) > SHOWN,
        "numbers": rows.aggregate(
            handed_in=Count("pk", filter=~Q(status__in=Submission.NOT_HANDED_IN)),
            waiting=Count("pk", filter=is_waiting()),
            accepted=Count("pk", filter=accepted),
            drafts=Count("pk", filter=Q(status=Status.DRAFT)),
        ),
        "all_url": reverse("admin:submissions_submission_changelist")
        + f"?event__id__exact={event.pk}",
    }


class CallsPage(EventPage):
    name = "calls"
    change_form_template = "backoffice/workspace/calls.html"
    panels = [list_calls]


class SubmissionsPage(EventPage):
    name = "submissions"
    change_form_template = "backoffice/workspace/submissions.html"
    panels = [list_submissions]
