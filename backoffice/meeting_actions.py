"""What organizers do after a meeting: a draft of the intention, and the next step."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice import intention_fields
from backoffice.kit.actions import Action, Facts, RowForm, explain_refusal
from backoffice.meeting_columns import outcome_of, side_in_words
from events.models import Organization
from meetings.domain import intention_draft, next_steps
from meetings.models import Meeting
from projects.models import CooperationIntention
from summit.lib.i18n.languages import listed
from summit.lib.web.requests import StaffRequest

# In the place of the key of an organization.
AS_TYPED, NONE = "new", ""


class DraftForm(RowForm):
    """Proposes the organization that the person was registered for, or known ones like it."""

    company = forms.ChoiceField(
        label=_("Signing organization"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = intention_draft.organizations_of(self.row)
        typed = intention_draft.typed_name(self.row)
        choices = [(str(each.pk), str(each)) for each in found]
        if typed and self.reader.has_perm("events.add_organization"):
            choices.append((AS_TYPED, gettext("New: %(name)s") % {"name": typed}))
        choices.append((NONE, gettext("none yet")))
        self.fields["company"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["company"].initial = choices[0][0]


class DoneForm(forms.Form):
    done_on = forms.DateField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"] = intention_fields.day(_("Done on"))
        self.fields["done_on"].required = True

    @staticmethod
    def initial_for(meeting: Meeting) -> dict[str, dt.date]:
        return {"done_on": meeting.event.today}


def what_is_known(meeting: Meeting) -> Facts:
    """Return what somebody wants to have at hand who writes down what came of it."""
    outcome = outcome_of(meeting)
    facts: list[tuple[Any, object]] = [
        (pgettext_lazy("meeting", "First side"), listed(side_in_words(meeting, 1))),
        (pgettext_lazy("meeting", "Second side"), listed(side_in_words(meeting, 2))),
        (_("Status"), meeting.get_status_display()),
    ]
    if outcome is not None:
        facts += [
            (pgettext_lazy("meetings", "Outcome"), outcome.get_kind_display()),
            (pgettext_lazy("meetings", "Note"), outcome.note),
            (_("Next step"), listed(filter(None, (outcome.next_step, outcome.next_step_by)))),
        ]
    return [(words, fact) for words, fact in facts if fact]


def what_is_drafted(meeting: Meeting) -> Facts:
    """Return what the draft will name."""
    expert = intention_draft.expert_of(meeting)
    projects = listed(str(each.title) for each in intention_draft.projects_of(meeting))
    return [
        *what_is_known(meeting),
        (_("Expert"), str(expert) if expert else "—"),
        (_("Projects"), projects or "—"),
        (_("Event"), str(meeting.event.title)),
    ]


def _make_draft(
    _admin: ModelAdmin, request: StaffRequest, meeting: Meeting, given: dict[str, Any]
) -> CooperationIntention:
    if not request.user.has_perm("projects.add_cooperationintention"):
        raise ValidationError(_("You may not add cooperation intentions."))
    company = given["company"]
    return intention_draft.make_draft(
        meeting,
        company=None if company in (AS_TYPED, NONE) else Organization.objects.get(pk=company),
        adds_company=company == AS_TYPED,
        by=request.user,
    )


def _mark_done(
    _admin: ModelAdmin, request: StaffRequest, meeting: Meeting, given: dict[str, Any]
) -> None:
    next_steps.mark_done(meeting, done_on=given["done_on"], by=request.user)


DRAFT: Action[Meeting] = Action(
    name="draft",
    label=_("Draft an intention"),
    explanation=_(
        "The draft names the organization, the expert, the projects and the event. The report "
        "counts that it came from a meeting."
    ),
    run=_make_draft,
    done=_("The draft is made: %(object)s."),
    offered=lambda admin, meeting: (
        not explain_refusal(intention_draft.check_may_be_drafted, meeting)
    ),
    refused=lambda meeting: explain_refusal(intention_draft.check_may_be_drafted, meeting),
    form=DraftForm,
    facts=what_is_drafted,
)

DONE: Action[Meeting] = Action(
    name="step-done",
    label=_("Mark the next step as done"),
    explanation=_("It leaves the list of what is to be done."),
    run=_mark_done,
    done=_("The next step of %(object)s is done."),
    offered=lambda admin, meeting: not explain_refusal(next_steps.check_may_be_done, meeting),
    refused=lambda meeting: explain_refusal(next_steps.check_may_be_done, meeting),
    form=DoneForm,
    facts=what_is_known,
)
