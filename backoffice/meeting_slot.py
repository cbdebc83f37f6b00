"""The slots of the meetings of an event. They are made on its page of the workspace."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action, Facts, ForSelected
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.searched_filters import by_event
from backoffice.kit.zones import moment_column
from backoffice.meeting_words import hours_of, say_who_was_told, tell_concerned
from meetings.domain import slots
from meetings.domain.concerned import concerned_by
from meetings.models import MeetingSlot, Placement
from summit.lib.web.requests import StaffRequest


def _facts(rows: QuerySet[MeetingSlot]) -> Facts:
    """Say of each slot who is placed in it. All of them: whoever is left out is not warned of."""
    placed = concerned_by(Placement.objects.filter(slot__in=rows.order_by().values("pk")))
    return [
        (
            hours_of(slot),
            tell_concerned([each for each in placed if each.placement.slot_id == slot.pk])
            or gettext("No meeting is placed here."),
        )
        for slot in rows.select_related("event")
    ]


def _delete(
    model_admin: ModelAdmin,
    request: StaffRequest,
    rows: QuerySet[MeetingSlot],
    _given: dict[str, Any],
) -> int:
    count = rows.count()
    say_who_was_told(model_admin, request, slots.delete_slots(rows))
    return count


def _delete_one(
    model_admin: ModelAdmin, request: StaffRequest, row: MeetingSlot, _given: dict[str, Any]
) -> None:
    say_who_was_told(model_admin, request, slots.delete_slots([row]))


DELETE_SLOTS: Action[MeetingSlot] = Action(
    name="delete-slots",
    label=_("Delete the slot"),
    explanation=_(
        "The meetings in it are taken out of the draft and of the published schedule, and remain "
        "agreed: they can be placed in another slot. People who lose a published place are told."
    ),
    run=_delete_one,
    done=_("The slot is deleted."),
    permission="meetings.delete_meetingslot",
    is_grave=True,
    facts=lambda row: _facts(MeetingSlot.objects.filter(pk=row.pk)),
    facts_title=_("Whom it concerns"),
    selected=ForSelected(
        label=_("Delete the selected slots"),
        explanation=_(
            "The meetings in them are taken out of the draft and of the published schedule, and "
            "remain agreed: they can be placed in other slots. People who lose a published place "
            "are told."
        ),
        rows=lambda admin, request, rows: rows,
        run=_delete,
        done=ngettext_lazy("%(count)d slot was deleted.", "%(count)d slots were deleted.", "count"),
        facts=_facts,
    ),
)


@admin.register(MeetingSlot)
class MeetingSlotAdmin(ReadOnly, SummitAdmin):
    actions = [DELETE_SLOTS]
    list_display = ["event", "starts", "ends"]
    list_filter = [by_event("event")]
    list_select_related = ["event"]
    ends_on = "slots"
    fields = readonly_fields = ("event", "starts", "ends")

    starts = moment_column(MeetingSlot, "starts_at", zone=lambda row: row.event.zone)
    ends = moment_column(MeetingSlot, "ends_at", zone=lambda row: row.event.zone)
