"""What a visitor types to register: shared lines once, then a block for each person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from registrations.domain import separate_consent
from registrations.domain.group import ContactPerson
from registrations.domain.registration import Applicant
from registrations.forms.details import (
    OWN_CATEGORIES,
    Contact,
    ContactForm,
    NameField,
    ask,
)
from registrations.forms.human import HumanForm
from registrations.models import RegistrationSettings, SeparateConsent
from summit.lib.i18n.languages import current
from summit.lib.i18n.likeness import key
from summit.lib.web import mail_addresses
from summit.lib.web.fields import field_of
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.phones import OwnPhoneField
from summit.lib.web.typed_text import LineField

MOST_PEOPLE = 20


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


class GroupForm(SharedForm):
    """What all people of a group share. Who registers them has informed them, and agrees to
    nothing for them.
    """

    consent = None  # type: ignore[assignment]  # how Django leaves a field out
    is_together = forms.BooleanField(
        label=_("All or none: if seats are short, all of us wait together."), required=False
    )
    informed = forms.BooleanField(
        label=_(
            "I have informed these people that I am registering them and what the privacy notice "
            "says."
        ),
        error_messages={
            "required": _("Inform them first. Without that we may not keep their registration.")
        },
    )

    def __init__(self, *args: Any, event_settings: RegistrationSettings, **kwargs: Any) -> None:
        super().__init__(*args, event_settings=event_settings, **kwargs)
        limits = [event_settings.capacity_for(online=way) for way in event_settings.ways]
        if limits == [None] * len(limits):
            del self.fields["is_together"]
        elif event_settings.event.is_hybrid:
            self.fields["is_together"].label = _(
                "All or none, for those in person and those online separately: if seats are "
                "short, they wait together."
            )


class ContactPersonForm(ContactForm):
    """Who registers a group, and how we reach that person, who need not be one of them."""

    name = NameField(label=_("Your name"), max_length=100)

    def __init__(self, *args: Any, event_settings: RegistrationSettings, **kwargs: Any) -> None:
        super().__init__(*args, event_settings=event_settings, questions=[], **kwargs)
        self.fields.pop("position", None)
        if self.contact == Contact.EMAIL:
            self.fields.pop("phone", None)

    def contact_person(self, shared: dict[str, Any]) -> ContactPerson:
        return ContactPerson(
            name=self.cleaned_data["name"],
            language=current(),
            email=self.cleaned_data["email"],
            phone=self.cleaned_data.get("phone", ""),
            is_together=shared.get("is_together", False),
        )


class PersonForm(ContactForm):
    """A person of the form, or one of a group, whose own contact is optional.

    At a hybrid event each says whether they come or take part online.
    """

    way = forms.ChoiceField(
        label=_("How do you take part?"),
        choices=[("in_person", _("In person")), ("online", _("Online"))],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        event_settings: RegistrationSettings,
        is_alone: bool = True,
        **kwargs: Any,
    ) -> None:
        """``is_alone``: whether the form registers one person, and nobody else with it."""
        self.asks_sensitive = self.needs_contact = is_alone
        super().__init__(*args, event_settings=event_settings, **kwargs)
        # A formset switches it off, since its blocks may stay empty. The page is not checked by
        # the browser, so that it only tells which fields are needed.
        self.use_required_attribute = True
        if event_settings.event.is_hybrid:
            self.order_fields(["way"])
        else:
            del self.fields["way"]
        if not is_alone:
            self._ask_of_group()

    def _ask_of_group(self) -> None:
        email = field_of(self, "email", EmailField)
        email.required = email.is_one_of_two = False
        if "phone" in self.fields and self.contact != Contact.EMAIL:
            phone = field_of(self, "phone", OwnPhoneField)
            phone.required = phone.is_one_of_two = False
            phone.help_text = ""
        email.help_text = _(
            "The person then gets their own message and can change the registration."
        )
        for field in self.fields.values():
            # A browser knows the data of the person who fills the form in, not of the others.
            if isinstance(field.widget, forms.TextInput | forms.EmailInput | forms.TelInput):
                field.widget.attrs["autocomplete"] = "off"

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
            online=self.cleaned_data.get("way") == "online",
        )


class PeopleFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # has none at run time
    """One block for each person; blocks after the first may stay empty."""

    def initial_form_count(self) -> int:
        # What was typed before one more block was asked for is no stored row.
        return 0

    default_error_messages = forms.BaseFormSet.default_error_messages | {
        "too_many_forms": _("At most %(num)d people can be registered at once.")
    }

    def applicants(self, shared: dict[str, Any]) -> list[Applicant]:
        return [form.applicant(shared) for form in self.forms if form.has_changed()]

    def clean(self) -> None:
        """Refuse one person twice: two people may have one contact, but not one name too."""
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            if not form.is_valid() or not form.has_changed():
                continue
            given = form.cleaned_data
            contacts = [mail_addresses.key(given.get("email", "")), given.get("phone", "")]
            # Of a group who gives none have the same: that of the contact person.
            own = [contact for contact in contacts if contact] or [""]
            same = {(key(given.get("name", "")), contact) for contact in own}
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
