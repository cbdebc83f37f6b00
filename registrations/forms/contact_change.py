"""What is typed to put another address or number in the place of a wrong one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.domain import contact_change
from registrations.models import Registration
from summit.lib.web.fields import field_of
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.phones import OwnPhoneField, PhoneField


class OthersField(forms.TypedMultipleChoiceField):
    """Boxes for the other people of one contact; what is cleaned are the keys of those ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, required=False, **kwargs)


class AddressForm(forms.Form):
    """The new address of a person, and for whom else of the old one it counts."""

    email = EmailField(label=_("New e-mail address"))
    others = OthersField(
        label=_("Change it for these people too"),
        help_text=_("They are registered with the same address as you."),
    )

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        choices = sharing_choices(registration)
        if choices:
            field_of(self, "others", OthersField).choices = choices
        else:
            del self.fields["others"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {"others": []} | self.cleaned_data


class NumberForm(forms.Form):
    """The new mobile number of somebody who gave no address."""

    phone = OwnPhoneField(label=_("New mobile number"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phone = field_of(self, "phone", OwnPhoneField)
        phone.needs_mobile = True
        phone.widget.attrs["autocomplete"] = "tel"


class ContactForm(forms.Form):
    """The contact of an attendee as staff put it right."""

    email = EmailField(label=_("E-mail"), required=False)
    phone = PhoneField(label=_("Phone"), max_length=40, required=False)
    others = OthersField(
        label=_("Change it for these people too"),
        help_text=_("They are registered with the same contact."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.initial.pop("sharing", [])
        if choices:
            field_of(self, "others", OthersField).choices = choices
        else:
            del self.fields["others"]

    @staticmethod
    def initial_for(registration: Registration) -> dict[str, Any]:
        return {
            "email": registration.email,
            "phone": registration.phone,
            "sharing": sharing_choices(registration),
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {"others": []} | self.cleaned_data


def sharing_choices(registration: Registration) -> list[tuple[int, str]]:
    """Return the other people with the contact of a registration, by key and name. One query."""
    return list(contact_change.sharing(registration).order_by("pk").values_list("pk", "name"))
