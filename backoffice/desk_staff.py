"""Who works at an event's door, and who came through it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, ForeignKey, OuterRef, Q, QuerySet, prefetch_related_objects
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.kit.fields import SummitFields
from backoffice.kit.filters import ChoiceFilter
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.private_search import PrivateChangeList
from backoffice.kit.read_only import ReadOnly
from events.models import Event, Session
from registrations.domain.event_days import days_of
from registrations.models import CheckIn, DeskAssignment, Registration
from summit.lib.database.numbers import fits_bigint
from summit.lib.i18n import clock
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.groups import DESK
from summit.lib.i18n.languages import Words, with_more
from summit.lib.i18n.names import staff_name

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class AtDesk(TypedDict):
    """What is read of each member of staff beside the account."""

    is_at_desk: bool


type Staff = WithAnnotations[User, AtDesk]


class StaffChoices(ModelChoiceIterator):
    """The people of the field, which are read once for all rows of a page."""

    field: "StaffField"

    def __iter__(self) -> Iterator[tuple[ModelChoiceIteratorValue | str, str]]:
        yield ("", str(self.field.empty_label))
        for user in self.field.staff:
            yield self.choice(user)


class StaffField(forms.ModelChoiceField):
    """Organizers may not see the list of users; these few they choose from by name."""

    iterator = StaffChoices

    def __init__(self, queryset: QuerySet[Staff], **kwargs: Any) -> None:
        # Forms copy the field, not what it holds.
        self.staff = list(queryset)
        super().__init__(queryset, **kwargs)

    def label_from_instance(self, user: Staff) -> str:
        name, log_in = staff_name(user), user.get_username()
        label = log_in if name == log_in else with_more(name, log_in)
        if user.is_at_desk:
            return label
        return gettext("%(name)s – has no access to the desk") % {"name": label}


def desk_staff(event: Event | None) -> QuerySet[Staff]:
    """Return the active staff of the group Desk, and whoever is assigned to the event already.

    Those who have left keep their row valid until it is removed.
    """
    at_desk = Q(is_active=True, is_staff=True) & Exists(
        User.groups.through.objects.filter(user=OuterRef("pk"), group__name=DESK)
    )
    assigned = Exists(DeskAssignment.objects.filter(user=OuterRef("pk"), event=event))
    return (
        User.objects.alias(is_assigned=assigned)
        .annotate(is_at_desk=at_desk)
        .filter(Q(is_at_desk=True) | Q(is_assigned=True))
        .order_by("username")
    )


class DeskAssignmentInline(SummitFields, admin.TabularInline):
    model = DeskAssignment
    template = "backoffice/desk_staff_inline.html"
    fields = ["user"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeskAssignment]:
        return super().get_queryset(request).select_related("user", "event")

    def get_formset(
        self, request: HttpRequest, obj: Event | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        self.event = obj
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name != "user":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        return StaffField(desk_staff(self.event), label=_("log-in"))


def shown_at(moment: dt.datetime | None, event: Event) -> str:
    return moment_in_words(moment, event.zone) if moment else "—"


class CheckInInline(ReadOnly, admin.TabularInline):
    """What the desk recorded. It is undone there, where the person stands."""

    model = CheckIn
    fields = readonly_fields = ("where", "day", "came", "checked_in_by", "undone", "undone_by")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[CheckIn]:
        found = super().get_queryset(request)
        return found.select_related("session", "checked_in_by", "undone_by", "registration__event")

    @admin.display(description=_("where"))
    def where(self, check_in: CheckIn) -> Session | str:
        return check_in.session or gettext("at the door")

    @admin.display(description=_("checked in at"))
    def came(self, check_in: CheckIn) -> str:
        return shown_at(check_in.checked_in_at, check_in.registration.event)

    @admin.display(description=_("undone at"))
    def undone(self, check_in: CheckIn) -> str:
        return shown_at(check_in.undone_at, check_in.registration.event)


class CheckedInFilter(ChoiceFilter):
    """Who came on any day, nobody, or one of the days of an event that is filtered by."""

    title = _("checked in")
    parameter_name = "checked_in"
    options = {
        "yes": (_("yes"), lambda rows, user: rows.arrived()),
        "no": (_("no"), lambda rows, user: rows.not_arrived()),
    }

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        return [*super().lookups(request, model_admin), *_several_days(request)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = str(self.value())
        if value in self.options or value not in dict(self.lookup_choices):
            return super().queryset(request, queryset)
        came = CheckIn.objects.standing().at_the_door().filter(day=dt.date.fromisoformat(value))
        return queryset.filter(Exists(came.filter(registration=OuterRef("pk"))))


def _several_days(request: HttpRequest) -> list[tuple[str, Words]]:
    """Return the days of the event that the list is narrowed to, where it has several."""
    key = request.GET.get("event__id__exact", "")
    event = Event.objects.filter(pk=key).first() if fits_bigint(key) else None
    days = days_of(event) if event else []
    return [(day.isoformat(), clock.date(day)) for day in days] if len(days) > 1 else []


class Arrived(Protocol):
    """A registration of the list, which an ``AttendeeChangeList`` has read."""

    arrivals: list[dt.datetime]

    @property
    def event(self) -> Event: ...


class AttendeeChangeList(GuardedChangeList, PrivateChangeList):
    """Reads for those on the page alone when they came, as ``arrivals``, and their events.

    Two queries, and one for who printed badges. A database that skips to a late page works an
    annotation out for all before it; and people of one event share it, where a join makes an
    object for each of them.
    """

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        prefetch_related_objects(self.result_list, "event", "badge_printed_by")
        standing = CheckIn.objects.standing().at_the_door()
        came = defaultdict(list)
        for key, moment in (
            standing.filter(registration__in=self.result_list)
            .order_by("day", "checked_in_at")
            .values_list("registration", "checked_in_at")
        ):
            came[key].append(moment)
        for registration in self.result_list:
            registration.arrivals = came[registration.pk]


def arrival(registration: Arrived) -> str:
    """Return when somebody came, each day in a line, as an ``AttendeeChangeList`` has read it."""
    if not registration.arrivals:
        return "—"
    zone = registration.event.zone
    moments = [moment.astimezone(zone) for moment in registration.arrivals]
    return format_html_join(
        SafeString("<br>"),
        '<span class="when">{}</span> <span class="when">{}</span>',
        ((f"{local:%Y-%m-%d}", f"{local:%H:%M}") for local in moments),
    )


class BadgeFilter(ChoiceFilter):
    """Whose badge was printed: it is to be printed anew where name or organization changed."""

    title = _("badge")
    parameter_name = "badge"
    options = {
        "printed": (_("printed"), lambda rows, user: rows.with_badge_printed()),
        "no": (_("not printed yet"), lambda rows, user: rows.without_badge_printed()),
        "outdated": (_("changed after printing"), lambda rows, user: rows.with_badge_outdated()),
    }


def badge(registration: Registration) -> str:
    """Return when and by whom the badge was printed, and whether it is to be printed anew."""
    if registration.badge_printed_at is None:
        return "—"
    local = registration.badge_printed_at.astimezone(registration.event.zone)
    by = registration.badge_printed_by
    return format_html(
        '<span class="when">{}</span> <span class="when">{}</span><div class="quiet">{}</div>',
        f"{local:%Y-%m-%d}",
        f"{local:%H:%M}",
        gettext("changed since: print again")
        if registration.badge_is_outdated
        else staff_name(by)
        if by
        else "",
    )
