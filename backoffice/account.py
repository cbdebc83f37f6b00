"""The accounts of staff: invited, given rights, logged out and closed by superusers."""

from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from audit import trail
from backoffice.account_actions import ACTIONS
from backoffice.account_base import ForSuperusers
from backoffice.account_forms import AccountForm, InviteForm
from backoffice.kit.limits import OrganizerScopeInline, recorded_assignments
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.readers import for_reader
from backoffice.rights import NamesPermissions
from staff.audited import Action
from staff.domain import account, lockout, logins
from staff.models import Login
from summit.lib.i18n.clock import moment
from summit.lib.i18n.languages import listed
from summit.lib.i18n.names import staff_name


def _moment(at):
    return moment(at, ZoneInfo(timezone.get_current_timezone_name())) if at else "—"


class LoginInline(ForSuperusers, admin.TabularInline):
    """Where somebody is logged in; ticking “Delete” ends that login."""

    model = Login
    extra = 0
    fields = readonly_fields = ("device", "network_address", "started", "seen")

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description=_("logged in at"))
    def started(self, login):
        return _moment(login.started_at)

    @admin.display(description=_("last active at"))
    def seen(self, login):
        return _moment(login.seen_at)


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
    search_fields = ("username", "first_name", "last_name", "email")
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
                    "A mail with a link goes to the address: its owner chooses a password and "
                    "sets up an authenticator."
                ),
            },
        ),
    )

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        # Accounts are changed and deleted one by one.
        return {}

    def get_queryset(self, request):
        enrolled = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        accounts = super().get_queryset(request).prefetch_related("groups")
        return accounts.annotate(is_enrolled=Exists(enrolled))

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else ()

    def get_inlines(self, request, obj):
        # Limits hold from the first log-in on.
        return self.inlines if obj else [OrganizerScopeInline]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = InviteForm
        return for_reader(super().get_form(request, obj, change, **kwargs), request.user)

    def has_delete_permission(self, request, obj=None):
        # Histories name who did what by the account: whoever has worked here is closed instead.
        worked = obj is not None and obj.last_login is not None
        return super().has_delete_permission(request, obj) and obj != request.user and not worked

    def get_deleted_objects(self, objs, request):
        # Mails and column sets have no button that deletes them; with their account they go.
        to_delete, counts, _lacking, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    def lock_row(self, key):
        # What the form was given at first is what the audit trail says that it was changed from.
        User.objects.select_for_update(no_key=True).filter(pk=key).first()

    def add_view(self, request, form_url="", extra_context=None):
        title = {"title": gettext("Invite a member of staff")}
        return super().add_view(request, form_url, {**title, **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        if not change:
            groups, events = form.cleaned_data["groups"], form.cleaned_data["events"]
            account.invite(obj, groups=groups, events=events, by=request.user, request=request)
            return
        super().save_model(request, obj, form, change)
        own = sorted(set(form.changed_data) & {"username", "first_name", "last_name", "email"})
        if own:
            trail.record(
                Action.ACCOUNT_CHANGED,
                by=request.user,
                request=request,
                subject=trail.account(obj),
                fields=own,
            )

    def save_related(self, request, form, formsets, change):
        if not change:
            super().save_related(request, form, formsets, change)
            return
        # The flags are saved by now; what is many-to-many is not.
        before = account.Rights.of(form.instance).before_flags_changed(form.changed_data)
        super().save_related(request, form, formsets, change)
        account.record_rights(form.instance, before, by=request.user, request=request)

    def save_formset(self, request, form, formset, change):
        if formset.model is not Login:
            with recorded_assignments(request, formset):
                super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for login in formset.deleted_objects:
            logins.end(login, by=request.user, request=request)

    def delete_model(self, request, obj):
        logins.end_all(obj, by=request.user, request=request)
        trail.record(
            Action.ACCOUNT_DELETED,
            by=request.user,
            request=request,
            subject=trail.account(obj),
        )
        lockout.forget_account(obj.get_username())
        super().delete_model(request, obj)

    def response_add(self, request, obj, post_url_continue=None):
        messages.info(request, gettext("The invitation of %(name)s is on its way.") % {"name": obj})
        return super().response_add(request, obj, post_url_continue)

    @admin.display(description=pgettext_lazy("person", "name"), ordering="last_name")
    def name(self, user):
        return staff_name(user) if user.get_full_name() else "—"

    @admin.display(description=_("groups"))
    def in_groups(self, user):
        return listed(sorted(map(str, user.groups.all()))) or "—"

    @admin.display(description=_("authenticator"), boolean=True, ordering="is_enrolled")
    def has_authenticator(self, user):
        return user.is_enrolled

    @admin.display(description=_("active"), boolean=True)
    def may_log_in(self, user):
        return user.is_active

    @admin.display(description=_("authenticator"))
    def authenticator(self, user):
        return gettext("set up") if user.is_enrolled else gettext("not set up yet")

    @admin.display(description=_("last logged in"), ordering="last_login")
    def last_logged_in(self, user):
        return _moment(user.last_login)
