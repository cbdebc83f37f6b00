"""The figures of meetings, in the order of the chain: from the request to the contract."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models import MeetingOutcome
from meetings.report import populations
from projects.models import CooperationIntention
from projects.report.figures.base import Figure, Ratio
from projects.report.populations import INTENTIONS
from projects.report.selection import Selection, UnknownFigure
from projects.report.subject import Subject

SECTION = pgettext_lazy("section of the report", "One-to-one meetings")
Kind = MeetingOutcome.Kind
Status = CooperationIntention.Status

requested = Figure(
    "meetings_requested",
    populations.REQUESTS,
    _("Meetings requested"),
    _(
        "Requests for a meeting, of participants and of organizers for them, whatever the answer; "
        "numbers entered by hand are added for events without meetings on this site."
    ),
)
accepted = Figure(
    "meetings_accepted",
    populations.REQUESTS,
    _("Requests accepted"),
    _("Of the requests on this site, those of which a meeting was made."),
    lambda subject: populations.is_accepted(),
)
own_requests = Figure("meetings_own_requests", populations.REQUESTS, "", "")
acceptance_rate = Ratio(
    "meetings_acceptance_rate",
    _("Acceptance rate"),
    _("Requests accepted as a share of the requests on this site, those still open among them."),
    accepted,
    own_requests,
)
agreed = Figure(
    "meetings_agreed",
    populations.MEETINGS,
    _("Meetings agreed"),
    _(
        "Meetings by request, by an organizer, at the desk and from a queue; those that were "
        "called off are left out."
    ),
    lambda subject: populations.IS_COUNTED,
)
scheduled = Figure(
    "meetings_scheduled",
    populations.MEETINGS,
    _("Meetings scheduled"),
    _("Of these, meetings that the published schedule places."),
    lambda subject: populations.is_scheduled(),
)
over = Figure(
    "meetings_over",
    populations.MEETINGS,
    _("Scheduled meetings whose time is over"),
    _("Of the meetings scheduled, those whose slot has ended."),
    populations.is_over,
)
over_held = Figure(
    "meetings_over_held",
    populations.MEETINGS,
    _("Of these, held"),
    _("Meetings of the schedule whose time is over and that were held."),
    lambda subject: populations.is_over(subject) & populations.IS_HELD,
)
held_rate = Ratio(
    "meetings_held_rate",
    _("Held as scheduled"),
    _("Meetings held as a share of the scheduled meetings whose time is over."),
    over_held,
    over,
)
held = Figure(
    "meetings_held",
    populations.MEETINGS,
    _("Meetings held"),
    _(
        "Meetings that were held, those at the desk and from a queue among them; numbers entered "
        "by hand are added for events without meetings on this site."
    ),
    lambda subject: populations.IS_HELD,
)
no_show = Figure(
    "meetings_no_show",
    populations.MEETINGS,
    _("No-shows"),
    _("Meetings to which somebody did not come."),
    lambda subject: Q(status="no_show"),
)
replaced = Figure(
    "meetings_replaced",
    populations.MEETINGS,
    _("No-shows replaced"),
    _("Of these, meetings whose place another meeting took on the day."),
    lambda subject: populations.is_replaced(),
)
called_off = Figure(
    "meetings_called_off",
    populations.MEETINGS,
    _("Meetings called off"),
    _("Meetings that were agreed and then called off; they count nowhere else."),
    lambda subject: Q(status="cancelled"),
)
participants = Figure(
    "meetings_participants",
    populations.PARTICIPANTS,
    _("Participants of meetings"),
    _("People whom an organizer admitted to the meetings, once for each event."),
    lambda subject: populations.IS_ADMITTED,
)
participants_scheduled = Figure(
    "meetings_participants_scheduled",
    populations.PARTICIPANTS,
    _("Participants with a scheduled meeting"),
    _("Of these, people who have at least one meeting in the published schedule."),
    lambda subject: populations.IS_ADMITTED & populations.has_a_schedule(),
)
participants_met = Figure(
    "meetings_participants_met",
    populations.PARTICIPANTS,
    _("Participants who met somebody"),
    _("Participants with at least one meeting that was held."),
    lambda subject: populations.IS_ADMITTED & populations.has_met(),
)
unwanted = Figure(
    "meetings_unwanted",
    populations.MEETINGS,
    _("Unwanted meetings"),
    _("Scheduled meetings of two people who are kept apart; this has to be 0."),
    lambda subject: populations.is_unwanted(),
)


def _of_outcome(kind: str) -> Q:
    return populations.IS_HELD & Q(outcome__kind=kind)


ended_with_intention = Figure(
    "meetings_outcome_intention",
    populations.MEETINGS,
    _("Outcome: intention to be signed"),
    _("Meetings held that ended with an intention."),
    lambda subject: _of_outcome(Kind.INTENTION),
)
first_contact = Figure(
    "meetings_outcome_first_contact",
    populations.MEETINGS,
    _("Outcome: first contact"),
    _("Meetings held that ended as a first contact."),
    lambda subject: _of_outcome(Kind.FIRST_CONTACT),
)
keep_talking = Figure(
    "meetings_outcome_keep_talking",
    populations.MEETINGS,
    _("Outcome: keep talking"),
    _("Meetings held after which both sides keep talking."),
    lambda subject: _of_outcome(Kind.KEEP_TALKING),
)
no_interest = Figure(
    "meetings_outcome_none",
    populations.MEETINGS,
    _("Outcome: no interest"),
    _("Meetings held that ended without interest."),
    lambda subject: _of_outcome(Kind.NONE),
)
not_told = Figure(
    "meetings_outcome_not_told",
    populations.MEETINGS,
    _("No outcome told"),
    _("Meetings held of which no outcome is told; with the four above they add up to those held."),
    lambda subject: populations.IS_HELD & Q(outcome=None),
)


def _from_meeting(subject: Subject) -> Q:
    outcomes = MeetingOutcome.objects.filter(intention=OuterRef("pk"))
    return Q(Exists(outcomes)) & ~Q(status__in=[Status.ABANDONED, Status.VOIDED])


drafted = Figure(
    "meetings_intentions",
    INTENTIONS,
    _("Intentions from meetings"),
    _("Cooperation intentions that were prepared from the outcome of a meeting."),
    _from_meeting,
)
signed = Figure(
    "meetings_intentions_signed",
    INTENTIONS,
    _("Intentions from meetings, signed"),
    _("Of these, intentions that were signed, whatever the outcome."),
    lambda subject: _from_meeting(subject) & ~Q(status__in=CooperationIntention.UNCOUNTED),
)
converted = Figure(
    "meetings_intentions_converted",
    INTENTIONS,
    _("Intentions from meetings with a contract"),
    _("Of these, intentions that were converted to a contract."),
    lambda subject: _from_meeting(subject) & Q(status=Status.CONVERTED),
)
feedback = Figure(
    "meetings_feedback",
    populations.FEEDBACK,
    _("Feedback on meetings"),
    _("Answers of participants about a meeting, at most one of each person."),
)

FIGURES = {
    each.key: each
    for each in (
        *(requested, own_requests, accepted, agreed, scheduled, over, over_held, held, no_show),
        *(replaced, called_off, participants, participants_scheduled, participants_met),
        *(ended_with_intention, first_contact, keep_talking, no_interest, not_told),
        *(drafted, signed, converted, unwanted, feedback),
    )
}


def select(subject: Subject, name: str) -> Selection:
    """Find the rows of a figure of meetings. Raises ``UnknownFigure``."""
    if name not in FIGURES:
        raise UnknownFigure(name)
    figure = FIGURES[name]
    return Selection(str(figure.label), figure.model, figure.rows(subject))
