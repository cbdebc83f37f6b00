from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangosGroupAdmin
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest

from audit import trail
from backoffice.account_base import ForSuperusers
from backoffice.kit.model_admin import SummitAdmin
from backoffice.permissions import NamesPermissions
from staff.audited import Action
from staff.domain import account
from summit.lib.i18n.groups import IN_WORDS
from summit.lib.web.requests import user_of


@admin.register(Group)
class GroupAdmin(ForSuperusers, NamesPermissions, SummitAdmin, DjangosGroupAdmin):  # type: ignore[misc]  # may lack a request
    """What a group may do is what all its members may do: each change is in the audit trail."""

    actions = None

    def get_exclude(self, request: HttpRequest, obj: Group | None = None) -> list[str] | None:
        # The product finds its own three groups by name; their headings say it in words.
        return ["name"] if obj and obj.name in IN_WORDS else None

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        # The group itself is saved by now; its permissions, which are many-to-many, are not.
        before = account.permission_names(form.instance.permissions)
        super().save_related(request, form, formsets, change)
        after = account.permission_names(form.instance.permissions)
        self._record(request, form.instance, added=after - before, removed=before - after)

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        held = account.permission_names(obj.permissions)
        members = sorted(obj.user_set.values_list("username", flat=True))
        self._record(request, obj, removed=held, members=members)
        super().delete_model(request, obj)

    def _record(self, request: HttpRequest, group: Group, **changes: Collection[str]) -> None:
        if any(changes.values()):
            trail.record(
                Action.PERMISSIONS_CHANGED,
                by=user_of(request),
                request=request,
                subject=f"group · {group.name}",
                **{word: sorted(names) for word, names in changes.items() if names},
            )
