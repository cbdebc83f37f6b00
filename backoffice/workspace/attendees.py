"""The attendees of an event: how many there are, how they register, who works at the desk."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.utils import flatten
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse

from backoffice.announcement import pass_added_seats_on
from backoffice.attendee_add import ADD_ATTENDEE
from backoffice.attendee_export import export_url
from backoffice.desk_staff import DeskAssignmentInline
from backoffice.kit.organizer_limits import recorded_assignments
from backoffice.kit.way_back import FIELD, change_url
from backoffice.registration_settings import ROWS, RegistrationSettingsInline
from backoffice.workspace.page import EventPage
from events.models import Event
from registrations.domain.desk import events_at_desk_of
from registrations.domain.door_counts import arrivals_by_day
from registrations.models import Registration
from summit.lib.i18n import clock


def count_attendees(page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Count who registered by what became of it, with the ways to them and to the desk. A panel."""
    of_event = Registration.objects.filter(event=event).order_by()
    counted = dict(of_event.values_list("status").annotate(Count("pk")))
    attendees = reverse("admin:registrations_registration_changelist")
    all_of_event = f"{attendees}?event__id__exact={event.pk}"
    user = request.user
    at_desk = user.has_perm("registrations.check_in_registration") and (
        events_at_desk_of(user).filter(pk=event.pk).exists()
    )
    settings = getattr(event, "registration_settings", None)
    if settings is not None and not settings.takes_registrations:
        settings = None
    return {
        "counts": [
            (label, counted[status], f"{all_of_event}&status__exact={status}")
            for status, label in Registration.Status.choices
            if status in counted
        ],
        "all_url": all_of_event,
        "total": sum(counted.values()),
        "arrived": of_event.seated().arrived().count() if counted else 0,
        "arrived_url": f"{all_of_event}&checked_in=yes",
        "arrived_by_day": [
            (clock.date(day), number, f"{all_of_event}&checked_in={day.isoformat()}")
            for day, number in (arrivals_by_day(event) if counted else {}).items()
            if number
        ],
        "add_url": _add_url(page, request, event),
        "export_url": export_url(user, event),
        "desk_url": reverse("desk-door", args=[event.slug]) if at_desk else "",
        "questions_url": change_url(settings, request.path) if settings else "",
        "takes_none": settings is None,
    }


def _add_url(page: EventPage, request: HttpRequest, event: Event) -> str:
    if not request.user.has_perm(ADD_ATTENDEE.permission) or event.is_cancelled:
        return ""
    return f"{ADD_ATTENDEE.url(event)}?{urlencode({FIELD: request.path})}"


class AttendeesPage(EventPage):
    """How registration is taken and who works at the desk, under the numbers of those who come.

    Overrides ``save_formset`` and ``save_related``: seats that were added go to who waits, and
    the audit trail records who is put to the desk.
    """

    name = "attendees"
    change_form_template = "backoffice/workspace/attendees.html"
    inlines = [RegistrationSettingsInline, DeskAssignmentInline]
    panels = [count_attendees]
    unrecorded = (
        *(f"registration_settings__{name}" for name in flatten(ROWS)),
        "desk_assignments__user",
    )

    def save_formset(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formset: forms.BaseInlineFormSet,
        change: bool,
    ) -> None:
        with recorded_assignments(request, formset):
            super().save_formset(request, form, formset, change)

    def save_related(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formsets: list[forms.BaseInlineFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        pass_added_seats_on(self, request, form.instance)
