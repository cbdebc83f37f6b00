"""Delegations, and pairs of participants who are kept apart: each a page with rows to add."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice.kit.way_back import change_url, with_way_back
from backoffice.meeting_words import name_of
from backoffice.pair_apart import REMOVE, entered_by
from backoffice.participant_actions import ParticipantField
from backoffice.workspace.meetings import explain_no_meetings, lead_to_parts
from backoffice.workspace.page import EventPage
from backoffice.workspace.rows import Newcomers, RowForm, Rows
from events.models import Event
from meetings.domain import delegations
from meetings.domain.rather_not import rather_not
from meetings.models import Delegation, Participant, RatherNot
from summit.lib.i18n.languages import Words, listed
from summit.lib.web.typed_text import LineField


class DelegationRow(RowForm):
    counted = ("name",)

    name = LineField(label=_("Name of the delegation"), max_length=200)

    def add(self, newcomers: Newcomers) -> None:
        delegations.add_delegation(self.event, self.cleaned_data["name"])


DELEGATION_ROWS = Rows(
    form=DelegationRow,
    title=_("Add delegations"),
    help_text=_(
        "People of one company who come together: any of them will do for a meeting. Put them "
        "into it on the list of participants."
    ),
    done=ngettext_lazy(
        "%(count)d delegation was added.", "%(count)d delegations were added.", "count"
    ),
    permissions=("meetings.add_delegation",),
)


def list_delegations(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """List the delegations with their members. A panel: two queries."""
    members = Participant.objects.filter(event=event, delegation__isnull=False).with_person()
    names: dict[int, list[str]] = {}
    for each in members:
        names.setdefault(each.delegation_id or 0, []).append(each.registration.name)
    return {
        "delegations": [
            (row, change_url(row, request.path), listed(names.get(row.pk, [])))
            for row in Delegation.objects.filter(event=event)
        ]
    }


class DelegationsPage(EventPage):
    name = "delegations"
    change_form_template = "backoffice/workspace/meeting_delegations.html"
    panels = [lead_to_parts, list_delegations]
    rows = DELEGATION_ROWS

    def explain_none(self, event: Event) -> Words:
        return explain_no_meetings(event)


class PairRow(RowForm):
    counted = ("one", "other")

    one = ParticipantField(
        Participant.objects.none(), label=pgettext_lazy("meetings", "Participant")
    )
    other = ParticipantField(Participant.objects.none(), label=_("Never with"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Participant.objects.filter(event=self.event).with_person()
        for name in ("one", "other"):
            field: Any = self.fields[name]
            field.queryset = people

    def add(self, newcomers: Newcomers) -> None:
        one, other = self.cleaned_data["one"], self.cleaned_data["other"]
        if one == other:
            words = _("Choose somebody else: a pair is of two people.")
            raise ValidationError({"other": words}, code="not_two")
        rather_not(one, other, by=self.user)


PAIR_ROWS = Rows(
    form=PairRow,
    title=_("Keep a pair apart"),
    help_text=_(
        "No schedule brings the two together, and neither sees the other among the participants. "
        "Open requests of the two end, an agreed meeting is called off."
    ),
    done=ngettext_lazy("%(count)d pair is kept apart.", "%(count)d pairs are kept apart.", "count"),
    permissions=("meetings.add_rathernot",),
    empty=1,
)


def list_pairs(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """List who never meets whom, and who said so. A panel: one query."""
    rows = RatherNot.objects.filter(participant__event=event).select_related(
        "participant__registration", "other__registration", "entered_by"
    )
    return {
        "pairs": [
            (
                name_of(row.participant),
                name_of(row.other),
                entered_by(row),
                with_way_back(REMOVE.url(row), request.path),
            )
            for row in rows.order_by("participant__registration__sort_name", "pk")
        ],
        "may_remove": request.user.has_perm(REMOVE.permission),
    }


class PairsPage(EventPage):
    """Organizers alone see it: who said so trusts them with it."""

    name = "apart"
    change_form_template = "backoffice/workspace/meeting_pairs.html"
    panels = [lead_to_parts, list_pairs]
    rows = PAIR_ROWS

    def explain_none(self, event: Event) -> Words:
        return explain_no_meetings(event)
