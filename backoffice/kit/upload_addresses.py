"""The addresses that take files: derived from the forms of the admin."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.urls import Resolver404, resolve
from import_export.admin import ImportMixin

from backoffice.kit.model_admin import SummitAdmin


def takes_files(path: str) -> bool:
    """Whether the page at this address has a form with a file in it."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    # Only the page of an action has a name in its address.
    return (match.view_name, match.kwargs.get("name", "")) in _pages_with_files()


@cache
def _pages_with_files() -> frozenset[tuple[str, str]]:
    return frozenset(_find_pages())


def _find_pages() -> Iterator[tuple[str, str]]:
    """Yield name of the view and name of the action, which is empty for other pages."""
    for model, model_admin in admin.site._registry.items():
        view = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        inlines = [inline(model, admin.site) for inline in model_admin.inlines]
        in_inlines = any(_has_file_field(each) for each in inlines)
        # The page of a new row may ask for less.
        if in_inlines or _has_file_field(model_admin, _fieldsets_of_new(model_admin)):
            yield f"{view}_add", ""
        if in_inlines or _has_file_field(model_admin, model_admin.fieldsets):
            yield f"{view}_change", ""
        for page in getattr(model_admin, "pages", ()):
            part = page(model, admin.site)
            # Without fieldsets a page of the workspace has no field of the event.
            of_part = [part] if part.fieldsets else []
            of_part += [inline(model, admin.site) for inline in part.inlines]
            if any(_has_file_field(each) for each in of_part):
                yield f"admin:{part.entry.url_name}", ""
        if isinstance(model_admin, ImportMixin):
            yield f"{view}_import", ""
        for each in getattr(model_admin, "imports", ()):
            yield f"{view}_{each.name}_import", ""
        if isinstance(model_admin, SummitAdmin):
            for name in model_admin.views_with_files:
                yield f"admin:{name}", ""
            for action in model_admin.row_actions:
                if _are_any_files(getattr(action.form, "base_fields", {}).values()):
                    yield f"{view}_action", action.name


def _fieldsets_of_new(model_admin: admin.ModelAdmin) -> Any:
    return getattr(model_admin, "fieldsets_of_new", model_admin.fieldsets)


def _has_file_field(model_admin: BaseModelAdmin, fieldsets: Any = None) -> bool:
    """Whether somebody who may do everything can send a file by this form."""
    shown = model_admin.fields or flatten_fieldsets(fieldsets or model_admin.fieldsets or ())
    of_model = (
        field
        for field in model_admin.opts.fields
        if isinstance(field, models.FileField)
        and field.editable
        and field.name not in model_admin.readonly_fields
        and (not shown or field.name in shown)
    )
    return any(of_model) or _are_any_files(model_admin.form.base_fields.values())


def _are_any_files(fields: Iterable[forms.Field]) -> bool:
    return any(isinstance(field, forms.FileField) for field in fields)
