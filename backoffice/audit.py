"""The audit trail to read: for auditors and superusers, and nobody changes anything."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin import DateFieldListFilter
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEntry
from backoffice.kit.labels import field_of
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.read_only import ReadOnly
from registrations.models import ExportRecord
from summit.lib.i18n import clock
from summit.lib.i18n.groups import IN_WORDS, group_in_words
from summit.lib.i18n.languages import Words, listed

# What the first word of a subject stands for.
NOUNS = {
    "account": _("account"),
    "backup": _("backup"),
    "call": _("call"),
    "document": _("document"),
    "event": _("event"),
    "expert": _("expert"),
    "group": _("group"),
    "intention": _("cooperation intention"),
    "interest": _("expression of interest"),
    "list": pgettext_lazy("audit", "list"),
    "organization": _("organization"),
    "project": _("project"),
}
LABELS = {
    "added": _("added"),
    "assignment": _("kind of assignment"),
    "bytes": _("size in bytes"),
    "contact": _("contact"),
    "content": pgettext_lazy("audit", "for"),
    "device": _("device"),
    "event": _("event"),
    "events": _("events"),
    "fields": _("what was changed"),
    "file_format": _("file format"),
    "file_was_missing": _("the file was missing"),
    "files": _("files"),
    "filters": _("filters"),
    "flags": _("what the account may do"),
    "flags added": _("what the account may do, added"),
    "flags removed": _("what the account may do, removed"),
    "groups": _("groups"),
    "groups added": _("groups added"),
    "groups removed": _("groups removed"),
    "intention": _("cooperation intention"),
    "interests": _("expressions of interest"),
    "left": _("recovery codes left"),
    "proposal": _("proposal of an expert"),
    "proposals": _("proposals of experts"),
    "purpose": _("purpose"),
    "recipient": _("recipient"),
    "logins": _("logins ended"),
    "machine_account": _("account of the machine"),
    "mails_held": _("e-mails held back"),
    "members": _("members"),
    "merged": pgettext_lazy("audit", "merged rows"),
    "message": _("message"),
    "minutes": _("minutes"),
    "moved": pgettext_lazy("audit", "moved rows"),
    "seconds": _("seconds"),
    "missing": _("files missing"),
    "people": _("people"),
    "permissions added": _("permissions added"),
    "permissions removed": _("permissions removed"),
    "printed": _("link printed on the server"),
    "reason": _("reason"),
    "removed": _("removed"),
    "replaced": _("in the place of an older one"),
    "report": pgettext_lazy("audit", "report"),
    "rows": _("rows"),
    "search": pgettext_lazy("audit", "searched for a text"),
    "second": _("second factor"),
    "selected": _("selected rows only"),
    "series": _("event series"),
    "source": _("asked for in"),
    "submission": _("submission"),
    "told": _("told by e-mail"),
    "unlocked": _("unlocked"),
    "until": pgettext_lazy("audit", "until"),
    "visits": _("visits of experts"),
    "interpreters": _("interpreters"),
}


def _columns(*names: str) -> dict[str, Words | None]:
    return {name: field_of(User, name).verbose_name for name in names}


_FLAGS = _columns("is_active", "is_staff", "is_superuser")
WORDS: dict[str, Mapping[str, Words | None]] = {
    **dict.fromkeys(("groups", "groups added", "groups removed"), IN_WORDS),
    "content": {"again": _("editing and importing again")},
    "assignment": {"desk": _("desk staff"), "limit": _("limit of an organizer")},
    "fields": _columns("username", "first_name", "last_name", "email"),
    "flags": _FLAGS,
    "flags added": _FLAGS,
    "flags removed": _FLAGS,
    "reason": {
        "address_refused": _("the mail server refused the address"),
        "not_me": _("registered by someone else, removed by the person"),
        "asked_for": _("asked for"),
        "code": _("wrong code"),
        "deleted": _("deleted"),
        "idle": _("nothing was done for too long"),
        "long": _("the login had lasted its time"),
        "no_code": _("no code was given"),
        "not_staff": _("no longer on the staff"),
        "own_wish": _("by the person"),
        "password": _("wrong user name or password"),
        "retention": _("kept long enough"),
        "spam": _("spam"),
        "unused": _("not used for long"),
        "visitor": _("by the person"),
    },
    "second": {"authenticator": _("authenticator"), "recovery codes": _("recovery code")},
    "source": dict(ExportRecord.Source.choices),
}


def subject_in_words(subject: str) -> str:
    """Return the subject with its noun in the current language: ``event · 2020-summit``."""
    noun, dot, name = subject.partition(" · ")
    shown = name
    if noun == "group":
        shown = group_in_words(name)
    elif noun == "list" and (model := _models().get(name)):
        shown = str(model._meta.verbose_name_plural)
    return f"{NOUNS.get(noun, noun)}{dot}{shown}"


def _models() -> dict[str, type[Model]]:
    return {model._meta.label_lower: model for model in apps.get_models()}


def details_in_words(details: dict[str, Any]) -> list[tuple[Words, str]]:
    """Return the details as pairs of a label and a value, in the current language."""
    return [
        (LABELS.get(name, name.replace("_", " ")), _value_in_words(name, value))
        for name, value in details.items()
    ]


def _value_in_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        between = pgettext("between texts", "; ")
        return between.join(_labelled(*pair) for pair in details_in_words(value))
    if isinstance(value, list):
        return listed(_value_in_words(name, each) for each in value) or "—"
    return str(WORDS.get(name, {}).get(value, value))


def _labelled(label: Words, value: str) -> str:
    return gettext("%(label)s: %(value)s") % {"label": label, "value": value}


class NewestPaginator(Paginator):
    """Counts no further than somebody would turn pages: counting a long trail takes long."""

    most = 10_000

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.most].count()


class AccountFilter(admin.SimpleListFilter):
    """By the accounts that there are; the search finds those that are gone."""

    title = _("account")
    parameter_name = "account"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        names = User.objects.filter(is_staff=True).order_by("username")
        return [(name, name) for name in names.values_list("username", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        known = self.value() in dict(self.lookup_choices)
        return queryset.filter(actor_name=self.value()) if known else queryset.none()


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, SummitAdmin):
    list_display = ["when", "action", "actor", "about", "request_number"]
    # A row says all that there is.
    list_display_links = None
    list_filter = ["action", AccountFilter, ("at", DateFieldListFilter)]
    list_per_page = 50
    search_fields = ["actor_name", "subject"]
    search_help_text = _(
        "Searches accounts and subjects. The newest 10,000 that match are listed: "
        "choose a time for older ones."
    )
    paginator = NewestPaginator
    show_full_result_count = False
    # Each count would read the whole trail.
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_urls(self) -> list[URLPattern]:
        address = self.admin_site.admin_view(self.changelist_view)
        return [path("", address, name="audit_auditentry_changelist")]

    @admin.display(description=_("at"), ordering="at")
    def when(self, entry: AuditEntry) -> SafeString:
        local = timezone.localtime(entry.at)
        return format_html(
            '<time datetime="{}"><span class="nowrap">{}</span> '
            '<span class="nowrap">{} {}</span></time>',
            local.isoformat(timespec="seconds"),
            clock.date(local.date()),
            f"{local:%H:%M:%S}",
            clock.zone_name(timezone.get_current_timezone(), local),
        )

    @admin.display(description=_("account"), ordering="actor_name")
    def actor(self, entry: AuditEntry) -> SafeString:
        address = entry.network_address or ""
        return format_html('{}<div class="quiet">{}</div>', entry.actor_name or "—", address)

    @admin.display(description=field_of(AuditEntry, "subject").verbose_name)
    def about(self, entry: AuditEntry) -> SafeString:
        lines = ((_labelled(*pair),) for pair in details_in_words(entry.details))
        details = format_html_join("", '<div class="quiet">{}</div>', lines)
        return format_html("{}{}", subject_in_words(entry.subject) or "—", details)

    @admin.display(description=pgettext_lazy("audit", "request"))
    def request_number(self, entry: AuditEntry) -> str:
        return entry.request_id or "—"
