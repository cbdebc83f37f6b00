"""What a participant says of a meeting on the personal page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models import MeetingFeedback
from summit.lib.web.typed_text import BoundedField

YES, NO = "yes", "no"
# From the best to the worst, as they are read.
RATINGS = (
    ("5", _("5 – very useful")),
    ("4", _("4 – useful")),
    ("3", _("3 – neither")),
    ("2", _("2 – of little use")),
    ("1", _("1 – of no use")),
)


class FeedbackForm(forms.Form):
    """Whether the other side came, how useful it was, and a note."""

    came = forms.ChoiceField(
        label=_("Did the other side come?"),
        choices=((YES, pgettext_lazy("feedback", "Yes")), (NO, pgettext_lazy("feedback", "No"))),
        widget=forms.RadioSelect,
    )
    rating = forms.ChoiceField(
        label=_("How useful was the meeting?"),
        choices=RATINGS,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Leave it empty if the other side did not come."),
    )
    note = BoundedField(
        label=_("Anything else the organizers should know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @staticmethod
    def initial_for(said: MeetingFeedback | None) -> dict[str, Any]:
        if said is None:
            return {}
        return {
            "came": YES if said.other_came else NO,
            "rating": str(said.rating) if said.other_came else "",
            "note": said.note,
        }

    def given(self) -> dict[str, Any]:
        """Return what was chosen in a valid form, as ``feedback.give`` takes it."""
        rating = self.cleaned_data["rating"]
        return {
            "other_came": self.cleaned_data["came"] == YES,
            "rating": int(rating) if rating else None,
            "note": self.cleaned_data["note"],
        }
