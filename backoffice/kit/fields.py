"""The fields of the forms of the admin: whose rows may be chosen, and which language a text has."""

from typing import Any

from django import forms
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.options import BaseModelAdmin, TabularInline
from django.contrib.admin.utils import flatten
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Field, ForeignKey, ManyToManyField, QuerySet
from django.db.models.fields.related import RelatedField
from django.forms.widgets import DateTimeBaseInput
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from backoffice.kit.choosers import KeySelect, KeySelectMultiple
from backoffice.kit.labels import labels, language_of, own_language_first
from backoffice.kit.readers import for_reader
from events.models.limits import limits_of
from events.models.scope import choosable
from summit.lib.i18n.languages import TAGS
from summit.lib.web.typed_text import LineField, SlugLine, WebAddressLine

# What one line of text is read by: what nobody sees is taken out of it.
_LINES = {
    models.CharField: LineField,
    models.SlugField: SlugLine,
    models.URLField: WebAddressLine,
}


class DeletionBox(forms.CheckboxInput):
    """The tick box that deletes a row: in a table the head of the column is no label of it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"aria-label": _("Delete")} | (attrs or {}))


def focus_first_text(adminform: AdminForm) -> None:
    """Put the cursor into the first text of the first fieldset, unless the form was refused."""
    form = adminform.form
    if form.errors:
        return
    first = adminform.fieldsets[0][1]["fields"] if adminform.fieldsets else ()
    for name in flatten([*first]):
        if name in form.fields and _takes_text(form.fields[name].widget):
            form.fields[name].widget.attrs["autofocus"] = True
            return


def _takes_text(widget: forms.Widget) -> bool:
    is_line = isinstance(widget, forms.TextInput) and widget.input_type == "text"
    return isinstance(widget, forms.Textarea) or (
        is_line and not isinstance(widget, DateTimeBaseInput)
    )


class SummitFields(BaseModelAdmin):
    """The fields of a form: for pages and inlines.

    Offers what is within the limits of who asks, says of each half of a bilingual pair which
    language it is in and begins with that of the interface, and names the reader to forms and
    formsets that are ``ForReader``.
    Overrides ``get_fieldsets``, ``get_formset``, ``get_field_queryset``,
    ``formfield_for_dbfield``, ``formfield_for_foreignkey`` and ``formfield_for_manytomany``.
    """

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (name, {**options, "fields": own_language_first(options["fields"])})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def get_formset(
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        kwargs = {"labels": labels(self.model), **kwargs}
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]  # of inlines
        formset.deletion_widget = DeletionBox
        return for_reader(formset, request.user)

    def get_field_queryset(
        self, db: str | None, db_field: RelatedField, request: HttpRequest
    ) -> QuerySet[Any] | None:
        rows = super().get_field_queryset(db, db_field, request)
        if limits_of(request.user) is None:
            return rows
        if rows is None:
            rows = db_field.remote_field.model._default_manager.using(db)
        return choosable(rows, request.user)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            box = KeySelect(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("widget", box)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            box = KeySelectMultiple(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("widget", box)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if (line := _LINES.get(type(db_field))) and not db_field.choices:
            kwargs.setdefault("form_class", line)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # A cross beside a name looks like "not this one", and would delete it everywhere.
            field.widget.can_delete_related = False
        if field is not None and (
            isinstance(self, TabularInline) or isinstance(field.widget, forms.FileInput)
        ):
            # Django writes its name as the head of a column or a legend, not as a label.
            field.widget.attrs["aria-label"] = capfirst(field.label or "")
        language = language_of(db_field)
        if field is not None and language:
            # Fonts, hyphenation and spell checking follow it.
            field.widget.attrs["lang"] = TAGS[language]
            if isinstance(db_field, models.TextField):
                field.widget.attrs["rows"] = 4 if db_field.max_length else 9
        return field
