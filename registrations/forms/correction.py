"""Forms that change what was given when registering."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registrations.forms.details import OWN_CATEGORIES, ContactForm, DetailsForm, ask
from registrations.forms.registration import ContactPersonForm
from registrations.models import Registration, RegistrationGroup, RegistrationSettings
from summit.lib.i18n.languages import OWN_NAMES
from summit.lib.web.fields import field_of
from summit.lib.web.phones import OwnPhoneField
from summit.lib.web.typed_text import LineField


class CorrectionForm(DetailsForm):
    """An attendee's own data; the address is what the person is known by and stays."""

    organization_name = LineField(label=pgettext_lazy("attendee", "Organization"), max_length=200)
    category = forms.ChoiceField(label=_("Category"), choices=Registration.Category.choices)
    language = forms.ChoiceField(label=_("Language of our e-mails"), choices=OWN_NAMES.items())
    asks_sensitive = True
    field_order = ("name", "phone", "organization_name", "position", "category", "language")

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        initial = {name: getattr(registration, name) for name in self.field_order}
        answers = {answer.question_id: answer.value for answer in registration.answers.all()}
        sensitive = {each.pk for each in kwargs["questions"] if each.is_sensitive}
        initial |= {
            f"question_{key}": value for key, value in answers.items() if key not in sensitive
        }
        super().__init__(*args, initial=initial, answers=answers, **kwargs)
        field_of(self, "category", forms.ChoiceField).choices = [
            *OWN_CATEGORIES,
            *(
                (value, label)
                for value, label in Registration.Category.choices
                if value == registration.category in Registration.CATEGORIES_OF_STAFF
            ),
        ]
        ask(self, "organization_name", kwargs["event_settings"].ask_organization)
        if registration.is_owner_here:
            # The proven number is changed by a code to the new one.
            self.fields.pop("phone", None)
        if registration.phone_key and not registration.email_key and "phone" in self.fields:
            # The number is the only way to reach the person.
            phone = field_of(self, "phone", OwnPhoneField)
            phone.required = phone.needs_mobile = True
        self.order_fields(self.field_order)

    def changes(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in self.field_order if name in data}


class MemberForm(CorrectionForm):
    """What a contact person corrects of one of a group: answers nothing sensitive for others."""

    asks_sensitive = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["language"]


class GroupContactForm(ContactPersonForm):
    """How the contact person of a group is reached, to be put right at once."""

    def __init__(self, *args: Any, group: RegistrationGroup, **kwargs: Any) -> None:
        initial = {"email": group.email, "phone": group.phone}
        super().__init__(*args, initial=initial, **kwargs)
        del self.fields["name"]

    def typed_contact(self) -> dict[str, str]:
        data = self.cleaned_data
        return {"email": data["email"], "phone": data.get("phone", "")}


class TypedForm(ContactForm):
    """What somebody has just typed, to be put right at once: the contact as well."""

    organization_name = LineField(label=pgettext_lazy("attendee", "Organization"), max_length=200)
    category = forms.ChoiceField(label=_("Category"), choices=OWN_CATEGORIES)

    def __init__(
        self,
        *args: Any,
        registration: Registration,
        event_settings: RegistrationSettings,
        **kwargs: Any,
    ) -> None:
        names = ("name", "phone", "email", "organization_name", "position", "category")
        initial: dict[str, Any] = {name: getattr(registration, name) for name in names}
        answers = {answer.question_id: answer.value for answer in registration.answers.all()}
        initial |= {f"question_{key}": value for key, value in answers.items()}
        super().__init__(
            *args, event_settings=event_settings, initial=initial, answers=answers, **kwargs
        )
        ask(self, "organization_name", event_settings.ask_organization)
        self.names = [name for name in names if name in self.fields]

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}
