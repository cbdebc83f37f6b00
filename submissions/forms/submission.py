"""The form of a call: what is proposed, and who proposes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registrations.forms.details import NameField
from registrations.forms.human import HumanForm
from submissions.domain.submission import Sender
from submissions.fields import Field, Widget
from submissions.forms import proposed
from submissions.kinds import CallKind
from submissions.models import Call, Submission
from summit.lib.i18n.languages import Words
from summit.lib.identifiers import canonical_credit_code, doubt_about_credit_code
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.phones import OwnPhoneField, landline, mobile_key
from summit.lib.web.typed_text import LineField

_ABOUT_SENDER = (
    *("organization_name", "credit_code", "district", "department"),
    *("contact_name", "phone", "email"),
)

# What the first part of the form is called.
_CONTENT: dict[CallKind, Words] = {
    CallKind.NEED: pgettext_lazy("part of a form", "Your need"),
    CallKind.TALENT: pgettext_lazy("part of a form", "The position"),
    CallKind.OFFER: pgettext_lazy("part of a form", "Your project"),
}


@dataclass(frozen=True)
class Part:
    """One field of the call on the page: its inputs, under a common name where there are more."""

    label: Words
    help: Words
    inputs: list[forms.BoundField]

    @property
    def is_group(self) -> bool:
        return len(self.inputs) > 1

    @property
    def is_optional(self) -> bool:
        return not any(hasattr(each.field, "is_needed_to_send") for each in self.inputs)


@dataclass(frozen=True)
class Group:
    name: str
    label: Words
    parts: list[Part]


class SubmissionForm(forms.Form):
    """Nothing but a contact has to be there to save it; the domain says what lacks to send it."""

    organization_name = LineField(label=_("Company or institution"), max_length=200)
    credit_code = LineField(
        label=_("Unified social credit code"), max_length=30, help_text=_("18 characters.")
    )
    district = forms.ChoiceField(label=_("District or park"))
    department = forms.ChoiceField(label=_("Recommending department"))
    contact_name = NameField(label=_("Contact person"), max_length=100)
    phone = OwnPhoneField(
        label=_("Mobile number"),
        max_length=40,
        help_text=_("A mobile number or an e-mail address is enough."),
    )
    email = EmailField(label=_("E-mail"))
    data: QueryDict

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=2**31 - 1)

    def __init__(
        self,
        *args: Any,
        call: Call,
        had: Mapping[str, Any] | None = None,
        changes: Submission | None = None,
        **kwargs: Any,
    ) -> None:
        """``had`` has the values that the form begins with, by the keys of the fields.

        The form of ``changes`` to a project has other parts, and requires nothing of it.
        """
        super().__init__(*args, **kwargs)
        self.call, self.had, self.changes = call, had or {}, changes
        self.asked: list[Field] = call.form_fields
        self._offer_places()
        for name in _ABOUT_SENDER:
            if name in self.fields:
                self.fields[name].required = False
        tokens = {"organization_name": "organization", "contact_name": "name", "phone": "tel"}
        for name, token in {**tokens, "email": "email"}.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        # A phone begins with capital letters, and offers no words of its own.
        code = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        self.fields["credit_code"].widget.attrs.update(code)
        for each in self.asked:
            self.fields.update(proposed.form_fields(each, self.had.get(each.key)))
        self._mark_needed()

    @classmethod
    def of(cls, submission: Submission, data: QueryDict | None = None) -> Self:
        """Return the form of a submission, as it is or as it was sent."""
        had = {**submission.base, **submission.values}
        changes = submission if submission.proposes_changes else None
        begins_with = initial_of(submission)
        return cls(data, call=submission.call, had=had, changes=changes, initial=begins_with)

    def _offer_places(self) -> None:
        self.places: dict[str, dict[str, Any]] = {
            "district": {row.slug: row for row in self.call.districts.order_by("order", "pk")},
            "department": {row.slug: row for row in self.call.departments.order_by("order", "pk")},
        }
        for name, rows in self.places.items():
            if not rows:
                del self.fields[name]
                continue
            choices = [("", _("none of these")), *((slug, row.name) for slug, row in rows.items())]
            self.fields[name] = forms.ChoiceField(label=self.fields[name].label, choices=choices)

    def _mark_needed(self) -> None:
        """Mark what is optional to save and not to send: the page does not call it optional."""
        names = ["organization_name", "contact_name"]
        for key in [] if self.changes else self.call.required:
            names += [name for name in self.fields if name == key or name == key + proposed.FROM]
        for name in names:
            self.fields[name].is_needed_to_send = True  # type: ignore[attr-defined]  # for the page
        for name in ("phone", "email"):
            self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]  # of these fields

    def clean_credit_code(self) -> str:
        code = canonical_credit_code(self.cleaned_data["credit_code"])
        if len(code) > 18:
            raise ValidationError(doubt_about_credit_code(code), code="credit_code")
        return code

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not {"phone", "email"} & self.errors.keys():
            phone, email = self.cleaned_data.get("phone", ""), self.cleaned_data.get("email", "")
            if not phone and not email:
                words = _("Enter a mobile number or an e-mail address.")
                self.add_error("phone", ValidationError(words, code="no_contact"))
            elif not email and not mobile_key(phone):
                self.add_error("phone", landline())
        for each in self.asked:
            if each.widget in (Widget.YEARS, Widget.MONEY):
                proposed.check_order(each, self)
        return cleaned

    def sender(self) -> Sender:
        given = {name: self.cleaned_data.get(name, "") for name in _ABOUT_SENDER}
        places = {name: self.places[name].get(given[name]) for name in ("district", "department")}
        return Sender(**given | places)

    def values(self) -> dict[str, Any]:
        return {each.key: proposed.value_of(each, self.cleaned_data) for each in self.asked}

    def mark_missing(self, missing: dict[str, list[Any]]) -> None:
        """Say beside each field what the domain misses."""
        for key, words in missing.items():
            name = key if key in self.fields else key + proposed.FROM
            self.add_error(name if name in self.fields else None, words)

    def renew_version(self, version: int) -> None:
        """Let the same page be sent again, over what was saved meanwhile."""
        data = self.data.copy()
        data[self.add_prefix("version")] = str(version)
        self.data = data

    def label_of(self, key: str) -> Words:
        """Return how the page calls what is missing."""
        known = {each.key: each.label for each in self.asked}
        return known.get(key) or self.fields[key].label or key

    @property
    def groups(self) -> list[Group]:
        """The parts of the page in their order: what is proposed, more about it, and who."""
        sender = [name for name in _ABOUT_SENDER if name in self.fields]
        groups = [
            *(self._groups_of_changes(self.changes) if self.changes else self._groups_of_new()),
            Group("sender", _("You and your company"), [Part("", "", [self[n]]) for n in sender]),
        ]
        return [group for group in groups if group.parts]

    def _groups_of_new(self) -> list[Group]:
        own = [each for each in self.asked if each.is_about_content]
        more = [each for each in self.asked if not each.is_about_content]
        about = _CONTENT[CallKind(self.call.kind)]
        return [
            Group("content", about, [self._part(each) for each in own]),
            Group("details", _("More about it"), [self._part(each) for each in more]),
        ]

    def _groups_of_changes(self, changes: Submission) -> list[Group]:
        """What is to be checked, then what the project has, then what could be added."""
        to_check = changes.to_check.split()
        asked = [each for each in self.asked if each.key in to_check]
        rest = [each for each in self.asked if each not in asked]
        known = [each for each in rest if each.key in changes.base]
        new = [each for each in rest if each not in known]
        return [
            Group("asked", _("Please check"), [self._part(each) for each in asked]),
            Group("known", _("On record now"), [self._part(each) for each in known]),
            Group("new", _("What you can add (optional)"), [self._part(each) for each in new]),
        ]

    def _part(self, field: Field) -> Part:
        names = proposed.form_fields(field)
        return Part(field.label, field.help, [self[name] for name in names])


class NewSubmissionForm(HumanForm, SubmissionForm):
    """The same on the page of the call, where anybody may fill it in."""

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, call=call, purpose=f"call {call.pk}", **kwargs)


def initial_of(submission: Submission) -> dict[str, Any]:
    """Return what the form of a submission begins with."""
    values = {**submission.base, **submission.values}
    initial: dict[str, Any] = {**sender_of(submission), "version": submission.version}
    for field in submission.call.form_fields:
        if field.key in values:
            initial |= proposed.initial_of(field, values[field.key])
    return initial


def sender_of(submission: Submission) -> dict[str, Any]:
    """Return who proposes it, for the form of another one."""
    places = {
        "district": submission.district.slug if submission.district else "",
        "department": submission.department.slug if submission.department else "",
    }
    plain = (name for name in _ABOUT_SENDER if name not in places)
    return {name: getattr(submission, name) for name in plain} | places
