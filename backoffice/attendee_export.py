"""Attendees as a file from the admin: the button on an event, the action on registrations."""

from collections.abc import Iterable
from typing import Any, NoReturn

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import Event
from events.models.limits import Person
from registrations.domain import export_record as exports
from registrations.domain.desk import events_at_desk_of
from registrations.exports.attendee_file import download
from registrations.exports.attendees import AttendeeList, chosen
from registrations.forms.attendee_export import (
    SelectedForm,
    left_out_in_words,
    missing_in_words,
)
from registrations.models import ExportRecord, Registration
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n.languages import OWN_NAMES
from summit.lib.spreadsheets import TooManyRows
from summit.lib.web.requests import StaffRequest

PERMISSION = "registrations.export_registration"
# What the list in the admin is filtered by, as exports name it.
CHOICES = {
    "status__exact": ("statuses", Registration.Status.values),
    "category__exact": ("categories", Registration.Category.values),
    "language__exact": ("languages", list(OWN_NAMES)),
}
MOMENTS = {"registered_at__gte": "registered_since", "registered_at__lt": "registered_before"}
# How the list is shown, and the event, which the record names anyway.
NO_FILTER = {
    *("o", "p", "all", "e", "event__id__exact", "event__id__exact_like"),
    "_changelist_filters",
}


def export_url(user: Person, event: Event) -> str:
    """Return the way from an event to the export of its attendees, if somebody may use it."""
    offers = hasattr(event, "registration_settings") and may_export(user, event)
    return reverse("desk-export", args=[event.slug]) if offers else ""


@admin.action(description=_("Export the selected attendees"), permissions=["export"])
def export_selected(
    model_admin: admin.ModelAdmin, request: StaffRequest, queryset: RegistrationQuerySet
) -> HttpResponseBase | None:
    """Ask what kind of file, then answer with it. Neither goes over the rows one by one."""
    events = list(queryset.order_by().values_list("event", flat=True).distinct()[:2])
    if len(events) > 1:
        model_admin.message_user(
            request,
            _("These are attendees of several events. Filter the list by one event first."),
            messages.ERROR,
        )
        return None
    event = Event.objects.filter(pk__in=events).first()
    if event and not may_export(request.user, event):
        _refuse(request, [event])
    people: RegistrationQuerySet = queryset.filter(erased_at=None)
    if event is None or not people.exists():
        model_admin.message_user(
            request, _("None of these people can be exported."), messages.WARNING
        )
        return None
    posted = request.POST if "post" in request.POST else None
    form = SelectedForm(posted, event=event, user=request.user)
    missing: list[str] = []
    if form.is_valid() and form.is_for_others and not form.attendees(people, []).count():
        form.add_error("audience", left_out_in_words(people.count()))
    if form.is_valid():
        columns, missing = chosen(event, form.column_names())
        if not columns:
            form.add_error("column_set", _("None of its columns exist here. Choose another set."))
        elif (
            form.fits_column_set()
            and form.has_purpose(columns)
            and (not missing or request.POST.get("sure") == request.POST.get("column_set"))
        ):
            try:
                return _file(request, form, form.attendees(people, columns))
            except TooManyRows as error:
                form.add_error("file_format", error.messages)
    return _ask(model_admin, request, form, people=people, missing=missing)


def _file(request: StaffRequest, form: SelectedForm, attendees: AttendeeList) -> HttpResponseBase:
    filters = recorded_filters(request)
    if column_set := form.cleaned_data["column_set"]:
        filters["column_set"] = column_set.name
    return download(
        attendees,
        file_format=form.cleaned_data["file_format"],
        by=request.user,
        source=ExportRecord.Source.ADMIN,
        filters=filters,
        reasons=form.reasons(),
        request=request,
    )


def _ask(
    model_admin: admin.ModelAdmin,
    request: StaffRequest,
    form: SelectedForm,
    *,
    people: RegistrationQuerySet,
    missing: list[str],
) -> TemplateResponse:
    """Answer with the page, which sends the selection of the list on, and ``post`` with it."""
    across = request.POST.get("select_across") == "1"
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": gettext("Export the selected attendees"),
        "action": export_selected.__name__,
        "form": form,
        "event": form.event,
        "count": people.count(),
        # How many would be on each list: a query for each, and there are few.
        "agreed": [(to, people.agreeing_to(to).order_by().count()) for to in form.offers.values()],
        "missing": missing_in_words(missing) if missing else "",
        "sure": request.POST.get("column_set", "") if missing else "",
        # One box stands for all.
        "selected": ["0"] if across else request.POST.getlist(ACTION_CHECKBOX_NAME),
        "across": across,
        "checkbox": ACTION_CHECKBOX_NAME,
        "list_url": request.get_full_path(),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "backoffice/export_attendees.html", context, status=status)


def recorded_filters(request: HttpRequest) -> dict[str, Any]:
    """Return what the list was filtered by, without any text that was typed.

    Of what anybody could have put into the address only the name is recorded.
    """
    filters: dict[str, Any] = {}
    for name, values in request.GET.lists():
        if name == "q":
            filters["search"] = any(value.strip() for value in values) or None
        elif name in CHOICES:
            known, choices = CHOICES[name]
            filters[known] = [value for value in values if value in choices]
        elif name == "checked_in":
            filters[name] = {"yes": True, "no": False}.get(values[-1])
        elif name in MOMENTS:
            moment = parse_datetime(values[-1])
            filters[MOMENTS[name]] = moment.date() if moment else None
        elif name not in NO_FILTER:
            filters[name[:60]] = True
    if request.POST.get("select_across") != "1":
        filters["selected"] = True
    return filters


def may_export(user: Person, event: Event) -> bool:
    """Whether somebody may export the event's attendees: as at the desk, who works there."""
    at_desk = events_at_desk_of(user).filter(pk=event.pk)
    return user.has_perm(PERMISSION) and at_desk.exists()


def _refuse(request: StaffRequest, events: Iterable[Event]) -> NoReturn:
    for event in events:
        exports.refuse(event, by=request.user, source=ExportRecord.Source.ADMIN, request=request)
    raise PermissionDenied(gettext("You may not export attendees. Ask an organizer."))


def may_export_some(user: Person) -> bool:
    """Whether somebody may export attendees of any event: at its desk, or as an organizer.

    Organizers, who work at every desk of theirs, cost no query.
    """
    if not user.has_perm(PERMISSION):
        return False
    is_organizer = user.has_perm("registrations.change_registration")
    return is_organizer or events_at_desk_of(user).exists()


def refuse_export(request: StaffRequest) -> NoReturn:
    """Refuse somebody who asks for an export in the list and may not, and record it."""
    _refuse(request, _events_asked_for(request))


def _events_asked_for(request: HttpRequest) -> QuerySet[Event]:
    """Return the events of the rows that were ticked, and the one that was filtered by."""
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)[:1000]
    of_rows = rows_by_keys(Registration.objects.order_by(), ticked)
    filtered = rows_by_keys(Event.objects.order_by(), [request.GET.get("event__id__exact", "")])
    return Event.objects.filter(Q(pk__in=of_rows.values("event")) | Q(pk__in=filtered.values("pk")))
