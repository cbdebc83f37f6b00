"""Rows that belong to an event, edited in place, with empty ones to type into below them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.db.models import Field, Model
from django.http import HttpRequest

from backoffice.kit.fields import SummitFields
from backoffice.workspace.rows import MOST, Asking, Newcomers
from events.models import Event
from events.models.limits import Person
from summit.lib.web.requests import user_of


class NewcomerForm(Asking, forms.ModelForm):
    """A row that may name something new, which is saved with it.

    ``new_ones`` names the fields whose value may be a row that is not stored yet.
    """

    reader: Person
    newcomers: Newcomers
    new_ones: tuple[str, ...] = ()

    told = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def unsaved(self, name: str) -> Model | None:
        """Return what a field holds that is not stored yet, if it does."""
        value = self.cleaned_data.get(name)
        return value if isinstance(value, Model) and value.pk is None else None

    def _get_validation_exclusions(self) -> set[str]:
        unsaved = {name for name in self.new_ones if self.unsaved(name) is not None}
        return super()._get_validation_exclusions() | unsaved  # type: ignore[misc]  # Django's own


class NewcomerFormSet(forms.BaseInlineFormSet):
    """Knows the reader and what the page adds, and names both to its forms."""

    reader: Person
    newcomers: Newcomers

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if isinstance(form, NewcomerForm):
            form.reader, form.newcomers = self.reader, self.newcomers


class RowsInline(SummitFields, admin.StackedInline):
    """Rows of an event as boxes side by side; the last empty one makes room for the next.

    Overrides ``get_formset`` and ``formfield_for_dbfield``.
    """

    template = "backoffice/workspace/rows_inline.html"
    formset = NewcomerFormSet
    extra = 2
    max_num = MOST * 10
    event: Event

    def get_formset(
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        self.event = obj
        made = super().get_formset(request, obj, **kwargs)
        if issubclass(made, NewcomerFormSet):
            user: User = user_of(request)
            made.reader, made.newcomers = user, Newcomers(user)
        return made

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # There is no room for its signs, and new ones are typed in the row itself.
            field.widget = field.widget.widget
        return field
