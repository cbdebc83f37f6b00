"""Contacts: on the pages of organizations, experts and projects, and in a list of their own.

Nobody but organizers sees them. The list finds them by words that stand in no address
(``private_search.py``), and nothing here writes a name into the admin's log.
"""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backoffice.kit.actions import Action, ForSelected
from backoffice.kit.deletion import page_of
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.exporting import Column, ExportList, column
from backoffice.kit.fields import SummitFields
from backoffice.kit.filters import ChoiceFilter
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.readers import ForReader
from backoffice.kit.scope import RowsInScope
from contacts.domain import contact as domain
from contacts.models import OWNERS, Contact, ContactQuerySet, owners_of
from events.models.limits import limits_of
from summit.lib.spreadsheets import Kind
from summit.lib.web import mail_addresses
from summit.lib.web.requests import StaffRequest, user_of

# What is typed, in rows.
ROWS = (("name", "language"), ("phone", "email", "wechat"), ("source", "note"))
# What the pages of organizations, experts and projects add to the version of their row: each
# save of a contact sets the time, so that nothing of what it says goes into a form.
UNRECORDED = ("contacts__pk", "contacts__used_at")


class ContactForm(ForReader, forms.ModelForm):
    """Saving a contact confirms it."""

    class Meta:
        widgets = {"note": AdminTextareaWidget({"rows": 2})}

    @property
    def headline(self) -> str:
        """Who it is, since the row itself is called by its number."""
        return self.instance.name

    def save(self, commit: bool = True) -> Contact:
        self.instance.used_at = timezone.now()
        return super().save(commit)


class ContactPageForm(ContactForm):
    def clean(self) -> dict[str, Any] | None:
        """Refuse to add a contact to what the reader then would not see it of."""
        cleaned = super().clean()
        for name in OWNERS:
            owner = self.cleaned_data.get(name)
            if owner is None or limits_of(self.reader) is None:
                continue
            if not owners_of(name, self.reader).filter(pk=owner.pk).exists():
                self.add_error(
                    name, _("This does not belong to any of your events. Choose another one.")
                )
        return cleaned


class ContactFormSet(ForReader, forms.BaseInlineFormSet):
    def delete_existing(self, obj: Contact, commit: bool = True) -> None:
        if commit:
            by = self.reader if isinstance(self.reader, User) else None
            domain.erase([obj], by=by, reason="deleted")


class ContactInline(RowsInScope, SummitFields, admin.StackedInline):
    """On the pages of organizations, experts and projects, for organizers alone."""

    model = Contact
    form = ContactForm
    formset = ContactFormSet
    template = "backoffice/folded_inline.html"
    fields = ROWS
    extra = 0
    verbose_name_plural = _("contacts (visible to organizers only)")


class OwnerFilter(ChoiceFilter):
    title = _("contact of")
    parameter_name = "of"
    options = {
        "organization": (
            _("an organization"),
            lambda rows, user: rows.exclude(organization=None),
        ),
        "expert": (_("an expert"), lambda rows, user: rows.exclude(expert=None)),
        "project": (_("a project"), lambda rows, user: rows.exclude(project=None)),
    }


class DueFilter(ChoiceFilter):
    title = _("retention")
    parameter_name = "due"
    options = {
        "soon": (
            _("erased within three months"),
            lambda rows, user: rows.filter(
                pk__in=domain.due_for_erasure(in_months=domain.SOON).order_by().values("pk")
            ),
        )
    }


class ContactChangeList(GuardedChangeList, PrivateChangeList):
    pass


def _confirm(
    _admin: admin.ModelAdmin, _request: StaffRequest, contact: Contact, _given: dict[str, Any]
) -> None:
    domain.confirm([contact])


def _day(moment: dt.datetime) -> SafeString:
    return format_html('<span class="when">{}</span>', timezone.localdate(moment).isoformat())


CONFIRM: Action[Contact] = Action(
    name="confirm",
    label=_("Still correct"),
    explanation=_("Confirms that the data is still correct, so that it is not erased as unused."),
    run=_confirm,
    done=_("%(object)s is confirmed."),
    is_main=True,
    selected=ForSelected(
        label=_("Confirm that the selected contacts are still correct"),
        rows=lambda admin, request, rows: rows,
        done=ngettext_lazy(
            "%(count)d contact is confirmed.", "%(count)d contacts are confirmed.", "count"
        ),
    ),
)


CONTACTS = ExportList(
    "contacts",
    [
        Column.of(_("Contact of"), lambda contact: str(contact.owner or ""), width=32),
        *(column(Contact, name, width=18) for name in ("name", "phone", "email", "wechat")),
        column(Contact, "language"),
        column(Contact, "note", width=30),
        column(Contact, "source", width=24),
        Column.of(_("Last used"), lambda contact: timezone.localdate(contact.last_use), Kind.DAY),
        Column.of(
            _("Kept until"),
            lambda contact: timezone.localdate(domain.kept_until(contact)),
            Kind.DAY,
        ),
    ],
    rows=lambda contacts: contacts.select_related(*OWNERS),
    permission="contacts.export_contact",
)


@admin.register(Contact)
class ContactAdmin(PrivateSearch, VersionedAdmin):
    form = ContactPageForm
    changelist_class = ContactChangeList
    actions = [CONFIRM, CONTACTS]
    # What is typed; no history keeps what it was, since it is somebody's data.
    unrecorded = (
        *("name", "language", "phone", "email", "wechat", "note", "source", "used_at"),
        *OWNERS,
    )
    list_display = ["name", "belongs_to", "ways", "last_use", "kept_until"]
    list_filter = [OwnerFilter, DueFilter]
    list_select_related = list(OWNERS)
    list_per_page = 50
    search_fields = ["search_text", *(f"{name}__search_text" for name in OWNERS)]
    search_help_text = _(
        "Name, pinyin, e-mail, phone or WeChat of the person, or the name of the organization, "
        "expert or project."
    )
    autocomplete_fields = list(OWNERS)
    readonly_fields = ["last_use", "kept_until"]
    fieldsets = [
        (
            _("Contact of"),
            {
                "fields": [tuple(OWNERS)],
                "description": _("Choose one: an organization, an expert or a project."),
            },
        ),
        (_("Person"), {"fields": list(ROWS)}),
        (_("Record"), {"fields": [("last_use", "kept_until")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> ContactQuerySet:
        return super().get_queryset(request).with_last_use()

    def lock_row(self, key: int) -> None:
        # It may be erased meanwhile: saving must not bring it back.
        Contact.objects.select_for_update(no_key=True).filter(pk=key).first()

    def delete_model(self, request: HttpRequest, obj: Contact) -> None:
        domain.erase([obj], by=user_of(request), request=request, reason="deleted")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        domain.erase(queryset, by=user_of(request), request=request, reason="deleted")

    @admin.display(description=_("contact of"))
    def belongs_to(self, contact: Contact) -> str:
        owner = contact.owner
        return format_html('<a href="{}">{}</a>', page_of(owner), owner) if owner else "—"

    @admin.display(description=_("how to reach"))
    def ways(self, contact: Contact) -> str:
        ways = (contact.phone, mail_addresses.readable(contact.email), contact.wechat)
        return format_html_join("", "<div>{}</div>", [(way,) for way in ways if way]) or "—"

    @admin.display(description=_("last used"), ordering="last_use")
    def last_use(self, contact: Contact) -> str:
        return _day(contact.last_use) if contact.pk else "—"

    @admin.display(description=_("kept until"), ordering="last_use")
    def kept_until(self, contact: Contact) -> str:
        return _day(domain.kept_until(contact)) if contact.pk else "—"
