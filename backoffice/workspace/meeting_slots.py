"""The slots of the meetings of an event: made for a part of a day, ticked to be deleted."""

import datetime as dt
from collections import Counter
from itertools import groupby
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice.meeting_slot import DELETE_SLOTS
from backoffice.workspace.meetings import (
    delete_ticked,
    explain_no_meetings,
    lead_to_parts,
)
from backoffice.workspace.page import EventPage
from backoffice.workspace.rows import Newcomers, RowForm, Rows
from events.models import Event
from meetings.domain import slots
from meetings.models import MeetingSlot, Placement, ScheduleVersion
from summit.lib.i18n import clock
from summit.lib.i18n.languages import Words
from summit.lib.web.moment_fields import DayField

Version = ScheduleVersion.Status
# A row for each of so many days is there to be filled in.
DAYS = 5


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class SlotsForm(RowForm):
    counted = ("start", "end")

    day = DayField(label=_("Day"))
    start = forms.TimeField(label=pgettext_lazy("slots", "From"), widget=TimeInput)
    end = forms.TimeField(label=pgettext_lazy("slots", "Until"), widget=TimeInput)
    minutes = forms.IntegerField(
        label=_("Minutes of a meeting"), min_value=slots.SHORTEST, max_value=slots.LONGEST
    )
    pause = forms.IntegerField(
        label=_("Minutes between two"), min_value=0, max_value=slots.LONGEST, initial=0
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settings = self.event.meeting_settings
        self.fields["minutes"].initial = settings.slot_minutes

    def add(self, newcomers: Newcomers) -> None:
        given = self.cleaned_data
        slots.add_slots(
            self.event,
            day=given["day"],
            start=given["start"],
            end=given["end"],
            minutes=given["minutes"],
            pause=given["pause"],
        )


def _a_row_a_day(event: Event, _user: User) -> list[dict[str, Any]]:
    last = event.ends_at.astimezone(event.zone).date()
    days = (last - event.starts_on).days + 1
    return [
        {"day": event.starts_on + dt.timedelta(days=number), "pause": 0}
        | {"minutes": event.meeting_settings.slot_minutes}
        for number in range(min(days, DAYS))
    ]


ROWS = Rows(
    form=SlotsForm,
    title=_("Add slots"),
    help_text=_(
        "A row makes equal slots for a part of a day, such as 09:00 to 12:00. All tables have "
        "them at once. Leave out the time of lunch and of speeches that everybody hears."
    ),
    done=ngettext_lazy(
        "Slots were added for %(count)d part of a day.",
        "Slots were added for %(count)d parts of days.",
        "count",
    ),
    permissions=("meetings.add_meetingslot",),
    begin=_a_row_a_day,
    empty=1,
)


def list_slots(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """List the slots by days, each with how many meetings are in it. A panel: two queries."""
    of_event = Placement.objects.filter(version__event=event).order_by()
    counted = of_event.exclude(version__status=Version.SUPERSEDED)
    placed: Counter[tuple[int, str]] = Counter()
    for slot, status, number in counted.values_list("slot", "version__status").annotate(
        Count("pk")
    ):
        placed[slot, status] = number
    found: list[tuple[Any, ...]] = [
        (
            slot,
            *(clock.hours(each.astimezone(event.zone)) for each in (slot.starts_at, slot.ends_at)),
            placed[slot.pk, Version.DRAFT],
            placed[slot.pk, Version.PUBLISHED],
        )
        for slot in MeetingSlot.objects.filter(event=event)
    ]
    by_day = groupby(found, key=lambda each: each[0].starts_at.astimezone(event.zone).date())
    return {
        "days": [(clock.date(day), list(of_day)) for day, of_day in by_day],
        "zone_name": clock.zone_name(event.zone, event.starts_at),
        "may_delete": request.user.has_perm(DELETE_SLOTS.permission),
    }


class SlotsPage(EventPage):
    """The slots that there are, with boxes to tick, above rows that make more.

    Overrides ``respond``: what is ticked leads to the page that says whom it concerns.
    """

    name = "slots"
    change_form_template = "backoffice/workspace/meeting_slots.html"
    panels = [lead_to_parts, list_slots]
    rows = ROWS

    def explain_none(self, event: Event) -> Words:
        return explain_no_meetings(event)

    def respond(self, request: HttpRequest, object_id: str) -> HttpResponse:
        none = _("Tick the slots to delete first.")
        led = delete_ticked(self, request, DELETE_SLOTS, MeetingSlot, none=none)
        return led or super().respond(request, object_id)
