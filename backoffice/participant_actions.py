"""What organizers do with the participants of meetings: with one, or with those selected."""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice.kit.actions import Action, Facts, ForSelected, RowForm
from backoffice.kit.selected_rows import list_first
from backoffice.meeting_words import name_of
from meetings.domain import arranging, delegations, participation, rather_not, request
from meetings.domain.who_may_meet import projects_of
from meetings.models import Meeting, MeetingRequest, Participant, Priority
from meetings.models.request import LONGEST_REASON
from projects.models import Project
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import BoundedField, LineField

Status = Participant.Status
_TAKES_PART = (Status.APPLIED, Status.ADMITTED)


def people_of(rows: QuerySet[Participant]) -> Facts:
    return list_first(
        rows.with_person(),  # type: ignore[attr-defined]  # of participants
        lambda row: (name_of(row), row.get_status_display()),
    )


def _what_ends(row: Participant) -> Facts:
    """Count what ends with somebody: open requests, and meetings by their other side."""
    requests = MeetingRequest.objects.open().filter(Q(asker=row) | Q(asked=row))
    meetings = Meeting.objects.to_be_held().filter(people__participant=row).with_people()
    partners = [
        name_of(person.participant)
        for meeting in meetings
        for person in meeting.people.all()
        if person.participant_id != row.pk
    ]
    return [
        (pgettext_lazy("meetings", "Participant"), name_of(row)),
        (_("Open requests"), requests.count()),
        (_("Agreed meetings with"), "\n".join(partners) or "—"),
    ]


def _what_ends_of_all(rows: QuerySet[Participant]) -> Facts:
    requests = MeetingRequest.objects.open()
    keys = rows.order_by().values("pk")
    ending = requests.filter(Q(asker__in=keys) | Q(asked__in=keys)).distinct().count()
    meetings = Meeting.objects.to_be_held().filter(people__participant__in=keys).distinct()
    return [
        *people_of(rows),
        (_("Open requests"), ending),
        (_("Agreed meetings"), meetings.count()),
    ]


ENDS = _(
    "Open requests end, and agreed meetings are called off unless others of the delegation can "
    "come. Those who were to meet the person are told."
)

ADMIT: Action[Participant] = Action(
    name="admit",
    label=pgettext_lazy("meetings", "Admit"),
    explanation=_("The person gets an e-mail, sees who takes part, and can ask for meetings."),
    run=lambda admin, request, row, given: participation.admit(row, by=request.user),
    done=_("The person is admitted."),
    offered=lambda admin, row: row.status != Status.ADMITTED,
    is_main=True,
    facts=lambda row: [(pgettext_lazy("meetings", "Participant"), name_of(row))],
    selected=ForSelected(
        label=_("Admit the selected people"),
        explanation=_("They get an e-mail, see who takes part, and can ask for meetings."),
        rows=lambda admin, request, rows: rows.exclude(status=Status.ADMITTED),
        done=ngettext_lazy(
            "%(count)d person is admitted.", "%(count)d people are admitted.", "count"
        ),
        facts=people_of,
    ),
)

REFUSE: Action[Participant] = Action(
    name="refuse",
    label=pgettext_lazy("meetings", "Do not admit"),
    explanation=ENDS,
    run=lambda admin, request, row, given: participation.refuse(row, by=request.user),
    done=_("The person is not admitted."),
    offered=lambda admin, row: row.status in _TAKES_PART,
    is_grave=True,
    facts=_what_ends,
    facts_title=_("Whom it concerns"),
    selected=ForSelected(
        label=_("Do not admit the selected people"),
        explanation=ENDS,
        rows=lambda admin, request, rows: rows.filter(status__in=_TAKES_PART),
        done=ngettext_lazy(
            "%(count)d person is not admitted.", "%(count)d people are not admitted.", "count"
        ),
        facts=_what_ends_of_all,
    ),
)

LEAVE: Action[Participant] = Action(
    name="leave",
    label=_("Takes part no longer"),
    explanation=ENDS,
    run=lambda admin, request, row, given: participation.leave(row, by=request.user),
    done=_("The person takes part no longer."),
    offered=lambda admin, row: row.status in _TAKES_PART,
    is_grave=True,
    facts=_what_ends,
    facts_title=_("Whom it concerns"),
)


# Two people


class ParticipantField(forms.ModelChoiceField):
    """One of the participants of an event, by name and organization."""

    def label_from_instance(self, obj: Model) -> str:
        return name_of(obj)  # type: ignore[arg-type]  # a participant


class ProjectsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Project.objects.none(), label=_("About the projects"), required=False, **kwargs
        )


class PriorityField(forms.TypedChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
        )


class WithForm(RowForm):
    """Offers whom somebody can meet: every other participant who is admitted."""

    other = ParticipantField(Participant.objects.none(), label=_("With"))
    priority = PriorityField()
    projects = ProjectsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Participant.objects.admitted().filter(event=self.row.event_id).with_person()
        others: Any = self.fields["other"]
        others.queryset = people.exclude(pk=self.row.pk)
        projects: Any = self.fields["projects"]
        projects.queryset = projects_of(self.row.event)
        if not projects.queryset.exists():
            del self.fields["projects"]


class AskForm(WithForm):
    other = ParticipantField(Participant.objects.none(), label=_("Whom to ask"))
    reason = BoundedField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other side reads it."),
    )
    field_order = ("other", "reason", "priority", "projects")


def _ask(_admin: ModelAdmin, http: StaffRequest, row: Participant, given: dict[str, Any]) -> None:
    request.ask(
        row,
        given["other"],
        reason=given["reason"],
        projects=given.get("projects", ()),
        priority=given["priority"],
        by=http.user,
    )


def _arrange(
    _admin: ModelAdmin, http: StaffRequest, row: Participant, given: dict[str, Any]
) -> None:
    arranging.arrange(
        row,
        given["other"],
        projects=given.get("projects", ()),
        priority=given["priority"],
        by=http.user,
    )


ASK: Action[Participant] = Action(
    name="ask",
    label=_("Ask for a meeting"),
    explanation=_(
        "For somebody who telephones. Limits of number and time do not apply. The other side "
        "answers as usual; where it has asked already, the meeting is agreed at once."
    ),
    run=_ask,
    done=_("The request is entered."),
    offered=lambda admin, row: row.status == Status.ADMITTED,
    form=AskForm,
    facts=lambda row: [(_("Asked by"), name_of(row))],
    permission="meetings.add_meetingrequest",
)


class TwoForm(forms.Form):
    priority = PriorityField()


def _the_two(rows: QuerySet[Participant]) -> tuple[Participant, Participant]:
    found = list(rows.with_person().order_by("pk"))  # type: ignore[attr-defined]  # of participants
    if len(found) != 2:
        raise ValidationError(_("Select exactly two people."), code="not_two")
    return found[0], found[1]


def _arrange_two(
    _admin: ModelAdmin, http: StaffRequest, rows: QuerySet[Participant], given: dict[str, Any]
) -> int:
    arranging.arrange(*_the_two(rows), priority=given["priority"], by=http.user)
    return 2


ARRANGED = _("The meeting is agreed at once, and both are told. A schedule places it.")
ARRANGE: Action[Participant] = Action(
    name="arrange",
    label=_("Arrange a meeting"),
    explanation=ARRANGED,
    run=_arrange,
    done=_("The meeting is agreed."),
    offered=lambda admin, row: row.status == Status.ADMITTED,
    form=WithForm,
    facts=lambda row: [(pgettext_lazy("meetings", "Participant"), name_of(row))],
    permission="meetings.add_meeting",
)

# For two who are ticked in the list.
ARRANGE_TWO: Action[Participant] = Action(
    name="arrange-two",
    label=_("Arrange a meeting of the selected two"),
    explanation=ARRANGED,
    run=lambda admin, http, row, given: None,
    done=_("The meeting is agreed."),
    offered=lambda admin, row: False,
    refused=lambda row: _("Select exactly two people."),
    form=TwoForm,
    permission="meetings.add_meeting",
    selected=ForSelected(
        label=_("Arrange a meeting of the selected two"),
        rows=lambda admin, request, rows: rows.filter(status=Status.ADMITTED),
        run=_arrange_two,
        done=ngettext_lazy(
            "The meeting is agreed (%(count)d person).",
            "The meeting of these %(count)d people is agreed.",
            "count",
        ),
        facts=people_of,
    ),
)


class OtherForm(RowForm):
    other = ParticipantField(Participant.objects.none(), label=_("Never with"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Participant.objects.filter(event=self.row.event_id).with_person()
        others: Any = self.fields["other"]
        others.queryset = people.exclude(pk=self.row.pk)


KEEP_APART: Action[Participant] = Action(
    name="keep-apart",
    label=_("Keep apart from somebody"),
    explanation=_(
        "No schedule brings the two together, and neither sees the other among the participants. "
        "Open requests end, an agreed meeting is called off. Neither learns of the reason."
    ),
    run=lambda admin, http, row, given: _apart(row, given["other"], http),
    done=_("The two are kept apart."),
    form=OtherForm,
    facts=lambda row: [(pgettext_lazy("meetings", "Participant"), name_of(row))],
    permission="meetings.add_rathernot",
)


def _apart(row: Participant, other: Participant, http: StaffRequest) -> None:
    rather_not.rather_not(row, other, by=http.user)


class DelegationForm(forms.Form):
    name = LineField(
        label=_("Delegation"),
        max_length=200,
        required=False,
        help_text=_("A new name makes a new delegation. Empty: they come on their own."),
    )


def _join(
    _admin: ModelAdmin, _http: StaffRequest, rows: QuerySet[Participant], given: dict[str, Any]
) -> int:
    return delegations.join(rows, given["name"])


DELEGATION: Action[Participant] = Action(
    name="delegation",
    label=_("Put into a delegation"),
    explanation=_("For a meeting any of a delegation will do, unless somebody has to come."),
    run=lambda admin, http, row, given: _join_one(row, given["name"]),
    done=_("The delegation is saved."),
    form=DelegationForm,
    facts=lambda row: [(pgettext_lazy("meetings", "Participant"), name_of(row))],
    selected=ForSelected(
        label=_("Put the selected people into a delegation"),
        rows=lambda admin, request, rows: rows,
        run=_join,
        done=ngettext_lazy("%(count)d person was moved.", "%(count)d people were moved.", "count"),
        facts=people_of,
    ),
)


def _join_one(row: Participant, name: str) -> None:
    delegations.join(Participant.objects.filter(pk=row.pk), name)


PARTICIPANT_ACTIONS = [
    *(ADMIT, ASK, ARRANGE, ARRANGE_TWO, DELEGATION, KEEP_APART, LEAVE, REFUSE),
]
