"""What a visitor types to register: shared lines once, then a block for each person."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.domain import separate_consent
from registrations.domain.registration import Applicant
from registrations.forms.stamp import Stamp
from registrations.models import Question, Registration, RegistrationSettings, SeparateConsent
from summit.lib.given import given
from summit.lib.i18n.languages import OWN_NAMES, current
from summit.lib.i18n.likeness import key
from summit.lib.web import mail_addresses
from summit.lib.web.fields import field_of
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.phones import OwnPhoneField, landline, mobile_key
from summit.lib.web.typed_text import BoundedField, LineField

MOST_PEOPLE = 10
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


class AgreedField(forms.MultipleChoiceField):
    """The boxes of separate consents, by their keys; what is cleaned are the consents ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.asked: list[SeparateConsent] = []

    def prepare_value(self, value: Any) -> list[str]:
        return [value] if isinstance(value, str) else list(value or [])

    def clean(self, value: Any) -> Any:
        return separate_consent.chosen(self.asked, self.to_python(value))


class SharedForm(HumanForm):
    """What all people of one registration share.

    ``asked`` are separate consents, where one person is registered: nobody agrees for another.
    """

    organization_name = LineField(label=pgettext_lazy("attendee", "Organization"), max_length=200)
    category = forms.ChoiceField(label=_("Category"), choices=[("", "—"), *OWN_CATEGORIES])
    consent = forms.BooleanField(
        label=_("I have read the privacy notice and agree that this data is used for the event."),
        error_messages={"required": _("Without your consent we may not keep your registration.")},
    )

    agreed = AgreedField(label=_("You can also agree to this"))

    def __init__(
        self,
        *args: Any,
        event_settings: RegistrationSettings,
        asked: Sequence[SeparateConsent] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, purpose=self.purpose_of(event_settings.event), **kwargs)
        if asked:
            field_of(self, "agreed", AgreedField).asked = list(asked)
        else:
            del self.fields["agreed"]
        self.fields["organization_name"].widget.attrs["autocomplete"] = "organization"
        ask(self, "organization_name", event_settings.ask_organization)

    @staticmethod
    def purpose_of(event: Event) -> str:
        """Return the purpose of the stamps of an event's form."""
        return f"register {event.pk}"


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
        if not phone and not email and self.has_changed():
            self.add_error(
                "phone",
                ValidationError(
                    _("Enter a mobile number or an e-mail address."), code="no_contact"
                ),
            )
        if phone and not email and not mobile_key(phone):
            self.add_error("phone", landline())
        return cleaned


class PersonForm(ContactForm):
    def __init__(self, *args: Any, is_alone: bool = True, **kwargs: Any) -> None:
        """``is_alone``: whether the form registers one person, and nobody else with it."""
        self.asks_sensitive = is_alone
        super().__init__(*args, **kwargs)

    def applicant(self, shared: dict[str, Any]) -> Applicant:
        return Applicant(
            name=self.cleaned_data["name"],
            email=self.cleaned_data["email"],
            phone=self.cleaned_data.get("phone", ""),
            position=self.cleaned_data.get("position", ""),
            organization_name=shared.get("organization_name", ""),
            category=shared["category"],
            language=current(),
            answers=self.answers(),
            agreed=shared.get("agreed", ()),
        )


class PeopleFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # has none at run time
    """One block for each person; blocks after the first may stay empty."""

    def initial_form_count(self) -> int:
        # What was typed before one more block was asked for is no stored row.
        return 0

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if index:
            # A browser knows the data of the person who fills the form in, not of the others.
            for field in form.fields.values():
                if isinstance(field.widget, forms.TextInput | forms.EmailInput | forms.TelInput):
                    field.widget.attrs["autocomplete"] = "off"

    def applicants(self, shared: dict[str, Any]) -> list[Applicant]:
        return [form.applicant(shared) for form in self.forms if form.has_changed()]

    def clean(self) -> None:
        """Refuse one person twice: two people may have one contact, but not one name too."""
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            if not form.is_valid():
                continue
            given = form.cleaned_data
            contacts = [mail_addresses.key(given.get("email", "")), given.get("phone", "")]
            same = {(key(given.get("name", "")), contact) for contact in contacts if contact}
            if same & seen:
                form.add_error("name", _("This person stands above already."))
            seen |= same


def people_formset(number: int) -> type[PeopleFormSet]:
    return forms.formset_factory(  # type: ignore[return-value]  # it derives from ``formset``
        PersonForm,
        formset=PeopleFormSet,
        extra=number - 1,
        min_num=1,
        max_num=MOST_PEOPLE,
        absolute_max=MOST_PEOPLE,
        validate_max=True,
    )


class LinkForm(HumanForm):
    PURPOSE = "link"
    email = EmailField(label=_("E-mail"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, purpose=self.PURPOSE, **kwargs)


class FindForm(HumanForm):
    """The whole number or address, and the query code: what brings back who has no mail."""

    PURPOSE = "find"
    contact = LineField(label=_("Mobile number or e-mail address"), max_length=254)
    query_code = LineField(
        label=_("Query code"),
        max_length=40,
        help_text=_("Six letters and digits, shown after registering and in our e-mails."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, purpose=self.PURPOSE, **kwargs)
        self.fields["query_code"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }


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
        if registration.phone_key and not registration.email_key and "phone" in self.fields:
            # The number is the only way to reach the person.
            phone = field_of(self, "phone", OwnPhoneField)
            phone.required = phone.needs_mobile = True
        self.order_fields(self.field_order)

    def changes(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in self.field_order if name in data}


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
