"""Pairs of participants who never meet. Organizers alone see them, and no page of a participant."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action, Facts
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.searched_filters import by_event
from backoffice.meeting_words import name_of
from events.models import Event
from meetings.domain.rather_not import take_back_rather_not
from meetings.models import RatherNot
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest


def _facts(row: RatherNot) -> Facts:
    return [
        (pgettext_lazy("meetings", "Participant"), name_of(row.participant)),
        (_("Never with"), name_of(row.other)),
        (_("Entered by"), entered_by(row)),
    ]


def entered_by(row: RatherNot) -> str:
    return staff_name(row.entered_by) if row.entered_by else gettext("the person")


def _take_back(request: StaffRequest, row: RatherNot) -> None:
    take_back_rather_not(row.participant, row.other, by=request.user)


REMOVE: Action[RatherNot] = Action(
    name="remove",
    label=_("Let them meet again"),
    explanation=_(
        "A schedule may bring the two together again. Where the person said so on their own page, "
        "ask them first."
    ),
    run=lambda admin, request, row, given: _take_back(request, row),
    done=_("The two are no longer kept apart."),
    permission="meetings.delete_rathernot",
    facts=_facts,
    is_grave=True,
)


@admin.register(RatherNot)
class PairApartAdmin(ReadOnly, SummitAdmin):
    actions = [REMOVE]
    list_display = ["one", "other_one", "by"]
    list_filter = [by_event("participant__event")]
    ends_on = "apart"
    fields = readonly_fields = ("one", "other_one", "by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RatherNot]:
        rows: QuerySet[RatherNot] = super().get_queryset(request)
        return rows.select_related(
            *("participant__registration", "participant__event", "other__registration"),
            "entered_by",
        )

    def event_in_sight(self, obj: RatherNot) -> Event | None:
        return obj.participant.event

    @admin.display(description=pgettext_lazy("meetings", "participant"))
    def one(self, row: RatherNot) -> str:
        return name_of(row.participant)

    @admin.display(description=_("never with"))
    def other_one(self, row: RatherNot) -> str:
        return name_of(row.other)

    @admin.display(description=_("entered by"))
    def by(self, row: RatherNot) -> str:
        return entered_by(row)
