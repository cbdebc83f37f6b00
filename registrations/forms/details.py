"""What a form asks of a person: name, contact, position and the event's own questions."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registrations.models import Question, Registration, RegistrationSettings
from summit.lib.web.fields import field_of
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.phones import OwnPhoneField, landline, mobile_key
from summit.lib.web.typed_text import LineField

Ask = RegistrationSettings.Ask
Contact = RegistrationSettings.Contact
OWN_CATEGORIES = [
    (value, label)
    for value, label in Registration.Category.choices
    if value not in Registration.CATEGORIES_OF_STAFF
]
# What a mail program would make a link of. A short form before a name is none: Dr.Wang.
# Each run of letters is read from its beginning only, so that the work grows with the length.
_WEB_ADDRESS = re.compile(
    r"://|(?<![a-z0-9-])(?!(?:dipl|dr|ing|jr|med|mr|mrs|ms|prof|st)\.)[a-z0-9-]{2,}+\.[a-z]{2}",
    re.IGNORECASE | re.ASCII,
)


def ask(form: forms.Form, name: str, how: str) -> None:
    """Leave a field out, or make it required, as the event's settings say."""
    if how == Ask.NO:
        del form.fields[name]
    else:
        form.fields[name].required = how == Ask.REQUIRED


class NameField(LineField):
    """The name of a person, with which our mails begin: strangers advertise nothing in them."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if _WEB_ADDRESS.search(value):
            raise ValidationError(
                _("Enter only the name, without a web address. Put a space after a dot."),
                code="web_address",
            )


class DetailsForm(forms.Form):
    """Name, phone, position and the event's own questions: what can be corrected later, too."""

    name = NameField(label=_("Name"), max_length=100)
    phone = OwnPhoneField(label=_("Phone"), max_length=40)
    position = LineField(label=_("Position"), max_length=100)

    def __init__(
        self,
        *args: Any,
        event_settings: RegistrationSettings,
        questions: list[Question],
        answers: dict[int, object] | None = None,
        **kwargs: Any,
    ) -> None:
        """``answers`` are those given so far: what was chosen can be kept, offered or not."""
        super().__init__(*args, **kwargs)
        for name, token in (("name", "name"), ("phone", "tel"), ("position", "organization-title")):
            self.fields[name].widget.attrs["autocomplete"] = token
        ask(self, "phone", event_settings.phone_asked)
        ask(self, "position", event_settings.ask_position)
        self.questions = [
            each for each in questions if self.asks_sensitive or not each.is_sensitive
        ]
        for question in self.questions:
            given_before = (answers or {}).get(question.pk)
            self.fields[self.key(question)] = _field(question, given_before)
            if question.is_sensitive:
                self._ask_consent(question, given_before)

    # A person answers a sensitive question for themselves alone.
    asks_sensitive = False

    def _ask_consent(self, question: Question, given_before: object) -> None:
        """Put the box of its own consent under a sensitive question; what is kept is not shown."""
        field = self.fields[self.key(question)]
        field.widget.attrs |= {"autocomplete": "off"}
        if given_before not in (None, ""):
            field.required = False
            field.help_text = _("An answer is saved. Leave this empty to keep it.")
        box = forms.BooleanField(label=question.consent, required=False)
        self.fields[self.consent_key(question)] = box

    @staticmethod
    def key(question: Question) -> str:
        return f"question_{question.pk}"

    @staticmethod
    def consent_key(question: Question) -> str:
        return f"question_{question.pk}_consent"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for question in self.questions:
            if not question.is_sensitive or not self._is_answered(question):
                continue
            key = self.consent_key(question)
            if not self.cleaned_data.get(key):
                said = _("Tick the box, or leave the answer empty.")
                self.add_error(key, ValidationError(said, code="no_consent"))
        return cleaned

    def _is_answered(self, question: Question) -> bool:
        return self.cleaned_data.get(self.key(question)) not in ("", None, [])

    def answers(self) -> dict[int, object]:
        """Return the answers by primary key of their question.

        A sensitive one that was left empty is not among them: what is kept stays.
        """
        return {
            question.pk: self.cleaned_data.get(self.key(question))
            for question in self.questions
            if not question.is_sensitive or self._is_answered(question)
        }


class ContactForm(DetailsForm):
    """A person with a mobile number or an address, whichever the event takes as the contact."""

    email = EmailField(label=_("E-mail"))
    needs_contact = True

    def __init__(self, *args: Any, event_settings: RegistrationSettings, **kwargs: Any) -> None:
        super().__init__(*args, event_settings=event_settings, **kwargs)
        self.contact = event_settings.contact
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["email"].required = self.contact == Contact.EMAIL
        if self.contact == Contact.EMAIL:
            self.order_fields(("name", "email", "phone", "position"))
            return
        phone = field_of(self, "phone", OwnPhoneField)
        phone.label = _("Mobile number")
        phone.needs_mobile = self.contact == Contact.PHONE
        if self.contact == Contact.EITHER:
            phone.help_text = _("A mobile number or an e-mail address is enough.")
            phone.is_one_of_two = True
            field_of(self, "email", EmailField).is_one_of_two = True
        self.order_fields(("name", "phone", "email", "position"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if self.contact != Contact.EITHER or {"phone", "email"} & self.errors.keys():
            return cleaned
        phone, email = cleaned.get("phone", ""), cleaned.get("email", "")
        if self.needs_contact and not phone and not email and self.has_changed():
            self.add_error(
                "phone",
                ValidationError(
                    _("Enter a mobile number or an e-mail address."), code="no_contact"
                ),
            )
        if phone and not email and not mobile_key(phone):
            self.add_error("phone", landline())
        return cleaned


def _field(question: Question, given_before: object = None) -> forms.Field:
    kinds = Question.Kind
    options: dict[str, Any] = {"label": question.text, "required": question.is_required}
    if question.kind == kinds.CHOICE:
        return forms.ChoiceField(
            choices=_choices(question, given_before), widget=forms.RadioSelect, **options
        )
    if question.kind == kinds.CHOICES:
        return forms.MultipleChoiceField(
            choices=_choices(question, given_before),
            widget=forms.CheckboxSelectMultiple,
            **options,
        )
    if question.kind == kinds.YES_NO:
        return forms.TypedChoiceField(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            **options,
        )
    return LineField(max_length=500, **options)


def _choices(question: Question, given_before: object) -> list[tuple[str, str]]:
    """Return the options to choose from, and those chosen before that are no longer offered."""
    keys = given_before if isinstance(given_before, list) else [given_before]
    choices = question.choices
    gone = [key for key in keys if isinstance(key, str) and key not in dict(choices)]
    words = question.words if gone else {}
    return choices + [
        (key, gettext("%(option)s (no longer offered)") % {"option": words[key]})
        for key in gone
        if key in words
    ]
