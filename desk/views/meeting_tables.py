"""The tables of the meetings: one that breaks is closed, and its meetings go elsewhere."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.views.access import at_meetings_desk
from desk.views.meeting import in_words
from desk.views.meeting_desk import frame
from events.models import Event
from meetings.domain import table_closing, timetable
from meetings.domain.table_closing import Proposal
from meetings.models import Meeting, MeetingTable
from summit.lib.web.requests import StaffRequest


@at_meetings_desk
def tables(request: StaffRequest, event: Event) -> HttpResponse:
    """List the tables. Closing one shows where its meetings could go; nothing moves before."""
    rows = list(MeetingTable.objects.filter(event=event).select_related("host__registration"))
    for row in rows:
        row.event = event
    if request.method == "POST":
        name = request.POST.get("table", "")
        table = next((row for row in rows if row.name == name), None)
        if table is not None:
            return _changed(request, event, table)
        messages.error(request, _("This table is no longer there. Reload the page."))
        return redirect("meetings-tables", slug=event.slug)
    context = frame(event, timetable.published(event)) | {
        "tables": [
            {"row": row, "proposals": _in_words(event, table_closing.proposals(row))}
            for row in rows
        ],
    }
    return TemplateResponse(request, "desk/meeting_tables.html", context)


def _changed(request: StaffRequest, event: Event, table: MeetingTable) -> HttpResponse:
    what = request.POST.get("do", "")
    try:
        if what == "close":
            table_closing.close_table(table)
            messages.success(request, _("Table %(table)s is closed.") % {"table": table.name})
        elif what == "reopen":
            table_closing.reopen_table(table)
            messages.success(request, _("Table %(table)s is open again.") % {"table": table.name})
        elif what == "empty":
            left = len(table_closing.empty_table(table))
            messages.success(request, _("Moved. Its people are told by e-mail."))
            if left:
                text = ngettext(
                    "%(number)d meeting has no other place. Call it off, or tell its people.",
                    "%(number)d meetings have no other place. Call them off, or tell their people.",
                    left,
                )
                messages.error(request, text % {"number": left})
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("meetings-tables", slug=event.slug)


def _in_words(event: Event, proposals: list[Proposal]) -> list[dict[str, object]]:
    if not proposals:
        return []
    keys = [each.meeting for each in proposals]
    meetings = Meeting.objects.filter(pk__in=keys).with_people().in_bulk()
    return [
        {
            "meeting": meetings[each.meeting],
            "place": in_words(event, [each.place])[0][1] if each.place else "",
        }
        for each in proposals
    ]
