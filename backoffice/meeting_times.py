"""Times of somebody at an event, typed below what is said of them: away, or present."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from backoffice.kit.fields import SummitFields
from backoffice.kit.zones import FORMFIELDS
from summit.lib.web.moment_fields import set_zone


class TimesFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        set_zone(form, self.instance.event.zone)


class TimesInline(SummitFields, admin.TabularInline):
    """Whoever may see or change the row above may do so with its times, which have no permissions.

    Overrides ``has_…_permission``.
    """

    formset = TimesFormSet
    formfield_overrides = FORMFIELDS
    fields = ("starts_at", "ends_at")
    extra = 1
    max_num = 60

    def _of_parent(self, request: HttpRequest, name: str) -> bool:
        opts = self.parent_model._meta
        return request.user.has_perm(f"{opts.app_label}.{name}_{opts.model_name}")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._of_parent(request, "view")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._of_parent(request, "change")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._of_parent(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._of_parent(request, "change")
