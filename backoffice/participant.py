"""Who takes part in the one-to-one meetings of an event: the list, and a page for each."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.columns import status_column
from backoffice.kit.deletion import page_of
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.filters import ChoiceFilter
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.searched_filters import by_event
from backoffice.kit.zones import moment_column
from backoffice.meeting_times import TimesInline
from backoffice.participant_actions import PARTICIPANT_ACTIONS
from backoffice.report_selection import FigureFilter
from events.models import Event
from events.models.scope import readable
from meetings.domain import participation
from meetings.models import Absence, Delegation, Participant, ParticipantQuerySet
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n.languages import SPOKEN, listed


class ParticipantChangeList(GuardedChangeList, PrivateChangeList):
    pass


class LanguageFilter(admin.SimpleListFilter):
    title = pgettext_lazy("meetings", "language")
    parameter_name = "speaks"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Any:
        return SPOKEN

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in dict(SPOKEN):
            return queryset
        # A list of codes, which SQLite has as a text.
        spoken = queryset.annotate(spoken=Cast("languages", TextField()))
        return spoken.filter(spoken__contains=f'"{self.value()}"')


class ListedFilter(ChoiceFilter):
    title = _("agreed to be listed")
    parameter_name = "listed"
    options = {
        "yes": (_("yes"), lambda rows, user: rows.exclude(listed_at=None)),
        "no": (_("no"), lambda rows, user: rows.filter(listed_at=None)),
    }


class DelegationFilter(admin.SimpleListFilter):
    """The delegations of the event that the list is filtered by, or the one that is chosen."""

    title = _("delegation")
    parameter_name = "delegation"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Any:
        rows = readable(Delegation.objects.all(), request.user)
        of_event = rows_by_keys(rows, [request.GET.get("delegation", "")])
        if event := request.GET.get("event__id__exact", ""):
            of_event = rows.filter(
                event__in=rows_by_keys(Event.objects.all(), [event]).values("pk")
            )
        return [(str(row.pk), row.name) for row in of_event]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        return queryset.filter(delegation=self.value())


class ParticipantForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=SPOKEN, widget=forms.CheckboxSelectMultiple
    )
    listed = forms.BooleanField(
        label=_("Has agreed to be seen by the other participants"),
        required=False,
        help_text=_("With name, organization, position and topics; never with a contact."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "listed" in self.fields:
            self.fields["listed"].initial = self.instance.listed_at is not None
        if "delegation" in self.fields:
            field: Any = self.fields["delegation"]
            field.queryset = Delegation.objects.filter(event=self.instance.event_id)


class AbsenceInline(TimesInline):
    model = Absence


@admin.register(Participant)
class ParticipantAdmin(PrivateSearch, VersionedAdmin):
    """People apply on their personal page, or an organizer adds them from the attendees."""

    changelist_class = ParticipantChangeList
    form = ParticipantForm
    actions = PARTICIPANT_ACTIONS
    inlines = [AbsenceInline]
    # Every write of what is said of the person adds to it.
    unrecorded = ("version", "status")
    list_display = ["who", "state", "side", "speaks", "delegation", "is_listed"]
    list_display_links = ["who"]
    list_filter = [
        *("status", "side", LanguageFilter, ListedFilter),
        by_event("event"),
        DelegationFilter,
        FigureFilter,
    ]
    list_select_related = ["registration", "delegation"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["registration__search_text"]
    search_help_text = _("Name, pinyin, organization, e-mail or phone.")
    autocomplete_fields = ["expert", "projects"]
    ends_on = "meetings"
    fieldsets = [
        (None, {"fields": ["person", ("state", "side"), "languages", "topics", "listed"]}),
        (
            _("What an organizer knows"),
            {"fields": ["delegation", "expert", "projects", "time_zone", "staff_note"]},
        ),
        (_("Record"), {"fields": [("applied", "admitted")]}),
    ]
    readonly_fields = ["person", "state", "applied", "admitted"]

    applied = moment_column(Participant, "applied_at", zone=lambda row: row.event.zone)
    admitted = moment_column(Participant, "admitted_at", zone=lambda row: row.event.zone)
    state = status_column

    def get_queryset(self, request: HttpRequest) -> ParticipantQuerySet:
        return super().get_queryset(request).select_related("event", "registration", "delegation")

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Whoever takes part has a registration: ``meeting_admission.py`` adds them from there.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Participant | None = None) -> bool:
        # Requests and meetings would go without a word: an action ends them and tells.
        return False

    def lock_row(self, key: int) -> None:
        Participant.objects.select_for_update(no_key=True).filter(pk=key).first()

    def save_model(
        self, request: HttpRequest, obj: Participant, form: forms.ModelForm, change: bool
    ) -> None:
        given = form.cleaned_data
        named = ("languages", "topics", "time_zone", "side", "expert", "delegation", "staff_note")
        # Who has saved meanwhile was told of by the version of the form.
        version = Participant.objects.values_list("version", flat=True).get(pk=obj.pk)
        stored = participation.change(
            obj,
            version=version,
            listed=given["listed"],
            projects=given["projects"],
            **{name: given[name] for name in named},
        )
        obj.version = stored.version

    @admin.display(description=_("name"), ordering="registration__sort_name")
    def who(self, row: Participant) -> SafeString:
        person = row.registration
        lines = (person.name or gettext("erased"), person.organization_name)
        return format_html_join("", "<div>{}</div>", [(line,) for line in lines if line])

    @admin.display(description=_("registration"))
    def person(self, row: Participant) -> SafeString:
        person = row.registration
        name = person.name or gettext("erased")
        more = listed(filter(None, [person.position, person.organization_name]))
        ways = listed(filter(None, [person.readable_phone, person.readable_email]))
        return format_html(
            '<a href="{}">{}</a><div>{}</div><div class="quiet">{}</div>',
            *(page_of(person), name, more, ways),
        )

    @admin.display(description=pgettext_lazy("meetings", "languages"))
    def speaks(self, row: Participant) -> str:
        return listed(row.languages_in_words) or "—"

    @admin.display(description=_("listed"), ordering="listed_at")
    def is_listed(self, row: Participant) -> str:
        return gettext("yes") if row.listed_at else gettext("no")
