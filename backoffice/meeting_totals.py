"""Totals of the meetings of an event of before: numbers that are typed, with their source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.actions import Action, explain_refusal
from events.models import Event
from meetings.domain import totals
from meetings.models import MeetingTotals
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import LineField

LARGEST = 1_000_000


def _number(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=LARGEST, **options
    )


class TotalsForm(forms.Form):
    requested = _number(_("Meetings requested"), help_text=_("Empty: not known."))
    held = _number(_("Meetings held"))
    intention = _number(pgettext_lazy("totals of meetings", "Of these, ended with an intention"))
    first_contact = _number(pgettext_lazy("totals of meetings", "Of these, first contact"))
    keep_talking = _number(pgettext_lazy("totals of meetings", "Of these, keep talking"))
    no_interest = _number(pgettext_lazy("totals of meetings", "Of these, no interest"))
    source = LineField(
        label=_("Source of the numbers"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Such as “minutes of the organizer” or “news report of 30 October 2020”."),
    )

    @staticmethod
    def initial_for(event: Event) -> dict[str, Any]:
        kept = MeetingTotals.objects.filter(event=event).first()
        if kept is None:
            return {}
        return {name: getattr(kept, name) for name in TotalsForm.base_fields}


def _enter(_admin: Any, request: StaffRequest, event: Event, given: dict[str, Any]) -> None:
    totals.enter_totals(event, by=request.user, **given)


TYPE_TOTALS = Action[Event](
    name="type-meetings",
    label=_("Enter totals of meetings"),
    explanation=_(
        "For one-to-one meetings that were not arranged on this site: enter how many there were, "
        "how they ended, and the source of the numbers. Meetings without an outcome are worked "
        "out. The report marks the numbers as entered by hand and adds them up over events; where "
        "the event has meetings on this site, those count, and these numbers are only shown "
        "beside them. To remove them, empty all boxes."
    ),
    run=_enter,
    done=_("The totals of meetings of “%(object)s” have been saved."),
    offered=lambda admin, event: not explain_refusal(totals.check, event),
    refused=lambda event: explain_refusal(totals.check, event),
    form=TotalsForm,
)
