"""The programme of an event as one table, edited in place and saved together."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from backoffice.kit.way_back import with_way_back
from backoffice.move import MOVE
from backoffice.session_people import EventPersonInline, PersonInline
from backoffice.workspace.page import EventPage
from backoffice.workspace.programme_row import SessionRowForm
from backoffice.workspace.programme_rows import ExpertsInput, ProgrammeFormSet, RowPersonFormSet
from events.domain import programme
from events.models import Appearance, Event, Expert, ProgrammePerson, Session


class RowPersonInline(PersonInline):
    """The other people of a session, below its row."""

    formset = RowPersonFormSet
    # Ready for those whose browser adds none.
    extra = 1


class SessionTable(SummitFields, admin.TabularInline):
    model = Session
    form = SessionRowForm
    formset = ProgrammeFormSet
    template = "backoffice/workspace/programme_table.html"
    extra = 0
    fields = [
        *("kind", *pair("title"), "people", *pair("room"), *pair("place")),
        *("language", "has_interpretation"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        people = ProgrammePerson.objects.select_related("organization")
        return (
            super()
            .get_queryset(request)
            .select_related("event")
            .prefetch_related("appearances__expert", Prefetch("programme_people", people))
        )

    def get_formset(
        self, request: HttpRequest, obj: Event | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        made = cast(type[ProgrammeFormSet], super().get_formset(request, obj, **kwargs))
        people = RowPersonInline(Session, self.admin_site)
        experts = self.admin_site.get_model_admin(Expert)
        made.person_formset = cast(type[RowPersonFormSet], people.get_formset(request))
        made.experts_page = experts
        if "people" in made.form.base_fields:
            relation = Session._meta.get_field("experts")
            made.form.base_fields["people"].widget = RelatedFieldWidgetWrapper(
                ExpertsInput(relation, self.admin_site),
                relation.remote_field,  # type: ignore[arg-type]  # as Django itself gives it
                self.admin_site,
                can_add_related=experts.has_add_permission(request),
            )
        return made


def offer_to_move(page: "ProgrammePage", request: HttpRequest, event: Event) -> dict[str, Any]:
    """Offer to move the programme, or a day of it. A panel."""
    details: Any = page.admin_site.get_model_admin(Event)
    offered = details.may_use(MOVE, request, event) and MOVE.offered(details, event)
    return {"move": (MOVE, with_way_back(MOVE.url(event), request.path)) if offered else None}


class ProgrammePage(EventPage):
    name = "programme"
    change_form_template = "backoffice/workspace/programme.html"
    inlines = [SessionTable, EventPersonInline]
    panels = [offer_to_move]
    history_parts = {
        Session: "event_id",
        Appearance: "session__event_id",
        ProgrammePerson: "event_id",
    }

    def lock_row(self, key: int) -> None:
        # The programme is compared with others'.
        programme.lock()
        Event.objects.select_for_update(no_key=True).filter(pk=key).first()
