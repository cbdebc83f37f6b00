"""What is asked before something of an event is printed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.exports import sign_in_sheet
from registrations.models import Registration
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.i18n.languages import OWN_NAMES
from summit.lib.web.fields import field_of

# Chinese and English side by side.
BOTH = "both"


class LanguageForm(forms.Form):
    # Two forms stand on one page.
    use_required_attribute = False

    language = forms.ChoiceField(label=_("Language"), choices=OWN_NAMES.items())


class ProgrammeForm(LanguageForm):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[*OWN_NAMES.items(), (BOTH, _("Chinese and English side by side"))],
    )


class SignedForm(LanguageForm):
    confidential = forms.BooleanField(label=_("Include confidential intentions"), required=False)


ORDERS = {
    sign_in_sheet.BY_ORGANIZATION: _("by organization"),
    sign_in_sheet.BY_NAME: _("by name, Chinese ones by pinyin"),
}
PHONES = [
    (sign_in_sheet.MASKED, _("masked, as in 138 **** 5678")),
    (sign_in_sheet.WHOLE, _("in full")),
    (sign_in_sheet.NO_PHONE, _("left out")),
]


class SignInForm(LanguageForm):
    """Of an event. Phones are told in full to those alone who may export attendees."""

    category = forms.ChoiceField(
        label=_("Who"),
        required=False,
        choices=[("", _("everybody with a confirmed place")), *Registration.Category.choices],
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=ORDERS.items(),
    )
    phone = forms.ChoiceField(label=_("Phone"), initial=sign_in_sheet.MASKED)
    blank = forms.IntegerField(
        label=_("Empty lines at the end"), initial=5, min_value=0, max_value=100
    )

    def __init__(self, *args: Any, event: Event, may_see_phones: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        field_of(self, "phone", forms.ChoiceField).choices = [
            each for each in PHONES if may_see_phones or each[0] != sign_in_sheet.WHOLE
        ]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        count = self.people.count()
        if not count:
            self.add_error("category", _("Nobody here has a confirmed place."))
        if count > sign_in_sheet.MOST:
            words = _(
                "There are %(count)d people, and a sheet holds at most %(most)d. Choose a category."
            )
            self.add_error("category", words % {"count": count, "most": sign_in_sheet.MOST})
        return cleaned

    @property
    def people(self) -> RegistrationQuerySet:
        return sign_in_sheet.expected(self.event, self.cleaned_data.get("category", ""))
