"""What is asked before organizers write to attendees: to whom, and what, in both languages."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from registrations.domain import message as domain
from registrations.domain.audience import Audience
from registrations.models import Registration
from registrations.models.message import LONGEST_SUBJECT, LONGEST_TEXT
from summit.lib.i18n.bilingual import other
from summit.lib.i18n.languages import OWN_NAMES, TAGS, column, current
from summit.lib.web.fields import field_of
from summit.lib.web.typed_text import BoundedField, KeyField, LineField

WITHOUT_KEY = _(
    "This page was out of date, so nothing has been sent. What you typed is still here. Check it "
    "and continue."
)
AUDIENCE = ("statuses", "categories", "online", "has_arrived", "session", "reads")
_LABELS = {
    "en": (_("Subject in English"), _("Text in English")),
    "zh-hans": (_("Subject in Chinese"), _("Text in Chinese")),
}


def _subject_field(language: str) -> LineField:
    return LineField(
        label=_LABELS[language][0],
        required=False,
        max_length=LONGEST_SUBJECT,
        widget=forms.TextInput(attrs={"lang": TAGS[language], "class": "vTextField"}),
    )


def _text_field(language: str) -> BoundedField:
    attrs = {"lang": TAGS[language], "rows": 10, "class": "vLargeTextField"}
    return BoundedField(
        label=_LABELS[language][1],
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs=attrs),
    )


class MessageForm(forms.Form):
    """A message; the page's own language comes first. Refused where nobody would get it."""

    statuses = forms.MultipleChoiceField(
        label=_("Status"),
        required=False,
        choices=[(each.value, capfirst(each.label)) for each in Registration.ACTIVE],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Leave all boxes empty to include everyone with a place or on the waiting list."
        ),
    )
    categories = forms.MultipleChoiceField(
        label=_("Category"),
        required=False,
        choices=[(value, capfirst(label)) for value, label in Registration.Category.choices],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all boxes empty to include everyone."),
    )
    online = forms.TypedChoiceField(
        label=_("Takes part"),
        required=False,
        choices=[("", _("all")), ("no", _("in person")), ("yes", _("online"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    has_arrived = forms.TypedChoiceField(
        label=_("Attendance"),
        required=False,
        choices=[("", _("all")), ("yes", _("checked in")), ("no", _("not checked in"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    session = forms.TypedChoiceField(
        label=_("Checked in at the session"), required=False, coerce=int, empty_value=None
    )
    reads = forms.ChoiceField(
        label=_("Language of the person"),
        required=False,
        choices=[("", pgettext_lazy("languages", "all")), *OWN_NAMES.items()],
    )
    # By which what is sent twice is sent once. A form that brings none is given one.
    key = KeyField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.sessions = {session.pk: str(session) for session in event.sessions.all()}
        field_of(self, "session", forms.ChoiceField).choices = [
            ("", _("all")),
            *self.sessions.items(),
        ]
        if not self.sessions:
            del self.fields["session"]
        if not event.is_hybrid:
            del self.fields["online"]
        languages = (current(), other(current()))
        for language in languages:
            self.fields[column("subject", language)] = _subject_field(language)
        for language in languages:
            self.fields[column("text", language)] = _text_field(language)

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by the columns of a message."""
        return {
            column(part, language): self.cleaned_data.get(column(part, language), "").strip()
            for part in ("subject", "text")
            for language in OWN_NAMES
        }

    @property
    def audience(self) -> Audience:
        given = self.cleaned_data
        return Audience(
            statuses=tuple(given["statuses"]),
            categories=tuple(given["categories"]),
            language=given["reads"],
            has_arrived=given["has_arrived"],
            session=given.get("session"),
            online=given.get("online"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("key"):
            self._renew_key()
        if not self.errors:
            try:
                domain.check_texts(self.texts)
            except ValidationError as error:
                self.add_error(None, error)
        if not self.errors:
            try:
                domain.refuse_nobody(self.event, self.audience)
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def _renew_key(self) -> None:
        """Say what to do in place of what is wrong with a key that nobody sees."""
        self.errors.pop("key", None)
        # A copy in which all boxes of a group stay ticked.
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("key")] = str(uuid.uuid4())
        self.data = data
        self.add_error(None, ValidationError(WITHOUT_KEY, code="no_key"))
