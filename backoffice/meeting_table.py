"""The tables of the meetings of an event. They are added on its page of the workspace."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action, Facts, ForSelected
from backoffice.kit.bilingual import BilingualAdmin, both
from backoffice.kit.labels import pair
from backoffice.kit.searched_filters import by_event
from backoffice.kit.zones import moment_column
from backoffice.meeting_words import hours_of, name_of, say_who_was_told, tell_concerned
from meetings.domain import table_closing, tables
from meetings.domain.concerned import Concerned, concerned_by
from meetings.models import MeetingTable, Participant, Placement
from summit.lib.database.numbers import rows_by_keys
from summit.lib.web.requests import StaffRequest


def _placed_at(rows: QuerySet[MeetingTable]) -> list[Concerned]:
    return concerned_by(Placement.objects.filter(table__in=rows.order_by().values("pk")))


def _facts(rows: QuerySet[MeetingTable]) -> Facts:
    """Say of each table who is placed at it. All of them: who is left out is not warned of."""
    placed = _placed_at(rows)
    return [
        (
            table.name,
            tell_concerned([each for each in placed if each.placement.table_id == table.pk])
            or gettext("No meeting is placed here."),
        )
        for table in rows
    ]


def _still_to_come(row: MeetingTable) -> Facts:
    """Name the published meetings at a table that have not ended."""
    ahead = [each for each in _placed_at(_alone(row)) if each.is_published and each.is_ahead]
    return [(hours_of(each.placement.slot), each.people) for each in ahead] or [
        (row.name, gettext("No meeting is placed here."))
    ]


def _alone(row: MeetingTable) -> QuerySet[MeetingTable]:
    return MeetingTable.objects.filter(pk=row.pk)


def _delete(
    model_admin: ModelAdmin,
    request: StaffRequest,
    rows: QuerySet[MeetingTable],
    _given: dict[str, Any],
) -> int:
    count = rows.count()
    say_who_was_told(model_admin, request, tables.delete_tables(rows))
    return count


def _close(
    _admin: ModelAdmin, _request: StaffRequest, row: MeetingTable, _given: dict[str, Any]
) -> None:
    table_closing.close_table(row)


EXPLAINED = _(
    "The meetings at it are taken out of the draft and of the published schedule, and remain "
    "agreed: they can be placed at another table. People who lose a published place are told."
)
DELETE_TABLES: Action[MeetingTable] = Action(
    name="delete-tables",
    label=_("Delete the table"),
    explanation=EXPLAINED,
    run=lambda admin, request, row, given: _delete_one(admin, request, row),
    done=_("The table is deleted."),
    permission="meetings.delete_meetingtable",
    is_grave=True,
    facts=lambda row: _facts(_alone(row)),
    facts_title=_("Whom it concerns"),
    selected=ForSelected(
        label=_("Delete the selected tables"),
        explanation=EXPLAINED,
        rows=lambda admin, request, rows: rows,
        run=_delete,
        done=ngettext_lazy(
            "%(count)d table was deleted.", "%(count)d tables were deleted.", "count"
        ),
        facts=_facts,
    ),
)


def _delete_one(model_admin: ModelAdmin, request: StaffRequest, row: MeetingTable) -> None:
    say_who_was_told(model_admin, request, tables.delete_tables([row]))


CLOSE_TABLE: Action[MeetingTable] = Action(
    name="close",
    label=_("Close from now"),
    explanation=_(
        "If something breaks: from now on no meeting is placed at it. Those that are placed stay "
        "where they are until somebody moves them, at the desk of the meetings or in the schedule."
    ),
    run=_close,
    done=_("%(object)s is closed."),
    offered=lambda admin, row: row.closed_from is None,
    refused=lambda row: gettext("This table is closed already."),
    facts=_still_to_come,
    facts_title=_("Whom it concerns"),
)

REOPEN_TABLE: Action[MeetingTable] = Action(
    name="reopen",
    label=_("Open again"),
    explanation=_("Meetings can be placed at it again. What was moved stays where it is."),
    run=lambda admin, request, row, given: table_closing.reopen_table(row),
    done=_("%(object)s is open again."),
    offered=lambda admin, row: row.closed_from is not None,
    refused=lambda row: gettext("This table is open."),
)


class HostField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)


@admin.register(MeetingTable)
class MeetingTableAdmin(BilingualAdmin):
    actions = [CLOSE_TABLE, REOPEN_TABLE, DELETE_TABLES]
    view_on_site = False
    unrecorded = ("name", *pair("room"), "seats", "host", "closed_from")
    list_display = ["name", "event", both("room", _("room")), "seats", "closed"]
    list_filter = [by_event("event")]
    list_select_related = ["event"]
    ends_on = "tables"
    fields = ["event", "name", pair("room"), "seats", "host", "closed"]
    readonly_fields = ["event", "closed"]

    closed = moment_column(MeetingTable, "closed_from", zone=lambda row: row.event.zone)

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Several at once, on the page of the event.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MeetingTable | None = None) -> bool:
        # An action says before whom it concerns, and tells them.
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "host":
            match = request.resolver_match
            tables_here = rows_by_keys(
                MeetingTable.objects.all(), [match.kwargs.get("object_id", "") if match else ""]
            )
            people = Participant.objects.admitted().filter(event__meeting_tables__in=tables_here)
            return HostField(
                people.with_person(),
                label=pgettext_lazy("meetings", "Sits at this table"),
                required=False,
                help_text=db_field.help_text,
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def lock_row(self, key: int) -> None:
        MeetingTable.objects.select_for_update(no_key=True).filter(pk=key).first()
