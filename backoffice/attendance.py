"""Attendance of an event of before: a number that is typed, with its source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action, explain_refusal
from events.models import Event
from registrations.domain import attendance
from summit.lib.web.typed_text import LineField


class AttendanceForm(forms.Form):
    number = forms.IntegerField(
        label=_("Number of people who came"), required=False, min_value=0, max_value=1_000_000
    )
    source = LineField(
        label=_("Source of the number"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Such as “sign-in sheets” or “news report of 30 October 2020”."),
    )

    @staticmethod
    def initial_for(event: Event) -> dict[str, Any]:
        return {"number": event.typed_attendance, "source": event.typed_attendance_source}


TYPE_ATTENDANCE = Action[Event](
    name="type-attendance",
    label=_("Enter the attendance"),
    explanation=_(
        "For an event without registrations on this site: enter how many people came and the "
        "source of the number. The report shows it as entered by hand, with its source, and "
        "does not add it to other numbers. To remove it, empty both boxes."
    ),
    run=lambda admin, request, event, given: attendance.type_attendance(
        event, by=request.user, **given
    ),
    done=_("The attendance of “%(object)s” has been saved."),
    offered=lambda admin, event: not explain_refusal(attendance.check, event),
    refused=lambda event: explain_refusal(attendance.check, event),
    form=AttendanceForm,
)
