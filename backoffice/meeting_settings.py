"""By which rules an event offers one-to-one meetings: on its own page of the workspace."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.kit.fields import SummitFields
from backoffice.kit.zones import FORMFIELDS, zone_of
from meetings.models import MeetingSettings
from summit.lib.web.moment_fields import set_zone

ROWS = (
    ("way", "sides", "answer"),
    ("slot_minutes", "most", "most_in_a_row"),
    ("most_open", "answer_days", "requests_until"),
    "way_to_tables",
)


class MeetingSettingsForm(forms.ModelForm):
    """The first time it is sent it switches meetings on, even with all as it is proposed."""

    def has_changed(self) -> bool:
        return self.instance.pk is None or super().has_changed()

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is not None:
            self.instance.version += 1
        return super().save(commit)


class SettingsFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        set_zone(form, zone_of(self.data if self.is_bound else {}, self.instance))


class MeetingSettingsInline(SummitFields, admin.StackedInline):
    model = MeetingSettings
    form = MeetingSettingsForm
    formset = SettingsFormSet
    formfield_overrides = FORMFIELDS
    fields = ROWS
    extra = 0
    min_num = max_num = 1
    classes = ("only-one",)
    verbose_name_plural = _("rules of the meetings")

    def has_delete_permission(
        self, request: HttpRequest, obj: MeetingSettings | None = None
    ) -> bool:
        # Requests and meetings hang on it; without slots nobody is placed.
        return False
