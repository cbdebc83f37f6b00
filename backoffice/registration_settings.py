"""How an event takes registrations: on the event's own page, its questions on one more."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.fields import SummitFields
from backoffice.kit.zones import FORMFIELDS, moment_column, zone_of
from backoffice.question import QUESTION, QuestionInline
from backoffice.separate_consent import CONSENT, SeparateConsentInline
from registrations.domain import waiting_list
from registrations.models import RegistrationSettings
from summit.lib.web.moment_fields import set_zone

ROWS = (
    ("takes_registrations",),
    ("opens_at", "closes_at"),
    ("capacity", "online_capacity"),
    ("offer_hours", "needs_approval"),
    ("hold_hours", "hold_percent"),
    ("contact", "ask_phone"),
    ("ask_organization", "ask_position"),
    ("reminder_hours", "retention_days", "takes_session_attendance"),
    ("sends_texts",),
)


class SettingsFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        set_zone(form, zone_of(self.data if self.is_bound else {}, self.instance))


class RegistrationSettingsInline(SummitFields, admin.StackedInline):
    model = RegistrationSettings
    formset = SettingsFormSet
    formfield_overrides = FORMFIELDS
    fields = ROWS
    extra = 0
    max_num = 1
    classes = ("only-one",)
    verbose_name_plural = _("registration")

    def has_delete_permission(
        self, request: HttpRequest, obj: RegistrationSettings | None = None
    ) -> bool:
        # Closing registration is a time, and what attendees were told stays known.
        return False


class SettingsForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.event_id:
            set_zone(self, self.instance.event.zone)


@admin.register(RegistrationSettings)
class RegistrationSettingsAdmin(VersionedAdmin):
    ends_on = "attendees"
    form = SettingsForm
    unrecorded = (
        *flatten(ROWS),
        *(f"questions__{name}" for name in ("pk", *flatten(QUESTION))),
        *(f"separate_consents__{name}" for name in ("pk", *flatten(CONSENT))),
    )
    formfield_overrides = FORMFIELDS
    fields = ["event", *ROWS]
    readonly_fields = ["event"]
    inlines = [QuestionInline, SeparateConsentInline]
    list_display = ["event", "capacity", "needs_approval", "opens", "closes"]
    list_select_related = ["event"]
    search_fields = ["event__search_text"]

    opens = moment_column(RegistrationSettings, "opens_at", zone=lambda row: row.event.zone)
    closes = moment_column(RegistrationSettings, "closes_at", zone=lambda row: row.event.zone)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: RegistrationSettings | None = None
    ) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: RegistrationSettings, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        waiting_list.refill(obj.event)

    def save_related(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formsets: list[forms.BaseInlineFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        for question in form.instance.questions.filter(is_sensitive=False):
            if question.looks_sensitive:
                self.message_user(
                    request,
                    gettext(
                        "“%(question)s” looks like a question for sensitive data. Mark it as "
                        "sensitive, so that it has a consent of its own and is erased early."
                    )
                    % {"question": question},
                    messages.WARNING,
                )
