"""Visits of experts: what is asked, when they travel, and the passport data, which is masked."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice import expert_invitation
from backoffice.call_pages import LinkButton
from backoffice.expert_invitation import MAY_SEE_PASSPORT, told_passport
from backoffice.kit.actions import Action, Button, Facts
from backoffice.kit.deletion import page_of
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.kit.zones import FORMFIELDS, short_moment
from events.models import Expert
from events.models.limits import Person
from events.models.scope import readable
from submissions.domain import passport
from submissions.domain import visit as domain
from submissions.models import ExpertVisit, PassportData
from summit.lib.i18n.names import staff_name
from summit.lib.web.moment_fields import set_zone
from summit.lib.web.requests import StaffRequest

MAY_SEE = "submissions.view_expertvisit"


class VisitForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_zone(self, self.instance.event.zone)

    def clean(self) -> dict[str, Any] | None:
        """Refuse times in no order or far from the event, beside their boxes."""
        cleaned = super().clean()
        times = {name: self.cleaned_data.get(name) for name in ("arrives_at", "departs_at")}
        try:
            domain.check_travel(ExpertVisit(event=self.instance.event, **times))
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned


def _erase_passport(
    _admin: ModelAdmin, request: StaffRequest, visit: ExpertVisit, _given: dict[str, Any]
) -> None:
    passport.erase(visit, by=request.user, request=request)


def _erase_visit(
    _admin: ModelAdmin, request: StaffRequest, visit: ExpertVisit, _given: dict[str, Any]
) -> None:
    domain.erase([visit], by=request.user, request=request)


def _has_passport(_admin: ModelAdmin, visit: ExpertVisit) -> bool:
    return PassportData.objects.filter(visit=visit).exists()


def _what_it_is(visit: ExpertVisit) -> Facts:
    return [
        (_("Expert"), visit.expert.display_name),
        (_("Event"), visit.event.title),
        (_("Passport data"), told_passport(visit)),
    ]


ERASE_PASSPORT = Action[ExpertVisit](
    name="erase-passport",
    label=_("Erase passport data"),
    explanation=_("The passport data is erased for good. The expert can enter it again if asked."),
    run=_erase_passport,
    done=_("The passport data has been erased."),
    offered=_has_passport,
    refused=lambda _visit: _("No passport data has been entered."),
    facts=_what_it_is,
    is_grave=True,
)
ERASE_VISIT = Action[ExpertVisit](
    name="erase",
    label=_("Erase the visit"),
    explanation=_(
        "Arrival, departure and passport data are erased for good, and the expert is no longer "
        "asked about this visit."
    ),
    run=_erase_visit,
    done=_("%(object)s has been erased."),
    facts=_what_it_is,
    is_grave=True,
)


@admin.register(ExpertVisit)
class ExpertVisitAdmin(VersionedAdmin):
    """Asked for with the personal link of an expert; organizers correct how somebody travels."""

    form = VisitForm
    formfield_overrides = FORMFIELDS
    actions = [ERASE_PASSPORT, ERASE_VISIT]
    # No history keeps when somebody travels.
    unrecorded = ("version",)
    list_display = ["who", "arrival", "departure", "passport_column"]
    list_filter = [by_event("event"), by_series("event__series")]
    list_per_page = 50
    search_fields = ["expert__search_text"]
    search_help_text = _("Name of the expert, also in pinyin.")
    ordering = ["-event__starts_at", "expert__sort_name_en", "pk"]
    fieldsets = [
        (
            None,
            {"fields": ["expert_link", "event_link", ("asks_travel", "asks_passport"), "asked"]},
        ),
        (
            _("Arrival and departure"),
            {"fields": [("arrives_at", "arrival_by"), ("departs_at", "departure_by"), "saved"]},
        ),
        (_("Passport data"), {"fields": ["passport_state", "consent", "kept"]}),
    ]
    readonly_fields = [
        *("expert_link", "event_link", "asked", "saved", "passport_state", "consent", "kept"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExpertVisit]:
        return super().get_queryset(request).with_all().select_related("asked_by")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.show_for_invitation)
        name = "submissions_expertvisit_invitation"
        return [path("<path:object_id>/invitation/", view, name=name), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # It is asked for with the personal link of the expert.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # By the button alone, which takes the traces along.
        return False

    def lock_row(self, key: int) -> None:
        # The expert may save it meanwhile, or it may be erased: saving must not bring it back.
        ExpertVisit.objects.select_for_update(no_key=True, of=("self",)).filter(pk=key).first()

    def save_model(
        self, request: HttpRequest, obj: ExpertVisit, form: forms.ModelForm, change: bool
    ) -> None:
        domain.save_by_staff(obj)

    def actions_for(self, request: HttpRequest, obj: ExpertVisit) -> list[tuple[Button, str]]:
        found = super().actions_for(request, obj)
        if obj.passport_data is None or not self.may_see_passport(request, obj):
            return found
        url = reverse("admin:submissions_expertvisit_invitation", args=[obj.pk])
        return [(LinkButton(_("Show for the invitation")), url), *found]

    def may_see_passport(self, request: HttpRequest, obj: ExpertVisit) -> bool:
        may_read = self.has_view_permission(request, obj)
        return may_read and request.user.has_perm(MAY_SEE_PASSPORT)

    def show_for_invitation(self, request: StaffRequest, object_id: str) -> HttpResponse:
        visit = self.read_row(request, unquote(object_id))
        if not isinstance(visit, ExpertVisit):
            raise Http404
        if not self.may_see_passport(request, visit):
            raise PermissionDenied
        return expert_invitation.respond(self, request, visit)

    @admin.display(description=_("expert"), ordering="expert__sort_name_en")
    def who(self, visit: ExpertVisit) -> SafeString:
        """The expert, and below it the event: a column of its own would push others off."""
        event = visit.event.title.in_span
        name = visit.expert.display_name.in_span
        return format_html('{}<br><span class="quiet">{}</span>', name, event)

    @admin.display(description=_("expert"))
    def expert_link(self, visit: ExpertVisit) -> SafeString:
        name = visit.expert.display_name
        return format_html('<a href="{}">{}</a>', page_of(visit.expert), name.in_span)

    @admin.display(description=_("event"))
    def event_link(self, visit: ExpertVisit) -> SafeString:
        return format_html('<a href="{}">{}</a>', page_of(visit.event), visit.event.title.in_span)

    @admin.display(description=_("passport data"))
    def passport_column(self, visit: ExpertVisit) -> SafeString | str:
        data = visit.passport_data
        if data is None:
            return told_passport(visit)
        day = timezone.localdate(data.entered_at).isoformat()
        return format_html(
            '{} <span class="when"><span class="whole">{}</span></span>', gettext("entered"), day
        )

    @admin.display(description=pgettext_lazy("of a visit", "arrival"), ordering="arrives_at")
    def arrival(self, visit: ExpertVisit) -> SafeString | str:
        return travel_line(visit, visit.arrives_at, visit.arrival_by)

    @admin.display(description=pgettext_lazy("of a visit", "departure"), ordering="departs_at")
    def departure(self, visit: ExpertVisit) -> SafeString | str:
        return travel_line(visit, visit.departs_at, visit.departure_by)

    @admin.display(description=_("passport data"))
    def passport_state(self, visit: ExpertVisit) -> str:
        return told_passport(visit)

    @admin.display(description=_("consent"))
    def consent(self, visit: ExpertVisit) -> str:
        return visit.passport_data.consent_text if visit.passport_data else "—"

    @admin.display(description=_("erased on"))
    def kept(self, visit: ExpertVisit) -> str:
        return passport.period(visit)

    @admin.display(description=_("asked on"))
    def asked(self, visit: ExpertVisit) -> SafeString:
        when = short_moment(visit.asked_at, timezone.get_current_timezone())
        return format_html("{} {}", when, staff_name(visit.asked_by) if visit.asked_by else "")

    @admin.display(description=_("saved by the expert on"))
    def saved(self, visit: ExpertVisit) -> SafeString | str:
        zone = timezone.get_current_timezone()
        return short_moment(visit.saved_at, zone) if visit.saved_at else "—"


def travel_line(visit: ExpertVisit, at: dt.datetime | None, by: str) -> SafeString | str:
    """Return when somebody travels, on the clock of the event, and with what."""
    if not at and not by:
        return gettext("not entered yet") if visit.asks_travel else "—"
    when = [short_moment(at, visit.event.zone)] if at else []
    return format_html_join("", "<div>{}</div>", [(each,) for each in [*when, by] if each])


def visits_in_panel(request: HttpRequest, expert: Expert) -> list[tuple[str, ExpertVisit]]:
    """Return the visits of an expert that somebody may read, with their pages. One query."""
    if not request.user.has_perm(MAY_SEE):
        return []
    rows = readable(ExpertVisit.objects.filter(expert=expert), request.user)
    return [(page_of(row), row) for row in rows.select_related("event")]


def visits_of_event(user: Person, event: Any) -> dict[int, ExpertVisit]:
    """Return the visits to an event by their experts, for who may see them. One query."""
    if not user.has_perm(MAY_SEE):
        return {}
    rows = readable(ExpertVisit.objects.filter(event=event), user).with_all()
    return {row.expert_id: row for row in rows}
