"""The people of a programme who are not experts, as rows on the pages of sessions and events."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import language_first, pair, show_languages
from events.domain.programme_person import find_organization
from events.models import ProgrammePerson, Session
from summit.lib.i18n.bilingual import in_both
from summit.lib.i18n.languages import Words
from summit.lib.web.fields import was_sent

_ORGANIZATION = pair("organization_name")


class PersonForm(forms.ModelForm):
    """One person. A name of an organization that is on record is linked to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known := self.instance.organization:
            names = zip(_ORGANIZATION, in_both(known, "name").values(), strict=True)
            self.initial = {**self.initial, **dict(names)}
        show_languages(self, "name", "position", "organization_name")

    @property
    def is_spare(self) -> bool:
        """Whether it stands ready for those whose browser adds none."""
        return not self.instance.pk and not (self.is_bound and self.has_changed())

    @property
    def pairs(self) -> list[tuple[Words, list[forms.BoundField]]]:
        """Name, position and organization, each in both languages, that of the page first."""
        return [
            (_("Name"), language_first(self, "name")),
            (_("Position"), language_first(self, "position")),
            (_("Organization"), language_first(self, "organization_name")),
        ]

    def has_changed(self) -> bool:
        return bool(self.instance.pk or was_sent(self)) and super().has_changed()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if set(_ORGANIZATION) & set(self.changed_data):
            typed = [self.cleaned_data.get(name, "") for name in _ORGANIZATION]
            self.instance.organization = find_organization(*typed)
        if self.instance.organization:
            self.cleaned_data |= dict.fromkeys(_ORGANIZATION, "")
        return cleaned


class PersonFormSet(forms.BaseInlineFormSet):
    """The people of an event or of one of its sessions."""

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm:
        form: forms.ModelForm = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # not in the stubs
        if isinstance(self.instance, Session):
            form.instance.event_id = self.instance.event_id
        return form

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> ProgrammePerson:
        # Behind those who are there: they stand in the order in which they were typed.
        form.instance.order = len(self.get_queryset()) + self.forms.index(form)
        person: ProgrammePerson = super().save_new(form, commit)
        return person


class PersonInline(SummitFields, admin.TabularInline):
    model = ProgrammePerson
    form = PersonForm
    formset = PersonFormSet
    fields = ["role", *pair("name"), *pair("position"), *_ORGANIZATION]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProgrammePerson]:
        return super().get_queryset(request).select_related("organization", "session", "event")


class EventPersonInline(PersonInline):
    """Those of the event as a whole."""

    verbose_name_plural = _("people of the whole event")
    template = "backoffice/workspace/programme_persons.html"
    # Ready for those whose browser adds none.
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProgrammePerson]:
        return super().get_queryset(request).filter(session=None)
