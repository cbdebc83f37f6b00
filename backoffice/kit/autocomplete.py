"""Boxes of the admin in which a row is searched for and chosen."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import ForeignKey, ManyToManyField
from django.http import HttpRequest

from summit.lib.database.numbers import is_number


class _KeysOnly:
    """Shows again of what was sent what can be a key; Django looks for the rest as well."""

    def optgroups(self, name: str, value: list[str], attr: object = None) -> list:
        return super().optgroups(name, [key for key in value if is_number(str(key))], attr)


class KeySelect(_KeysOnly, AutocompleteSelect):
    pass


class KeySelectMultiple(_KeysOnly, AutocompleteSelectMultiple):
    pass


class KeyChoices:
    """Gives ``autocomplete_fields`` these boxes. For admins and inlines."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in self.get_autocomplete_fields(request):
            box = KeySelect(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("widget", box)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in self.get_autocomplete_fields(request):
            box = KeySelectMultiple(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("widget", box)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
