"""The tables of the meetings of an event: many are added at once, each has a page of its own."""

from collections import Counter
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice.kit.labels import pair
from backoffice.kit.way_back import change_url
from backoffice.kit.zones import short_moment
from backoffice.meeting_table import DELETE_TABLES
from backoffice.workspace.boxes import both_lines
from backoffice.workspace.meetings import (
    delete_ticked,
    explain_no_meetings,
    lead_to_parts,
)
from backoffice.workspace.page import EventPage
from backoffice.workspace.rows import Newcomers, RowForm, Rows
from events.models import Event
from meetings.domain import tables
from meetings.models import MeetingTable, Placement, ScheduleVersion
from summit.lib.i18n.languages import Words
from summit.lib.web.typed_text import LineField


class TablesForm(RowForm):
    counted = ("tables",)
    names = {"names": "tables"}

    tables = LineField(label=_("Names"), max_length=500)
    seats = forms.IntegerField(
        label=pgettext_lazy("of a table", "Seats"), min_value=2, max_value=100, initial=4
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= both_lines(MeetingTable, "room")

    def clean_tables(self) -> list[str]:
        return tables.names_in(self.cleaned_data["tables"])

    def add(self, newcomers: Newcomers) -> None:
        given = self.cleaned_data
        tables.add_tables(
            self.event,
            given["tables"],
            seats=given["seats"],
            room={name: given[name] for name in pair("room")},
        )


ROWS = Rows(
    form=TablesForm,
    title=_("Add tables"),
    help_text=_(
        "Enter a range such as A1–A24, or names with commas between them. Seats are those of all "
        "who sit there, the interpreter among them."
    ),
    done=ngettext_lazy(
        "The tables of %(count)d row were added.",
        "The tables of %(count)d rows were added.",
        "count",
    ),
    permissions=("meetings.add_meetingtable",),
    empty=2,
)


def list_tables(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """List the tables, each with how many meetings are placed at it. A panel: two queries."""
    current = Placement.objects.filter(version__event=event).order_by()
    current = current.exclude(version__status=ScheduleVersion.Status.SUPERSEDED)
    placed: Counter[tuple[int, str]] = Counter()
    for table, status, number in current.values_list("table", "version__status").annotate(
        Count("pk")
    ):
        placed[table, status] = number
    rows = MeetingTable.objects.filter(event=event).select_related("host__registration")
    return {
        "tables": [
            (
                table,
                change_url(table, request.path),
                table.host.registration.name if table.host else "",
                short_moment(table.closed_from, event.zone) if table.closed_from else "",
                placed[table.pk, ScheduleVersion.Status.PUBLISHED],
                placed[table.pk, ScheduleVersion.Status.DRAFT],
            )
            for table in rows
        ],
        "may_delete": request.user.has_perm(DELETE_TABLES.permission),
    }


class TablesPage(EventPage):
    """The tables that there are, with boxes to tick, above rows that add more.

    Overrides ``respond``: what is ticked leads to the page that says whom it concerns.
    """

    name = "tables"
    change_form_template = "backoffice/workspace/meeting_tables.html"
    panels = [lead_to_parts, list_tables]
    rows = ROWS

    def explain_none(self, event: Event) -> Words:
        return explain_no_meetings(event)

    def respond(self, request: HttpRequest, object_id: str) -> HttpResponse:
        none = _("Tick the tables to delete first.")
        led = delete_ticked(self, request, DELETE_TABLES, MeetingTable, none=none)
        return led or super().respond(request, object_id)
