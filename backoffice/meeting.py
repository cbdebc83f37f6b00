"""Meetings of all events: who met whom, what came of it, and what is to be done next.

The list finds people by words that stand in no address (``private_search.py``), and nothing here
writes a name into the admin's log.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.actions import Action
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.search import few_words, holding
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.kit.zones import short_moment
from backoffice.meeting_actions import DONE, DRAFT
from backoffice.meeting_columns import MeetingColumns, with_all
from backoffice.meeting_export import MEETINGS
from backoffice.meeting_filters import DraftFilter, OutcomeFilter, StepFilter
from backoffice.meeting_outcome import RECORD
from backoffice.meeting_words import name_of
from backoffice.report_selection import FigureFilter
from meetings.models import Meeting, MeetingFeedback, MeetingPerson
from summit.lib.i18n.languages import listed


class PeopleChangeList(GuardedChangeList, PrivateChangeList):
    pass


@admin.register(Meeting)
class MeetingAdmin(MeetingColumns, PrivateSearch, SummitAdmin):
    """A page that tells, with buttons that do. The schedule and the desk say when and where."""

    changelist_class = PeopleChangeList
    actions = [RECORD, DRAFT, DONE, MEETINGS]
    list_display = ["people", "when_and_event", "state", "result_and_step"]
    list_display_links = ["people"]
    list_filter = [
        *("status", OutcomeFilter, StepFilter, DraftFilter, "origin"),
        by_event("event"),
        by_series("event__series"),
        FigureFilter,
    ]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-event__starts_at", "pk"]
    # Looked for in ``get_search_results``, so that nobody is found twice.
    search_fields = ["people__participant__registration__search_text"]
    search_help_text = _("Name, pinyin, organization, e-mail or phone of somebody in the meeting.")
    fieldsets = [
        (
            None,
            {"fields": [*("first_side", "second_side", "state", "origin", "replaces", "about")]},
        ),
        (pgettext_lazy("meeting", "Time and place"), {"fields": ["when", "where", "interpreter"]}),
        (
            pgettext_lazy("meetings", "Outcome"),
            {"fields": ["result", "note", "step", "intention", "recorded"]},
        ),
    ]
    readonly_fields = [
        *("first_side", "second_side", "state", "origin", "replaces", "about"),
        *("when", "where", "interpreter", "result", "note", "step", "intention", "recorded"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Meeting]:
        return with_all(super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Meeting], search_term: str
    ) -> tuple[QuerySet[Meeting], bool]:
        # Each word is of somebody in the meeting, so that both sides together find it.
        for word in few_words(search_term):
            column = ["participant__registration__search_text"]
            people = MeetingPerson.objects.filter(holding(column, word), meeting=OuterRef("pk"))
            queryset = queryset.filter(Exists(people))
        return queryset, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        # They come of requests, of the grid and of the desk.
        return False

    def has_change_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        # Nobody edits a row: what may be done with it, the buttons do.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        # It is called off, and stays on record.
        return False

    def may_use(self, action: Action[Any], request: HttpRequest, obj: Model | None) -> bool:
        return self.has_change_permission(request)


@admin.register(MeetingFeedback)
class MeetingFeedbackAdmin(ReadOnly, SummitAdmin):
    """What participants say of their meetings, in confidence: organizers read it, nobody edits."""

    list_display = ["who", "met", "useful", "came", "said", "given"]
    list_filter = ["rating", "other_came", by_event("meeting__event"), FigureFilter]
    list_per_page = 50
    show_full_result_count = False
    fields = readonly_fields = ("who", "met", "useful", "came", "note", "given")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MeetingFeedback]:
        rows: QuerySet[MeetingFeedback] = super().get_queryset(request)
        people = "meeting__people__participant__registration"
        return rows.select_related("meeting__event", "participant__registration").prefetch_related(
            people
        )

    def event_in_sight(self, obj: MeetingFeedback) -> Any:
        return obj.meeting.event

    @admin.display(description=pgettext_lazy("feedback", "from"))
    def who(self, feedback: MeetingFeedback) -> str:
        return name_of(feedback.participant)

    @admin.display(description=pgettext_lazy("feedback", "met"))
    def met(self, feedback: MeetingFeedback) -> str:
        people = list(feedback.meeting.people.all())
        own = {row.side for row in people if row.participant_id == feedback.participant_id}
        return listed(name_of(row.participant) for row in people if row.side not in own)

    @admin.display(description=_("how useful"), ordering="rating")
    def useful(self, feedback: MeetingFeedback) -> str:
        return str(feedback.rating) if feedback.other_came else "—"

    @admin.display(description=_("the other side came"), boolean=True)
    def came(self, feedback: MeetingFeedback) -> bool:
        return feedback.other_came

    @admin.display(description=_("note"))
    def said(self, feedback: MeetingFeedback) -> str:
        return feedback.note

    @admin.display(description=_("given at"), ordering="given_at")
    def given(self, feedback: MeetingFeedback) -> SafeString:
        """When it was given, and below it about which event."""
        event = feedback.meeting.event
        return format_html(
            "{}<div>{}</div>", short_moment(feedback.given_at, event.zone), event.title
        )
