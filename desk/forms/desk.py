"""What is typed at a door."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registrations.domain.registration import Applicant
from registrations.forms.details import ask
from registrations.forms.ticket import TicketField
from registrations.models import Registration, RegistrationSettings
from summit.lib.i18n.languages import OWN_NAMES, current
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.phones import PhoneField
from summit.lib.web.typed_text import LineField


class SearchForm(forms.Form):
    """A name or anything else a person is found by, or a whole ticket."""

    q = LineField(label=_("Name, e-mail, organization, phone or ticket"), max_length=200)
    at_once = forms.BooleanField(required=False)
    # Set by the camera, which knows that this is meant as a ticket.
    scanned = forms.BooleanField(required=False)


class WalkInForm(forms.Form):
    """Somebody who comes without a registration; staff type, or the person does.

    The form brings the ticket, so that one whose answer was lost can be sent again.
    """

    name = LineField(label=_("Name"), max_length=100)
    email = EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Without an address no personal link can be e-mailed."),
    )
    organization_name = LineField(
        label=pgettext_lazy("attendee", "Organization"), max_length=200, required=False
    )
    position = LineField(label=_("Position"), max_length=100, required=False)
    phone = PhoneField(label=_("Phone"), max_length=40, required=False)
    category = forms.ChoiceField(
        label=_("Comes as"), choices=[("", "—"), *Registration.Category.choices]
    )
    language = forms.ChoiceField(label=_("Language of the e-mails"), choices=OWN_NAMES.items())
    consent = forms.BooleanField(
        label=_("This person has read the privacy notice and agrees"),
        error_messages={
            "required": _("Without this person’s consent the registration may not be kept.")
        },
    )
    ticket = TicketField()

    def __init__(self, *args: Any, settings: RegistrationSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, how in (
            ("phone", settings.phone_asked),
            ("organization_name", settings.ask_organization),
            ("position", settings.ask_position),
        ):
            # What the event does not ask of others is not asked here; the rest can wait.
            ask(self, name, how if how == RegistrationSettings.Ask.NO else "")
        self.fields["language"].initial = current()
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                # What the person before typed is nothing to suggest to the next one.
                field.widget.attrs["autocomplete"] = "off"

    def applicant(self) -> Applicant:
        names = ("name", "email", "category", "language", "ticket")
        asked = {
            name: self.cleaned_data.get(name, "")
            for name in ("phone", "organization_name", "position")
        }
        return Applicant(**{name: self.cleaned_data[name] for name in names}, **asked)
