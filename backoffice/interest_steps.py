"""Answering an expression of interest, passing it on, and making a meeting or a draft of it."""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.interest_facts import what_was_sent
from backoffice.kit.actions import Action, RowForm, explain_refusal
from backoffice.meeting_words import name_of
from contacts.models import Contact
from events.models import Event, Organization
from events.models.scope import choosable
from interests.domain import answering, drafting, meeting, passing_on
from interests.domain.receiving import events_of
from interests.models import Interest
from interests.models.step import LONGEST_ANSWER
from meetings.domain.from_interest import ask_for_interest, owners_of, participants_like
from meetings.models import Participant
from summit.lib.web import mail_addresses
from summit.lib.web.requests import StaffRequest


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=pgettext_lazy("interest", "Answer"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField"}),
        help_text=_(
            "The mail greets the visitor by name and brings along what they wrote and the link to "
            "their page. Replies go to the contact of the event, or of the site."
        ),
    )


class ContactField(forms.ModelChoiceField):
    def label_from_instance(self, contact: Contact) -> str:
        email = mail_addresses.readable(contact.email)
        return f"{contact.name} · {email} ({contact.owner})"


class PassOnForm(RowForm):
    """Names the contacts of the owner that the reader may see."""

    contact = ContactField(
        queryset=None,
        label=pgettext_lazy("interest", "To"),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = passing_on.contacts_for(self.row, self.reader)
        self.fields["contact"].queryset = found  # type: ignore[attr-defined]  # a ContactField
        if not found:
            self.fields["contact"].help_text = _(
                "There is no contact with an e-mail address yet: add one on the page of the "
                "project, the expert or the organization."
            )


# As many of the latest events, where what it is about has a part in none.
OFFERED = 20
# In the place of the key of an organization.
AS_TYPED, NONE = "new", ""


class EventForm(RowForm):
    """Proposes the event that was asked about, else those at which what it is about was shown."""

    event = forms.ModelChoiceField(
        queryset=Event.objects.none(), label=_("Event"), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [self.row.event] if self.row.event else events_of(self.row.about)
        offered = choosable(self.events(), self.reader)
        of_these = list(offered.filter(pk__in=[each.pk for each in here]))
        found = of_these or list(offered[:OFFERED])
        field = self.fields["event"]
        field.queryset = offered.filter(pk__in=[each.pk for each in found])  # type: ignore[attr-defined]  # of models
        field.initial = found[0].pk if found else None

    def events(self) -> QuerySet[Event]:
        return Event.objects.order_by("-starts_at")


class ParticipantField(forms.ModelChoiceField):
    """A participant of the meetings of one of the events that are offered, which it names."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{name_of(obj)} · {obj.event}"


class MeetingForm(EventForm):
    """Offers events that are still to come, and the two who meet where an event has meetings."""

    asker = ParticipantField(
        Participant.objects.none(),
        label=_("Participant who asks"),
        required=False,
        help_text=_(
            "Where the event offers one-to-one meetings: the visitor among its participants. "
            "Empty: it is noted, and arranged by hand."
        ),
    )
    asked = ParticipantField(
        Participant.objects.none(), label=_("Participant who is asked"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.fields["event"].initial is None:
            self.fields["event"].help_text = _("There is no event to come. Add one first.")
        offered: Any = self.fields["event"]
        events = list(offered.queryset.filter(meeting_settings__isnull=False))
        people = Participant.objects.admitted().filter(event__in=events)
        if not people.exists():
            del self.fields["asker"], self.fields["asked"]
            return
        for name, find in (("asker", participants_like), ("asked", owners_of)):
            field: Any = self.fields[name]
            field.queryset = people.select_related("event", "registration")
            likely = [each for event in events for each in find(self.row, event)]
            field.initial = likely[0].pk if likely else None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        two = [self.cleaned_data.get(name) for name in ("asker", "asked")]
        if any(two) and not all(two):
            name = "asked" if two[0] else "asker"
            self.add_error(name, _("Choose both people of the meeting, or neither."))
        for name, person in zip(("asker", "asked"), two, strict=True):
            if person and person.event != self.cleaned_data.get("event"):
                self.add_error(name, _("Choose somebody who takes part in the meetings there."))
        return cleaned

    def events(self) -> QuerySet[Event]:
        to_come = Event.objects.filter(ends_at__gt=timezone.now())
        return to_come.exclude(status=Event.Status.CANCELLED).order_by("starts_at")


class DraftForm(EventForm):
    """Proposes a known organization like the visitor's, else a new one by the typed name."""

    company = forms.ChoiceField(
        label=_("Signing organization"), required=False, widget=forms.RadioSelect
    )
    field_order = ("company", "event")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed, alike = self.row.organization_name, drafting.organizations_like(self.row)
        choices = [(str(each.pk), str(each)) for each in alike]
        if typed and self.reader.has_perm("events.add_organization"):
            choices.append((AS_TYPED, gettext("New: %(name)s") % {"name": typed}))
        choices.append((NONE, gettext("none yet")))
        self.fields["company"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["company"].initial = choices[0][0]


def _answer(
    _admin: ModelAdmin, request: StaffRequest, interest: Interest, given: dict[str, Any]
) -> None:
    answering.answer(interest, given["text"], by=request.user)


def _pass_on(
    _admin: ModelAdmin, request: StaffRequest, interest: Interest, given: dict[str, Any]
) -> None:
    passing_on.pass_on(interest, given["contact"], by=request.user, request=request)


def _request_meeting(
    _admin: ModelAdmin, request: StaffRequest, interest: Interest, given: dict[str, Any]
) -> None:
    if not given.get("asker"):
        meeting.request_meeting(interest, event=given["event"])
        return
    if not request.user.has_perm("meetings.add_meetingrequest"):
        raise ValidationError(_("You may not add requests for meetings."))
    ask_for_interest(interest, asker=given["asker"], asked=given["asked"], by=request.user)


def _make_draft(
    _admin: ModelAdmin, request: StaffRequest, interest: Interest, given: dict[str, Any]
) -> Any:
    company = given["company"]
    if not request.user.has_perm("projects.add_cooperationintention"):
        raise ValidationError(_("You may not add cooperation intentions."))
    return drafting.make_draft(
        interest,
        event=given["event"],
        company=None if company in (AS_TYPED, NONE) else Organization.objects.get(pk=company),
        adds_company=company == AS_TYPED,
        by=request.user,
    )


def _is_offered(check: Any) -> Any:
    return lambda admin, row: not explain_refusal(check, row)


ANSWER: Action[Interest] = Action(
    name="answer",
    label=pgettext_lazy("an expression of interest", "Answer"),
    explanation=_("The visitor gets an e-mail. Its text is kept with the expression of interest."),
    run=_answer,
    done=_("The answer to %(object)s is on its way."),
    offered=_is_offered(answering.check_may_be_answered),
    refused=lambda row: explain_refusal(answering.check_may_be_answered, row),
    form=AnswerForm,
    facts=what_was_sent,
    is_main=True,
)

PASS_ON: Action[Interest] = Action(
    name="pass-on",
    label=_("Pass on to the owner"),
    explanation=_(
        "The owner’s contact gets an e-mail with name, contact and message of the visitor, who "
        "sees on their page to which organization it went and when, never the contact."
    ),
    run=_pass_on,
    done=_("%(object)s is passed on."),
    offered=_is_offered(passing_on.check_may_be_passed_on),
    refused=lambda row: explain_refusal(passing_on.check_may_be_passed_on, row),
    form=PassOnForm,
    facts=what_was_sent,
)

MEETING: Action[Interest] = Action(
    name="meeting",
    label=_("Request a meeting"),
    explanation=_(
        "It is then among the meetings to be arranged at the event, and the report counts it. The "
        "visitor’s page says that a meeting is being arranged. An e-mail is sent only where you "
        "choose the two who meet, to the one who is asked."
    ),
    run=_request_meeting,
    done=_("A meeting is requested: %(object)s."),
    offered=_is_offered(meeting.check_may_be_met),
    refused=lambda row: explain_refusal(meeting.check_may_be_met, row),
    form=MeetingForm,
    facts=what_was_sent,
)

DRAFT: Action[Interest] = Action(
    name="draft",
    label=_("Make a draft intention"),
    explanation=_(
        "The draft names the project, the expert and the organization. The report counts that it "
        "came from an expression of interest."
    ),
    run=_make_draft,
    done=_("The draft is made: %(object)s."),
    offered=_is_offered(drafting.check_may_be_drafted),
    refused=lambda row: explain_refusal(drafting.check_may_be_drafted, row),
    form=DraftForm,
    facts=what_was_sent,
)
