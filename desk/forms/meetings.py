"""What is typed at the desk of the meetings."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models import MeetingOutcome
from summit.lib.web.typed_text import BoundedField, LineField


class PersonForm(forms.Form):
    """What a person is found by."""

    q = LineField(label=_("Name, organization, last digits of the phone or ticket"), max_length=200)


class OutcomeForm(forms.Form):
    """What a meeting ended with. One tap fills in the kind alone; the rest can wait."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Outcome"),
        choices=MeetingOutcome.Kind.choices,
        widget=forms.RadioSelect,
    )
    note = BoundedField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_step = LineField(label=_("Next step"), max_length=300, required=False)
    next_step_by = LineField(label=_("By whom"), max_length=100, required=False)
    due_on = forms.DateField(
        label=pgettext_lazy("next step", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    # Of the outcome that was on the page; 0 where there was none.
    version = forms.IntegerField(
        min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput, initial=0
    )
