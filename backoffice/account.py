"""The accounts of staff: invited, given rights, logged out and closed by superusers."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from audit import trail
from backoffice.account_actions import ACTIONS
from backoffice.account_base import ForSuperusers
from backoffice.account_forms import AccountForm, InviteForm
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.organizer_limits import OrganizerScopeInline, recorded_assignments
from backoffice.kit.readers import for_reader
from backoffice.kit.search import found_among_few
from backoffice.permissions import NamesPermissions
from staff.audited import Action
from staff.domain import account, lockout, logins
from staff.models import Login
from summit.lib.i18n.clock import moment
from summit.lib.i18n.languages import listed
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import user_of


def _moment(at: dt.datetime | None) -> str:
    return moment(at, ZoneInfo(timezone.get_current_timezone_name())) if at else "—"


class LoginInline(ForSuperusers, admin.TabularInline):
    """Where somebody is logged in; ticking “Delete” ends that login."""

    model = Login
    extra = 0
    fields = readonly_fields = ("device", "network_address", "started", "seen")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("logged in at"))
    def started(self, login: Login) -> str:
        return _moment(login.started_at)

    @admin.display(description=_("last active at"))
    def seen(self, login: Login) -> str:
        return _moment(login.seen_at)


class Enrollable(Protocol):
    """An account, as the list reads it."""

    is_enrolled: bool


@admin.register(User)
class AccountAdmin(ForSuperusers, NamesPermissions, SummitAdmin):
    form = AccountForm
    actions = ACTIONS
    inlines = [OrganizerScopeInline, LoginInline]
    list_display = (
        *("username", "name", "email", "in_groups", "has_authenticator"),
        *("is_superuser", "is_active", "last_logged_in"),
    )
    list_filter = ("groups", "is_active", "is_superuser", "is_staff")
    search_fields = ("last_name", "first_name", "username", "email")
    ordering = ("username",)
    filter_horizontal = ("groups", "user_permissions")
    readonly_fields = ("may_log_in", "last_logged_in", "authenticator")
    fieldsets = (
        (None, {"fields": ("username", ("last_name", "first_name"), "email")}),
        (_("How they log in"), {"fields": ("may_log_in", "authenticator", "last_logged_in")}),
        (_("What they may do"), {"fields": ("is_staff", "is_superuser", "groups")}),
        (_("Single permissions"), {"fields": ("user_permissions",), "classes": ("collapse",)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", ("last_name", "first_name"), "email", "groups", "events"),
                "description": _(
                    "An e-mail with a link goes to the address: its owner chooses a password "
                    "and sets up an authenticator."
                ),
            },
        ),
    )

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        # Accounts are changed and deleted one by one.
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        enrolled = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        accounts = super().get_queryset(request).prefetch_related("groups")
        return accounts.annotate(is_enrolled=Exists(enrolled))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        return found_among_few(queryset, self.search_fields, search_term), False

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[type[InlineModelAdmin]]:
        # Limits hold from the first log-in on.
        return [*self.inlines] if obj else [OrganizerScopeInline]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if obj is None:
            kwargs["form"] = InviteForm
        return for_reader(super().get_form(request, obj, change, **kwargs), request.user)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Histories name who did what by the account: whoever has worked here is closed instead.
        worked = obj is not None and obj.last_login is not None
        return super().has_delete_permission(request, obj) and obj != request.user and not worked

    def get_deleted_objects(
        self, objs: Sequence[User] | QuerySet[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        # Mails and column sets have no button that deletes them; with their account they go.
        to_delete, counts, _lacking, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    def lock_row(self, key: int) -> None:
        # What the form was given at first is what the audit trail says that it was changed from.
        User.objects.select_for_update(no_key=True).filter(pk=key).first()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": gettext("Invite a member of staff")}
        return super().add_view(request, form_url, {**title, **(extra_context or {})})

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        if not change:
            groups, events = form.cleaned_data["groups"], form.cleaned_data["events"]
            account.invite(obj, groups=groups, events=events, by=user_of(request), request=request)
            return
        super().save_model(request, obj, form, change)
        own = sorted(set(form.changed_data) & {"username", "first_name", "last_name", "email"})
        if own:
            trail.record(
                Action.ACCOUNT_CHANGED,
                by=user_of(request),
                request=request,
                subject=trail.account(obj),
                fields=own,
            )

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        if not change:
            super().save_related(request, form, formsets, change)
            return
        # The flags are saved by now; what is many-to-many is not.
        before = account.Rights.of(form.instance).before_flags_changed(form.changed_data)
        super().save_related(request, form, formsets, change)
        account.record_rights(form.instance, before, by=user_of(request), request=request)

    def save_formset(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formset: forms.BaseInlineFormSet,
        change: bool,
    ) -> None:
        if formset.model is not Login:
            with recorded_assignments(request, formset):
                super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for login in formset.deleted_objects:
            logins.end(login, by=user_of(request), request=request)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        logins.end_all(obj, by=user_of(request), request=request)
        trail.record(
            Action.ACCOUNT_DELETED,
            by=user_of(request),
            request=request,
            subject=trail.account(obj),
        )
        lockout.forget_account(obj.get_username())
        super().delete_model(request, obj)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        words = gettext("The invitation has been e-mailed to %(name)s.") % {"name": obj}
        messages.info(request, words)
        return super().response_add(request, obj, post_url_continue)

    @admin.display(description=pgettext_lazy("person", "name"), ordering="last_name")
    def name(self, user: User) -> str:
        return staff_name(user) if user.get_full_name() else "—"

    @admin.display(description=_("groups"))
    def in_groups(self, user: User) -> str:
        return listed(sorted(map(str, user.groups.all()))) or "—"

    @admin.display(description=_("authenticator"), boolean=True, ordering="is_enrolled")
    def has_authenticator(self, user: Enrollable) -> bool:
        return user.is_enrolled

    @admin.display(description=_("active"), boolean=True)
    def may_log_in(self, user: User) -> bool:
        return user.is_active

    @admin.display(description=_("authenticator"))
    def authenticator(self, user: Enrollable) -> str:
        return gettext("set up") if user.is_enrolled else gettext("not set up yet")

    @admin.display(description=_("last logged in"), ordering="last_login")
    def last_logged_in(self, user: User) -> str:
        return _moment(user.last_login)
