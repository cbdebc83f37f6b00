"""A form that only a person can send, once for each page that shows it."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registrations.forms.stamp import Stamp
from summit.lib.given import given
from summit.lib.web.typed_text import BoundedField


class HumanForm(forms.Form):
    """A form that a person fills in: a trap that only programs see, and a minimum of time.

    A browser that fills in forms may fall into the trap for a person. So the trap comes back
    empty, and a form that was refused for it once is taken when it is sent again. Its stamp
    is of one purpose, such as the registration for one event, and is used once.
    """

    data: QueryDict

    # A name that no browser and no keeper of passwords knows a text for.
    leave_empty = BoundedField(required=False, max_length=500, label=_("Leave this empty"))
    shown_at = BoundedField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose = purpose
        self.stamp: Stamp | None = None
        self.fields["shown_at"].initial = str(Stamp.issue(purpose))
        self.initial.pop("leave_empty", None)
        self.fields["leave_empty"].widget.attrs |= {
            "tabindex": "-1",
            "autocomplete": "off",
            "data-1p-ignore": "true",
            "data-lpignore": "true",
            "data-bwignore": "true",
            "data-form-type": "other",
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        self.stamp = Stamp.read(cleaned.get("shown_at") or "", self.purpose)
        if self.stamp is None and self.is_bound:
            # A page left open overnight can still be sent: with a stamp of now.
            self._renew_stamp(Stamp.issue(self.purpose))
        is_trapped = self.data.get(self.add_prefix("leave_empty"), "") != ""
        if is_trapped:
            self._empty_trap()
        if is_trapped and self.stamp is not None and not self.stamp.is_of_refused:
            self._renew_stamp(
                Stamp.issue(self.purpose, shown_at=self.stamp.shown_at, is_of_refused=True)
            )
            raise ValidationError(
                _(
                    "A hidden field of this form was filled in, perhaps by your browser. It "
                    "has been cleared: check the form and send it again."
                ),
                code="trapped",
            )
        if self.stamp is None or self.stamp.age < settings.FORM_MIN_SECONDS:
            raise ValidationError(
                _(
                    "The form was sent unusually fast, or it has expired. Check it and send it "
                    "again."
                ),
                code="too_quick",
            )
        return cleaned

    def _empty_trap(self) -> None:
        data = self.data.copy()
        data[self.add_prefix("leave_empty")] = ""
        self.data = data
        # Whatever was in it, and however long it was, is no mistake of the person.
        self.errors.pop("leave_empty", None)

    def sent_before(self) -> ValidationError:
        """Return the refusal of a form whose stamp was used before.

        The page that says so has a new stamp, so that the form can be sent again.
        """
        # Of the same age: the person has looked at the page for as long.
        self._renew_stamp(Stamp.issue(self.purpose, shown_at=given(self.stamp).shown_at))
        return ValidationError(
            _(
                "This form has already been sent, and we have received it. To send the "
                "current entries as well, press the button again."
            ),
            code="used",
        )

    def _renew_stamp(self, stamp: Stamp) -> None:
        data = self.data.copy()
        data[self.add_prefix("shown_at")] = str(stamp)
        self.data = data
