"""Recording what came of a meeting, on its page."""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice import intention_fields
from backoffice.kit.actions import Action
from backoffice.meeting_actions import what_is_known
from backoffice.meeting_columns import outcome_of
from meetings.domain import outcome as outcomes
from meetings.models import Meeting, MeetingOutcome
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import LineField

Status = Meeting.Status


class OutcomeForm(forms.Form):
    kind = forms.ChoiceField(
        label=pgettext_lazy("meetings", "Outcome"),
        choices=MeetingOutcome.Kind.choices,
        widget=forms.RadioSelect,
    )
    note = intention_fields.text(pgettext_lazy("meetings", "Note"), length=2000, rows=4)
    next_step = LineField(
        label=_("Next step"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    next_step_by = LineField(
        label=_("By whom"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    due_on = intention_fields.day(pgettext_lazy("next step", "Until"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    @staticmethod
    def initial_for(meeting: Meeting) -> dict[str, Any]:
        outcome = outcome_of(meeting)
        if outcome is None:
            return {"version": 0}
        names = ("kind", "note", "next_step", "next_step_by", "due_on", "version")
        return {name: getattr(outcome, name) for name in names}


def _record(
    _admin: ModelAdmin, request: StaffRequest, meeting: Meeting, given: dict[str, Any]
) -> None:
    version = given.pop("version") or 0
    outcomes.record(meeting, by=request.user, version=version, **given)


def _may_have_ended(meeting: Meeting) -> bool:
    return meeting.status not in (Status.CANCELLED, Status.NO_SHOW)


RECORD: Action[Meeting] = Action(
    name="outcome",
    label=_("Record the outcome"),
    explanation=_(
        "What the meeting ended with, and what is to be done next. A meeting that nobody marked "
        "counts as held from then on."
    ),
    run=_record,
    done=_("The outcome of %(object)s has been saved."),
    offered=lambda admin, meeting: _may_have_ended(meeting),
    label_of=lambda meeting: (
        _("Change the outcome") if outcome_of(meeting) else _("Record the outcome")
    ),
    form=OutcomeForm,
    facts=what_is_known,
    # The form brings the version of the outcome; a tap at the desk decides nothing here.
    version=lambda meeting: meeting.pk,
    is_main=True,
)
