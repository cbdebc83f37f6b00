"""The attendees of events: who, in which state, and what an organizer does about it."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.attendee_export import export_selected, may_export_some, refuse_export
from backoffice.desk_staff import (
    Arrived,
    AttendeeChangeList,
    BadgeFilter,
    CheckedInFilter,
    CheckInInline,
    arrival,
    badge,
)
from backoffice.kit.columns import state_mark
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.filters import ChoiceFilter
from backoffice.kit.private_search import PrivateSearch
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.search import few_words
from backoffice.kit.searched_filters import by_event
from backoffice.kit.zones import moment_column, short_moment
from backoffice.meeting_admission import ADD_TO_MEETINGS
from backoffice.registration_actions import ACTIONS
from backoffice.related import COMING_FROM
from backoffice.report_selection import FigureFilter
from registrations.domain import contact_change
from registrations.models import Answer, Consent, Registration, RegistrationSettings
from registrations.models.registration_queryset import ONLINE, RegistrationQuerySet
from summit.lib.database.numbers import fits_bigint
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

STATES = dict(Registration.Status.choices)
CATEGORIES = dict(Registration.Category.choices)


class AnswerInline(ReadOnly, admin.TabularInline):
    model = Answer
    fields = readonly_fields = ("question", "shown")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).select_related("question")

    @admin.display(description=_("answer"))
    def shown(self, answer: Answer) -> str:
        return answer.shown


class ConsentInline(ReadOnly, admin.TabularInline):
    """What the person agreed to and withdrew; nobody agrees for them."""

    model = Consent
    fields = readonly_fields = ("to", "given_at", "withdrawn_at")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        return super().get_queryset(request).select_related("to")


class ProvenFilter(ChoiceFilter):
    """Whether the contact is proven: without that anybody may have typed it."""

    title = _("contact verified")
    parameter_name = "proven"
    options = {
        "yes": (_("yes"), lambda rows, user: rows.exclude(proven_at=None)),
        "no": (_("no"), lambda rows, user: rows.filter(proven_at=None)),
    }


class WayFilter(ChoiceFilter):
    """Whether the person takes part online, at an online event or by choice at a hybrid one."""

    title = _("takes part")
    parameter_name = "way"
    options = {
        "in_person": (_("in person"), lambda rows, user: rows.exclude(ONLINE)),
        "online": (_("online"), lambda rows, user: rows.filter(ONLINE)),
    }


class GroupFilter(admin.SimpleListFilter):
    """The people of one group, to which the page of each leads; shown while it is used."""

    title = _("group")
    parameter_name = "of_group"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        return [(str(self.value()), _("People of one group"))] if self.value() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        number = self.value()
        if number is None:
            return queryset
        return queryset.filter(group=int(number)) if fits_bigint(number) else queryset.none()


class ConsentFilter(ChoiceFilter):
    """Whether the person agreed, without which no list for others names them."""

    title = _("agreed to the privacy notice")
    parameter_name = "consent"
    options = {
        "yes": (_("yes"), lambda rows, user: rows.exclude(consented_at=None)),
        "no": (_("no"), lambda rows, user: rows.filter(consented_at=None, erased_at=None)),
    }


def _zone(registration: Registration) -> zoneinfo.ZoneInfo:
    return registration.event.zone


@admin.register(Registration)
class RegistrationAdmin(PrivateSearch, VersionedAdmin):
    changelist_class = AttendeeChangeList
    # What is typed; no history keeps what it was, since it is somebody's data.
    unrecorded = (
        *("name", "phone", "organization_name", "organization", "position", "category"),
        *("staff_note", "language"),
    )
    actions = [*ACTIONS, ADD_TO_MEETINGS, export_selected]
    inlines = [AnswerInline, ConsentInline, CheckInInline]
    list_display = [
        *("name", "state", "arrived", "badge", "comes_from", "contact", "event", "came_at"),
    ]
    list_display_links = ["name"]
    list_filter = [
        *("status", CheckedInFilter, WayFilter, BadgeFilter, ProvenFilter, ConsentFilter),
        *(GroupFilter, "category", "language"),
        # Not a date_hierarchy, which reads the days of every row for each page.
        ("registered_at", admin.DateFieldListFilter),
        by_event("event"),
        COMING_FROM,
        FigureFilter,
    ]
    # Not even those that a column shows: see ``AttendeeChangeList``.
    list_select_related = []
    search_fields = ["search_text"]
    search_help_text = _("Name, pinyin, e-mail, organization, phone or ticket.")
    list_per_page = 50
    show_full_result_count = False
    # Each count beside a filter reads every row, and they are many.
    show_facets = admin.ShowFacets.NEVER
    autocomplete_fields = ["organization"]
    readonly_fields = [
        *("event", "state", "email", "ticket", "came_at", "registered_by", "double_of"),
        *("registered_group", "source", "consented", "privacy_notice"),
        *("proven", "proof", "held", "offer_expires", "badge_made", "badge_printed_by"),
        *("cancelled", "cancel_reason", "erased"),
    ]
    fieldsets = [
        (None, {"fields": [("event", "state"), "name", ("email", "phone")]}),
        (
            pgettext_lazy("attendee", "Organization"),
            {"fields": [("organization_name", "organization"), ("position", "category")]},
        ),
        (_("Staff"), {"fields": ["staff_note", "language"]}),
        (
            _("Record"),
            {
                "fields": [
                    ("ticket", "came_at", "registered_by"),
                    "registered_group",
                    ("source", "double_of"),
                    ("consented", "privacy_notice"),
                    ("proven", "proof"),
                    ("held", "offer_expires"),
                    ("badge_made", "badge_printed_by"),
                    ("cancelled", "cancel_reason", "erased"),
                ]
            },
        ),
    ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Registration | None = None
    ) -> list[Any]:
        # Where the number is the contact, it is changed by an action, which tells the person.
        is_contact = obj is not None and obj.phone_key and not obj.email_key
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "phone"] if is_contact else fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        # People register themselves, or are added to an event: ``attendee_add.py``.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Registration | None = None) -> bool:
        # Erasing keeps the count; deleting would not.
        return False

    def has_change_permission(self, request: HttpRequest, obj: Registration | None = None) -> bool:
        erased = obj is not None and obj.erased_at is not None
        return not erased and super().has_change_permission(request, obj)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and may_export_some(request.user)

    def changelist_view(  # type: ignore[override]  # the site lets nobody else in
        self, request: StaffRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        is_export = export_selected.__name__ in request.POST.getlist("action")
        if is_export and not self.has_export_permission(request):
            refuse_export(request)
        return super().changelist_view(request, extra_context)

    def get_search_results(  # type: ignore[override]  # they are registrations
        self, request: HttpRequest, queryset: RegistrationQuerySet, search_term: str
    ) -> tuple[RegistrationQuerySet, bool]:
        # As at the desk: one column holds all that a person is looked up by.
        return queryset.search(" ".join(few_words(search_term))), False

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "language":
            # Mails are written in it, so that only a language of the site will do.
            return forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Registration, form: forms.ModelForm, change: bool
    ) -> None:
        before = Registration.objects.get(pk=obj.pk) if form.has_changed() else obj
        super().save_model(request, obj, form, change)
        # Who has no mail to open comes back by the screen alone.
        if before.has_typed_key and not obj.email_key:
            contact_change.show_with_code([obj])

    def lock_row(self, key: int) -> None:
        # A seat may be given or a person erased meanwhile: saving must not undo that. The
        # event's lock on seats comes first, as in registrations/domain/admission.py.
        RegistrationSettings.objects.locked().filter(event__registrations=key).first()
        Registration.objects.select_for_update(no_key=True).filter(pk=key).first()

    @admin.display(description=_("status"), ordering="status")
    def state(self, registration: Registration) -> str:
        # Django's get_status_display() goes over all choices for each row.
        shown = state_mark(registration.status, STATES[registration.status])
        more = ""
        if registration.cancel_reason:
            more = registration.get_cancel_reason_display()
        elif registration.event.is_hybrid:
            more = gettext("online") if registration.chose_online else gettext("in person")
        return format_html('{}<div class="quiet">{}</div>', shown, more) if more else shown

    @admin.display(description=_("arrived"))
    def arrived(self, registration: Arrived) -> str:
        return arrival(registration)

    @admin.display(description=_("badge"), ordering="badge_printed_at")
    def badge(self, registration: Registration) -> str:
        return badge(registration)

    @admin.display(
        description=pgettext_lazy("attendee", "organization"), ordering="organization_name"
    )
    def comes_from(self, registration: Registration) -> str:
        return format_html(
            '{}<div class="quiet">{}</div>',
            registration.organization_name or "—",
            CATEGORIES.get(registration.category, registration.category),
        )

    @admin.display(description=pgettext_lazy("attendee", "contact"), ordering="email")
    def contact(self, registration: Registration) -> str:
        return registration.readable_email or registration.readable_phone or "—"

    @admin.display(description=_("registered at"), ordering="registered_at")
    def came_at(self, registration: Registration) -> str:
        return short_moment(registration.registered_at, registration.event.zone)

    @admin.display(description=_("group"))
    def registered_group(self, registration: Registration) -> str:
        """Who has registered the person, and the way to the others of the group."""
        group = registration.group
        if group is None:
            return "—"
        others = reverse("admin:registrations_registration_changelist")
        return format_html(
            '{} <span class="quiet">{}</span> <a href="{}?of_group={}">{}</a>',
            group.name or gettext("erased"),
            group.contact_in_words,
            others,
            group.pk,
            gettext("All people of this group"),
        )

    @admin.display(description=_("consented at"), ordering="consented_at")
    def consented(self, registration: Registration) -> str:
        zone, group = registration.event.zone, registration.group
        if registration.consented_at:
            return short_moment(registration.consented_at, zone)
        if group is None:
            return "—"
        informed = short_moment(group.informed_at, zone)
        return format_html(gettext("no consent; informed by the contact person on {}"), informed)

    @admin.display(description=_("offer expires"), ordering="offer_expires_at")
    def offer_expires(self, registration: Registration) -> str:
        ends = registration.offer_ends_at
        return short_moment(ends, registration.event.zone) if ends else "—"

    held = moment_column(Registration, "held_until", zone=_zone)
    badge_made = moment_column(Registration, "badge_printed_at", zone=_zone)
    proven = moment_column(Registration, "proven_at", zone=_zone)
    cancelled = moment_column(Registration, "cancelled_at", zone=_zone)
    erased = moment_column(Registration, "erased_at", zone=_zone)
