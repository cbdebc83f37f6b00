"""What a visitor types to express interest."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from interests.domain.receiving import About, Visitor
from interests.models.interest import LONGEST_MESSAGE
from interests.models.wording import PRESENT, WORDINGS
from registrations.forms.details import NameField
from registrations.forms.human import HumanForm
from summit.lib.i18n.languages import current
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.phones import OwnPhoneField
from summit.lib.web.typed_text import BoundedField, LineField


class InterestForm(HumanForm):
    """Name, organization, a phone number or an address, and what it is about."""

    name = NameField(label=_("Your name"), max_length=100)
    organization_name = LineField(
        label=pgettext_lazy("attendee", "Organization"), max_length=200, required=False
    )
    phone = OwnPhoneField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("A phone number or an e-mail address is enough."),
    )
    email = EmailField(label=_("E-mail"), required=False)
    message = BoundedField(
        label=pgettext_lazy("interest", "Message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    agrees = forms.BooleanField(label=WORDINGS[PRESENT], required=False)

    def __init__(self, *args: Any, about: About, **kwargs: Any) -> None:
        super().__init__(*args, purpose=self.purpose_of(about), **kwargs)
        for name, token in (
            *(("name", "name"), ("organization_name", "organization")),
            *(("phone", "tel"), ("email", "email")),
        ):
            self.fields[name].widget.attrs["autocomplete"] = token
        for name in ("phone", "email"):
            self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]  # a BoundedField
        if isinstance(about, Event):
            # The organizers read it themselves: there is nobody to pass it on to.
            del self.fields["agrees"]

    @staticmethod
    def purpose_of(about: About) -> str:
        """Return the purpose of the stamps of the form about one row."""
        return f"interest {about._meta.model_name} {about.pk}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_refused = {"phone", "email"} & self.errors.keys()
        if not is_refused and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error(
                "phone",
                ValidationError(_("Enter a phone number or an e-mail address."), code="no_contact"),
            )
        return cleaned

    def visitor(self) -> Visitor:
        """Return what was typed into a valid form."""
        return Visitor(
            name=self.cleaned_data["name"],
            organization_name=self.cleaned_data["organization_name"],
            phone=self.cleaned_data["phone"],
            email=self.cleaned_data["email"],
            message=self.cleaned_data["message"],
            agrees=self.cleaned_data.get("agrees", False),
            language=current(),
        )
