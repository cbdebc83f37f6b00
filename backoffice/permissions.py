"""Permissions to choose from, named in the language of the page."""

from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth.models import Permission
from django.db.models import ManyToManyField
from django.http import HttpRequest
from django.utils.translation import pgettext, pgettext_lazy

from summit.lib.i18n.languages import with_more

# What the database calls "Can change event" in English alone.
VERBS = {
    "add": pgettext_lazy("permission", "add"),
    "change": pgettext_lazy("permission", "change"),
    "delete": pgettext_lazy("permission", "delete"),
    "view": pgettext_lazy("permission", "view"),
    "check_in": pgettext_lazy("permission", "check in"),
    "export": pgettext_lazy("permission", "export"),
}
HISTORICAL = "historical"


def permission_in_words(permission: Permission) -> str:
    """Return ``Registrations | registration | check in``; the content type has to be there."""
    kind = permission.content_type
    verb = permission.codename.removesuffix(f"_{kind.model}")
    if verb not in VERBS:
        return str(permission)
    of = kind.app_labeled_name
    if kind.model.startswith(HISTORICAL):
        of = with_more(of.replace(f"{HISTORICAL} ", "", 1), pgettext("permission", "history"))
    return f"{of} | {VERBS[verb]}"


class PermissionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, permission: Permission) -> str:
        return permission_in_words(permission)


class NamesPermissions(BaseModelAdmin):
    """A page on which permissions are ticked. Overrides ``formfield_for_manytomany``."""

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        if db_field.remote_field.model is Permission:
            kwargs["form_class"] = PermissionsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)
