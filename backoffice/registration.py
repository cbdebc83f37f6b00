"""The attendees of events: who, in which state, and what an organizer does about it."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from backoffice.desk_assignment import (
    AttendeeChangeList,
    CheckedInFilter,
    CheckInInline,
    arrival,
)
from backoffice.exports import export_selected, may_export_some, refuse_export
from backoffice.kit.actions import Verb
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.guard import few_words
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.private_search import PrivateSearch
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.zones import moment_column, short_moment
from backoffice.registration_actions import approve_selected, cancel_selected, erase, erase_selected
from backoffice.report_selection import FigureFilter
from events.models import Event
from events.models.scope import readable
from mail import outbox
from mail.models import OutboundMail
from registrations.domain import personal_link, place
from registrations.models import Answer, Registration, RegistrationSettings
from summit.lib.i18n.names import staff_name

Status = Registration.Status


def _is_active(_admin, registration):
    return registration.is_active


def _erase(_admin, request, registration, _given):
    erase(registration, request=request)
    return registration


VERBS = [
    Verb(
        name="approve",
        label=_("Approve"),
        explanation=_("The person gets a seat, or a place in the queue, and a mail that says so."),
        run=lambda admin, request, row, given: place.approve(row),
        done=_("%(object)s is approved."),
        offered=lambda admin, row: row.status == Status.PENDING,
        is_main=True,
    ),
    Verb(
        name="decline",
        label=_("Decline"),
        explanation=_("The person gets a mail that says so."),
        run=lambda admin, request, row, given: place.decline(row),
        done=_("%(object)s is declined."),
        offered=lambda admin, row: row.status == Status.PENDING,
    ),
    Verb(
        name="send-link",
        label=_("Mail the personal link"),
        explanation=_("The person gets the link of the personal page again."),
        run=lambda admin, request, row, given: outbox.queue("link", [row]) and None,
        done=_("A new link has been e-mailed to %(object)s."),
        offered=_is_active,
    ),
    Verb(
        name="replace-link",
        label=_("Replace the personal link"),
        explanation=_("The old link stops working and a new one is mailed."),
        run=lambda admin, request, row, given: personal_link.revoke_link(row),
        done=_("The link of %(object)s is replaced."),
        offered=_is_active,
    ),
    Verb(
        name="cancel",
        label=_("Cancel the registration"),
        explanation=_("The place goes to the first person waiting; both get a mail."),
        run=lambda admin, request, row, given: place.cancel(row, by=request.user),
        done=_("%(object)s is cancelled."),
        offered=_is_active,
        is_grave=True,
    ),
    Verb(
        name="erase",
        label=_("Erase the person"),
        explanation=_(
            "Name, addresses, answers, notes and mails are erased for good; the count stays. "
            "A place at an event still to come is given back first."
        ),
        run=_erase,
        done=_("The personal data of %(object)s has been erased."),
        offered=lambda admin, row: row.erased_at is None,
        is_grave=True,
    ),
]


class AnswerInline(ReadOnly, admin.TabularInline):
    model = Answer
    fields = readonly_fields = ["question", "shown"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("question")

    @admin.display(description=_("answer"))
    def shown(self, answer):
        return answer.shown


class EventFilter(admin.RelatedFieldListFilter):
    """The events that take registrations: who has any would be read from all of them."""

    def field_choices(self, field, request, model_admin):
        events = Event.objects.filter(registration_settings__isnull=False)
        theirs = readable(events, request.user)
        return [(event.pk, event.title_and_day) for event in theirs]


class ProvenFilter(admin.SimpleListFilter):
    """Whether the link in the mail was opened, without which anybody may have typed the address."""

    title = _("address proven")
    parameter_name = "proven"

    def lookups(self, request, model_admin):
        return [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(proven_at__isnull=self.value() == "no")
        return queryset


def _zone(registration):
    return registration.event.zone


def _zone_of_mail(row):
    return row.subject.event.zone if row.subject else timezone.get_current_timezone()


@admin.register(Registration)
class RegistrationAdmin(PrivateSearch, VersionedAdmin):
    changelist_class = AttendeeChangeList
    verbs = VERBS
    # What is typed; no history keeps what it was, since it is somebody's data.
    unrecorded = (
        *("name", "phone", "organization_name", "organization", "position", "category"),
        *("staff_note", "language"),
    )
    actions = [approve_selected, cancel_selected, erase_selected, export_selected]
    inlines = [AnswerInline, CheckInInline]
    list_display = [
        *("name", "state", "arrived", "comes_from", "email", "event", "came_at"),
    ]
    list_display_links = ["name"]
    list_filter = [
        *("status", CheckedInFilter, ProvenFilter, "category", "language"),
        # Not a date_hierarchy, which reads the days of every row for each page.
        ("registered_at", admin.DateFieldListFilter),
        ("event", EventFilter),
        FigureFilter,
    ]
    list_select_related = ["event"]
    search_fields = ["search_text"]
    search_help_text = _("Name, pinyin, e-mail, organization, phone or ticket.")
    list_per_page = 50
    show_full_result_count = False
    # Each count beside a filter reads every row, and they are many.
    show_facets = admin.ShowFacets.NEVER
    autocomplete_fields = ["organization"]
    readonly_fields = [
        *("event", "state", "email", "ticket", "came_at", "registered_by"),
        *("consented", "privacy_notice"),
        *("proven", "offer_expires", "cancelled", "cancel_reason", "erased"),
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
                    ("consented", "privacy_notice"),
                    ("proven", "offer_expires"),
                    ("cancelled", "cancel_reason", "erased"),
                ]
            },
        ),
    ]

    def has_add_permission(self, request):
        # People register themselves, with their consent.
        return False

    def has_delete_permission(self, request, obj=None):
        # Erasing keeps the count; deleting would not.
        return False

    def has_change_permission(self, request, obj=None):
        erased = obj is not None and obj.erased_at is not None
        return not erased and super().has_change_permission(request, obj)

    def has_export_permission(self, request):
        return self.has_view_permission(request) and may_export_some(request.user)

    def changelist_view(self, request, extra_context=None):
        is_export = export_selected.__name__ in request.POST.getlist("action")
        if is_export and not self.has_export_permission(request):
            refuse_export(request)
        return super().changelist_view(request, extra_context)

    def get_search_results(self, request, queryset, search_term):
        # As at the desk: one column holds all that a person is looked up by.
        return queryset.search(few_words(search_term)), False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "language":
            # Mails are written in it, so that only a language of the site will do.
            return forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def lock_row(self, key):
        # A seat may be given or a person erased meanwhile: saving must not undo that. The
        # event's lock on seats comes first, as in registrations/domain/admission.py.
        RegistrationSettings.objects.locked().filter(event__registrations=key).first()
        Registration.objects.select_for_update(no_key=True).filter(pk=key).first()

    @admin.display(description=_("status"), ordering="status")
    def state(self, registration):
        shown = format_html(
            '<span class="state state-{}">{}</span>',
            registration.status,
            registration.get_status_display(),
        )
        if not registration.cancel_reason:
            return shown
        reason = registration.get_cancel_reason_display()
        return format_html('{}<div class="quiet">{}</div>', shown, reason)

    @admin.display(description=_("arrived"))
    def arrived(self, registration):
        return arrival(registration)

    @admin.display(
        description=pgettext_lazy("attendee", "organization"), ordering="organization_name"
    )
    def comes_from(self, registration):
        return format_html(
            '{}<div class="quiet">{}</div>',
            registration.organization_name or "—",
            registration.get_category_display(),
        )

    @admin.display(description=_("registered at"), ordering="registered_at")
    def came_at(self, registration):
        return short_moment(registration.registered_at, registration.event.zone)

    proven = moment_column(Registration, "proven_at", zone=_zone)
    consented = moment_column(Registration, "consented_at", zone=_zone)
    offer_expires = moment_column(Registration, "offer_expires_at", zone=_zone)
    cancelled = moment_column(Registration, "cancelled_at", zone=_zone)
    erased = moment_column(Registration, "erased_at", zone=_zone)


@admin.action(description=_("Try the selected mails again"), permissions=["change"])
def try_again(model_admin, request, queryset):
    done = outbox.try_again(queryset)
    model_admin.message_user(
        request,
        ngettext("%(count)d mail is queued.", "%(count)d mails are queued.", done)
        % {"count": done},
    )


@admin.display(description=_("registration"))
def registration(row) -> str:
    if row.subject is None:
        return "-"
    address = reverse("admin:registrations_registration_change", args=[row.subject_id])
    return format_html('<a href="{}">{}</a>', address, row.subject)


@admin.register(OutboundMail)
class OutboundMailAdmin(SummitAdmin):
    actions = [try_again]
    list_display = ["kind", "status", "about", "attempts", "next_try", "last_error", "sent"]
    list_filter = ["status", "kind"]
    list_select_related = ["user"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    # Not by its name, which is also that of the relation by which registrations have mails.
    fields = readonly_fields = [
        *("kind", registration, "user", "status", "attempts", "created", "next_try"),
        *("sent", "last_error"),
    ]
    created = moment_column(OutboundMail, "created_at", zone=_zone_of_mail)
    next_try = moment_column(OutboundMail, "next_try_at", zone=_zone_of_mail)
    sent = moment_column(OutboundMail, "sent_at", zone=_zone_of_mail)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("subject__event")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        # Who may try a mail again does so in the list; on its page there is nothing to save.
        buttons = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(
            request, object_id, form_url, {**buttons, **(extra_context or {})}
        )

    @admin.display(description=_("event or member of staff"))
    def about(self, row) -> str:
        if row.subject is None:
            return staff_name(row.user)
        return str(row.subject.event)
