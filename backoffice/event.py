from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.announcement import (
    TELL,
    offer_to_tell,
    pass_added_seats_on,
    point_to_kept_times,
)
from backoffice.attendance import TYPE_ATTENDANCE
from backoffice.attendee_add import ADD_ATTENDEE
from backoffice.ceremony import ceremony_buttons
from backoffice.event_actions import EVENT_ACTIONS
from backoffice.event_exports import EXPORTS
from backoffice.event_imports import IMPORTS
from backoffice.kit.actions import Action, Button
from backoffice.kit.bilingual import BilingualAdmin, BilingualForm, both, languages
from backoffice.kit.columns import count_column, status_column
from backoffice.kit.demonstration import without_mark
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.labels import own_language_first, pair
from backoffice.kit.model_admin import name_what_is_no_draft, offer_to_delete_drafts
from backoffice.kit.organizer_limits import name_whom_it_limits
from backoffice.kit.searched_filters import by_series
from backoffice.kit.zones import FORMFIELDS, StartsBeforeEnd, ZoneInput, short_moment, zone_of
from backoffice.meeting_admission import ADMIT_EXPERTS
from backoffice.meeting_totals import TYPE_TOTALS
from backoffice.move import MOVE
from backoffice.related import EVENTS_WITH
from backoffice.report_selection import FigureFilter, link_to_report
from backoffice.workspace.attendees import AttendeesPage
from backoffice.workspace.calls import CallsPage, SubmissionsPage
from backoffice.workspace.experts import ExpertsPage
from backoffice.workspace.files import FilesPage
from backoffice.workspace.intentions import IntentionsPage
from backoffice.workspace.interests import InterestsPage
from backoffice.workspace.meeting_interpreters import InterpretersPage
from backoffice.workspace.meeting_people import DelegationsPage, PairsPage
from backoffice.workspace.meeting_slots import SlotsPage
from backoffice.workspace.meeting_tables import TablesPage
from backoffice.workspace.meetings import MeetingsPage
from backoffice.workspace.menu import DETAILS
from backoffice.workspace.messages import MessagesPage
from backoffice.workspace.organizations import OrganizationsPage
from backoffice.workspace.overview import OverviewPage
from backoffice.workspace.page import EventPage
from backoffice.workspace.printing import PrintPage
from backoffice.workspace.programme import ProgrammePage
from backoffice.workspace.projects import PUBLISH_PROJECTS, ProjectsPage
from backoffice.workspace.report import ReportPage
from backoffice.workspace.schedule import SchedulePage
from events.domain import programme
from events.domain.move import change_zone, in_zone_of
from events.domain.untold import said_to
from events.models import (
    Appearance,
    Event,
    EventFile,
    EventRole,
    Photo,
    ProgrammePerson,
    Session,
)
from events.models.limits import limits_of
from projects.models import Recommendation
from summit.lib.i18n.times import validate_zone
from summit.lib.web.moment_fields import set_zone
from summit.lib.web.requests import user_of

# What of an event its sessions are compared with.
_WHEN_AND_WHERE = {"starts_at", "ends_at", "time_zone", *pair("venue")}


class EventForm(StartsBeforeEnd, BilingualForm):
    too_early = _("The event must end after it starts.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_zone(self, zone_of(self.data, self.instance))

    def clean_time_zone(self) -> str:
        # Here already, so that an unknown zone never reaches the event, whose
        # times are about to be shown in it.
        name: str = self.cleaned_data["time_zone"]
        validate_zone(name)
        return name

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors or not self.instance.pk or not _WHEN_AND_WHERE & set(self.changed_data):
            return
        # The programme stays as it is, but for the zone of its clock.
        event = self.instance
        sessions = in_zone_of(event, event.sessions.all(), self.initial["time_zone"])
        try:
            programme.check(event, programme.slots(event, sessions))
        except forms.ValidationError as refusal:
            self.add_error(None, said_to(self.reader, refusal))
            self.add_error(None, _("To move all sessions as well, use “Move the programme”."))

    class Meta:
        widgets = {
            "time_zone": ZoneInput(),
            "second_time_zone": ZoneInput(brings_list=False),
        }


class EventChangeList(GuardedChangeList):
    leads_to = "overview"


def mark_details(_page: BilingualAdmin, _request: HttpRequest, _event: Event) -> dict[str, str]:
    """Mark this page in the menu of the event. A panel."""
    return {"entry": DETAILS}


@admin.register(Event)
class EventAdmin(BilingualAdmin):
    # The workspace, of which this page is the details.
    pages: Sequence[type[EventPage]] = [
        OverviewPage,
        ProgrammePage,
        OrganizationsPage,
        ExpertsPage,
        ProjectsPage,
        CallsPage,
        SubmissionsPage,
        InterestsPage,
        IntentionsPage,
        AttendeesPage,
        MeetingsPage,
        SlotsPage,
        TablesPage,
        InterpretersPage,
        DelegationsPage,
        PairsPage,
        SchedulePage,
        MessagesPage,
        FilesPage,
        PrintPage,
        ReportPage,
    ]
    imports = IMPORTS
    changelist_class = EventChangeList
    ends_on = "overview"
    form = EventForm
    formfield_overrides = FORMFIELDS
    autocomplete_fields = ["series"]
    actions = [
        *(TELL, *EVENT_ACTIONS, PUBLISH_PROJECTS, MOVE, TYPE_ATTENDANCE, TYPE_TOTALS, ADD_ATTENDEE),
        ADMIT_EXPERTS,
        *BilingualAdmin.actions,
    ]
    panels = [mark_details, link_to_report, offer_to_delete_drafts]
    list_display = [
        both("title", _("title")),
        "state",
        "starts_here",
        "place",
        "session_count",
        "expert_count",
        languages,
    ]
    list_filter = [
        "status",
        by_series("series"),
        *("kind", "format", "is_demonstration"),
        EVENTS_WITH,
        FigureFilter,
    ]
    list_select_related = ["series"]
    date_hierarchy = "starts_at"
    search_fields = ["search_text"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    pair("title"),
                    ("series", "slug"),
                    ("kind", "format", "is_demonstration"),
                ]
            },
        ),
        (
            _("When"),
            {"fields": [("starts_at", "ends_at"), ("time_zone", "second_time_zone")]},
        ),
        (
            _("Where"),
            {
                "fields": [
                    pair("venue"),
                    pair("address"),
                    pair("city"),
                    ("country", "map_link"),
                    pair("transport"),
                    pair("hotels"),
                    "online_link",
                    ("online_link_for", "online_link_hours"),
                ]
            },
        ),
        (
            _("Contact"),
            {
                "fields": [pair("contact_name"), ("contact_phone", "contact_email")],
                "description": _(
                    "Public: shown to everybody on the page of the event and in its e-mails. "
                    "Give a number and an address of the office rather than private ones."
                ),
            },
        ),
        (
            _("Texts"),
            {
                "fields": [
                    pair("summary"),
                    pair("description"),
                    pair("audience"),
                    pair("outcome"),
                    "cover",
                ]
            },
        ),
    ]
    # The rest is filled in on the pages of the workspace, to which saving a new event leads.
    fieldsets_of_new: ClassVar[Any] = [
        (None, {"fields": [pair("title"), ("series", "kind", "format", "is_demonstration")]}),
        (
            _("When"),
            {"fields": [("starts_at", "ends_at"), ("time_zone", "second_time_zone")]},
        ),
        (_("Where"), {"fields": [pair("venue"), pair("city"), "country"]}),
    ]
    translation_parts = ("sessions", "programme_people", "photos", "files", "recommendations")
    history_parts = {
        EventRole: "event_id",
        Session: "event_id",
        Appearance: "session__event_id",
        ProgrammePerson: "event_id",
        Photo: "event_id",
        EventFile: "event_id",
        Recommendation: "event_id",
    }
    # Each has a page of its own.
    edited_elsewhere = tuple(history_parts)
    # No history keeps whom one may ask.
    unrecorded = (*pair("contact_name"), "contact_phone", "contact_email")

    def get_urls(self) -> list[URLPattern]:
        pages = [page(self.model, self.admin_site) for page in self.pages]
        imports = [each(self.admin_site) for each in self.imports]
        return [
            *(page.url_pattern for page in pages),
            *(pattern for each in imports for pattern in each.url_patterns),
            *(each(self.admin_site).url_pattern for each in EXPORTS),
            *super().get_urls(),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            return fieldsets
        return [
            (name, {**options, "fields": own_language_first(options["fields"])})
            for name, options in without_mark(self.fieldsets_of_new, obj)
        ]

    def row_url(self, row: Event) -> str:
        return reverse("admin:events_event_overview", args=[row.pk])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                sessions_here=Count("sessions", distinct=True),
                experts_here=Count("sessions__appearances__expert", distinct=True),
            )
        )

    # What somebody who is limited does: events stand in their series, and new ones too.

    def get_readonly_fields(
        self, request: HttpRequest, obj: Event | None = None
    ) -> list[str] | tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None or _stands_in_theirs(request, obj) else [*fields, "series"]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "series" and limits_of(request.user):
            # Without it the event would be nobody's of those who are limited.
            field.required = True
        return field

    def may_use(self, action: Action[Any], request: HttpRequest, obj: Model | None) -> bool:
        # What is added by an action is a copy in the same series.
        if action.permission == "add" and isinstance(obj, Event):
            return _stands_in_theirs(request, obj) and super().may_use(action, request, obj)
        return super().may_use(action, request, obj)

    def explain_forbidden(self, action: Action[Any], request: HttpRequest) -> str:
        if action.permission == "add" and limits_of(request.user):
            return gettext(
                "You work on single events, so you cannot create new ones. Ask somebody who "
                "runs the whole series."
            )
        return super().explain_forbidden(action, request)

    # What is done with an event

    def actions_for(self, request: HttpRequest, obj: Event) -> list[tuple[Button, str]]:
        return [
            *super().actions_for(request, obj),
            *ceremony_buttons(request.user, obj),
        ]

    def explain_kept(self, request: HttpRequest, rows: Sequence[Event]) -> list[str]:
        return [*name_what_is_no_draft(rows), *name_whom_it_limits(rows)]

    def save_related(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formsets: list[forms.BaseInlineFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        if change and "time_zone" in form.changed_data:
            change_zone(form.instance, before=form.initial["time_zone"], user=user_of(request))
        pass_added_seats_on(self, request, form.instance)
        if change and "starts_at" in form.changed_data:
            point_to_kept_times(self, request, form.instance)

    def response_change(self, request: HttpRequest, obj: Event) -> HttpResponse:
        offer_to_tell(self, request, obj)
        return super().response_change(request, obj)

    def lock_row(self, key: int) -> None:
        # The programme is compared with others', and a status that is moved meanwhile is kept.
        programme.lock()
        Event.objects.select_for_update(no_key=True).filter(pk=key).first()

    def event_in_sight(self, obj: Event) -> Event:
        return obj

    def chooser_label(self, event: Event) -> str:
        """Tell a copy from the event that it was made of where they are searched for."""
        return event.title_and_day

    state = status_column

    @admin.display(description=_("start"), ordering="starts_at")
    def starts_here(self, event: Event) -> str:
        return short_moment(event.starts_at, event.zone)

    @admin.display(description=_("city"), ordering="city_en")
    def place(self, event: Event) -> str:
        return event.city.in_span

    session_count = count_column("sessions_here", _("sessions"))
    expert_count = count_column("experts_here", _("experts"))


def _stands_in_theirs(request: HttpRequest, event: Event) -> bool:
    limits = limits_of(request.user)
    return limits is None or event.series_id in limits.series
