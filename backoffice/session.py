from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.ceremony import CEREMONY
from backoffice.done_earlier import CLOSE_OF_CEREMONY
from backoffice.exports import SESSIONS
from backoffice.intentions_panel import intentions_panel
from backoffice.kit.bilingual import BilingualAdmin, BilingualForm, both, languages
from backoffice.kit.columns import count_column
from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from backoffice.kit.readers import ForReader
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.kit.zones import FORMFIELDS, StartsBeforeEnd, short_moment
from backoffice.programme import add_refusals
from backoffice.related import SESSIONS_WITH
from backoffice.report_selection import FigureFilter
from backoffice.session_people import PersonInline
from events.domain import programme
from events.domain.untold import said_to
from events.models import Appearance, Event, ProgrammePerson, Session
from projects.models import CooperationIntention
from projects.models.intention_queryset import IntentionQuerySet
from summit.lib.database.numbers import rows_by_keys
from summit.lib.given import given
from summit.lib.web.fields import field_of
from summit.lib.web.moment_fields import set_zone


class SessionPageForm(StartsBeforeEnd, BilingualForm):
    too_early = _("The session must end after it starts.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event := self._event():
            set_zone(self, event.zone)

    def _event(self) -> Event | None:
        if self.instance.event_id:
            return self.instance.event
        chosen = str(self.data.get("event") or self.initial.get("event") or "")
        # Of another one than may be chosen nothing is told, not even its zone.
        events = given(field_of(self, "event", forms.ModelChoiceField).queryset)
        return rows_by_keys(events, [chosen]).first()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # The event is fixed once the session is there, so that the form by itself
        # would not compare their slugs, and the database would.
        event: Event | None = self.cleaned_data.get("event") or self._event()
        slug = self.cleaned_data.get("slug")
        if event and slug:
            others = event.sessions.exclude(pk=self.instance.pk)
            if others.filter(slug=slug).exists():
                self.add_error("slug", _("Another session of this event has this slug."))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        # The times and the room; the experts are compared by their own formset. Nobody else
        # puts a session of the same time in meanwhile, be this a new one or an old one.
        session = self.instance
        programme.lock()
        session.event.refresh_from_db()
        others = session.event.sessions.exclude(pk=session.pk)
        slots = [programme.Slot(session), *map(programme.Slot, others)]
        add_refusals(self, programme.refusals(session.event, slots)[0], self.reader)


class AppearanceFormSet(ForReader, forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        session = self.instance
        if any(self.errors) or not (session.event_id and session.starts_at and session.ends_at):
            return
        experts = {
            form.cleaned_data["expert"].pk
            for form in self.forms
            if form not in self.deleted_forms and form.cleaned_data.get("expert")
        }
        others = programme.slots(session.event, session.event.sessions.exclude(pk=session.pk))
        here = programme.Slot(session, frozenset(experts))
        errors = programme.refusals(session.event, [here, *others])[0]
        clashes = [error for error in errors if error.code == "expert_elsewhere"]
        if clashes:
            raise said_to(self.reader, forms.ValidationError(clashes))


class AppearanceInline(SummitFields, admin.TabularInline):
    model = Appearance
    formset = AppearanceFormSet
    autocomplete_fields = ["expert"]
    fields = ["expert", "role", "order"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        return super().get_queryset(request).select_related("expert", "session")


@admin.register(Session)
class SessionAdmin(BilingualAdmin):
    form = SessionPageForm
    inlines = [AppearanceInline, PersonInline]
    ends_on = "programme"
    actions = [CEREMONY, CLOSE_OF_CEREMONY, SESSIONS, *BilingualAdmin.actions]
    panels = [intentions_panel]
    formfield_overrides = FORMFIELDS
    autocomplete_fields = ["event"]
    list_display = [
        both("title", _("title")),
        "kind",
        "starts_here",
        both("room", _("room")),
        "event_title",
        "expert_count",
        languages,
    ]
    list_filter = [
        by_event("event"),
        by_series("event__series"),
        *("kind", "has_interpretation", "language", "event__status"),
        SESSIONS_WITH,
        FigureFilter,
    ]
    list_select_related = ["event"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "pk"]
    search_fields = ["search_text", "event__search_text"]
    fieldsets = [
        (None, {"fields": ["event", ("kind", "starts_at", "ends_at"), pair("title"), "slug"]}),
        (_("Where"), {"fields": [pair("room"), pair("place")]}),
        (_("Texts"), {"fields": [pair("abstract"), ("language", "has_interpretation")]}),
    ]
    history_parts = {Appearance: "session_id", ProgrammePerson: "session_id"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        experts = Count("appearances")
        return super().get_queryset(request).select_related("event").annotate(experts_here=experts)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Session | None = None
    ) -> list[str] | tuple[str, ...]:
        # What refers to a session refers to its event as well.
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else ["event", *fields]

    def intentions_of(self, session: Session) -> IntentionQuerySet:
        """Signed in the session, or about what was presented in it."""
        about = CooperationIntention.objects.about_what_was_presented(session=session)
        return CooperationIntention.objects.filter(
            Q(session=session) | Q(pk__in=about.values("pk"))
        )

    def chooser_label(self, session: Session) -> str:
        """Tell sessions of one name apart where they are searched for."""
        return f"{session.title_and_start} · {session.event}"

    @admin.display(description=_("start"), ordering="starts_at")
    def starts_here(self, session: Session) -> str:
        return short_moment(session.starts_at, session.event.zone)

    @admin.display(description=_("event"), ordering="event__starts_at")
    def event_title(self, session: Session) -> str:
        return session.event.title.in_span

    expert_count = count_column("experts_here", _("experts"))
