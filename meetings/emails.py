"""What the mails about requests for meetings say, written as things are when they are sent.

They name the other side as the list of participants does, and never a contact.
"""

from collections.abc import Sequence

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import address, compose
from meetings.domain.who_may_meet import would_rather_not
from meetings.mail_kinds import Kind
from meetings.models import Meeting, MeetingRequest, Participant
from registrations.emails import personal_url
from registrations.models import Registration
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.languages import listed, listed_long

Status = MeetingRequest.Status


def write(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail; nothing where it is true no longer, or its row is gone."""
    registration = row.subject
    if not isinstance(registration, Registration) or registration.erased_at:
        return None
    participant = Participant.objects.filter(registration=registration).first()
    if participant is None or participant.status != Participant.Status.ADMITTED:
        return None
    with translation.override(registration.language):
        writers = {
            Kind.ADMITTED: _write_admitted,
            Kind.CALLED_OFF: _write_called_off,
        }
        return writers.get(Kind(row.kind), _write_about_request)(row, participant)


def _write_admitted(row: OutboundMail, participant: Participant) -> EmailMultiAlternatives:
    return _compose(
        row,
        participant,
        subject=_("You take part in the one-to-one meetings: %(event)s"),
        sentences=[
            _("The organizers have admitted you to the one-to-one meetings of “%(event)s”."),
            _(
                "On your personal page you see who else takes part, ask for meetings, answer "
                "requests, and enter when you are away."
            ),
        ],
    )


def _write_called_off(row: OutboundMail, participant: Participant) -> EmailMultiAlternatives | None:
    others = Participant.objects.filter(pk__in=row.payload.get("others", ())).with_person()
    names = listed_long(_who(each) for each in others)
    return _compose(
        row,
        participant,
        subject=_("Meeting called off: %(event)s"),
        sentences=[
            _("Your meeting with %(who)s at “%(event)s” does not take place."),
            _("You can ask others for a meeting on your personal page."),
        ],
        who=names,
    )


def _write_about_request(
    row: OutboundMail, participant: Participant
) -> EmailMultiAlternatives | None:
    if "other" in row.payload:
        return _write_agreed(row, participant)
    requests = MeetingRequest.objects.with_people()
    request = requests.filter(pk=row.payload.get("request")).first()
    if request is None:
        return None
    if row.kind == Kind.ANSWERED:
        return _write_answer(row, participant, request)
    if row.kind == Kind.ARRANGED:
        return _write_arranged(row, participant, request)
    if request.status != Status.OPEN or would_rather_not(participant, request.asker):
        return None
    is_first = row.kind == Kind.REQUESTED
    return _compose(
        row,
        participant,
        subject=_("Somebody would like to meet you: %(event)s")
        if is_first
        else _("Reminder: a request for a meeting waits for your answer: %(event)s"),
        sentences=[
            _("%(who)s would like to meet you at “%(event)s”."),
            _(
                "Accept or decline the request on your personal page until %(until)s. After that "
                "it expires. Nobody sees your contact."
            ),
        ],
        facts=_facts(request),
        who=_who(request.asker),
        until=moment_in_words(request.expires_at, request.event.zone),
    )


def _write_answer(
    row: OutboundMail, participant: Participant, request: MeetingRequest
) -> EmailMultiAlternatives | None:
    words = {
        Status.ACCEPTED: (
            _("Your request for a meeting is accepted: %(event)s"),
            _("Your meeting with %(who)s at “%(event)s” is agreed."),
            _("You learn its time and table as soon as the schedule is published."),
        ),
        Status.DECLINED: (
            _("Your request for a meeting is declined: %(event)s"),
            _("%(who)s cannot meet you at “%(event)s”."),
            _("You can ask others for a meeting on your personal page."),
        ),
        Status.EXPIRED: (
            _("Your request for a meeting has expired: %(event)s"),
            _("%(who)s has not answered your request for a meeting at “%(event)s” in time."),
            _("You can ask others for a meeting on your personal page."),
        ),
    }.get(Status(request.status))
    if words is None or request.status != row.payload.get("status"):
        return None
    subject, *sentences = words
    return _compose(row, participant, subject=subject, sentences=sentences, who=_who(request.asked))


def _write_arranged(
    row: OutboundMail, participant: Participant, request: MeetingRequest
) -> EmailMultiAlternatives | None:
    if request.status != Status.ACCEPTED:
        return None
    return _compose(
        row,
        participant,
        subject=_("A meeting is arranged for you: %(event)s"),
        sentences=[
            _("The organizers have arranged a meeting with %(who)s for you at “%(event)s”."),
            _("You learn its time and table as soon as the schedule is published."),
        ],
        facts=_facts(request),
        who=_who(request.asker),
    )


def _write_agreed(row: OutboundMail, participant: Participant) -> EmailMultiAlternatives | None:
    """A meeting that an organizer agreed for two people, of whom neither had asked."""
    meeting = Meeting.objects.to_be_held().filter(pk=row.payload.get("meeting")).first()
    others = Participant.objects.filter(pk=row.payload["other"]).with_person()
    other = others.filter(meeting_places__meeting=meeting).first()
    if meeting is None or other is None:
        return None
    return _compose(
        row,
        participant,
        subject=_("A meeting is arranged for you: %(event)s"),
        sentences=[
            _("The organizers have arranged a meeting with %(who)s for you at “%(event)s”."),
            _("You learn its time and table as soon as the schedule is published."),
        ],
        who=_who(other),
    )


def _facts(request: MeetingRequest) -> list[tuple[str, str]]:
    projects = listed_long(str(project.title) for project in request.projects.visible())
    facts = [
        (pgettext("meeting request", "Reason"), request.reason),
        (pgettext("meeting request", "About the projects"), projects),
        (pgettext("meetings", "Languages"), listed(request.asker.languages_in_words)),
    ]
    return [(label, value) for label, value in facts if value]


def _who(participant: Participant) -> str:
    """Return who somebody is, in a line: name, position and organization."""
    person = participant.registration
    if person.erased_at:
        return _("somebody whose data was erased")
    return listed(filter(None, [person.name, person.position, person.organization_name]))


def _compose(
    row: OutboundMail,
    participant: Participant,
    *,
    subject: str,
    sentences: Sequence[str],
    facts: Sequence[tuple[str, str]] = (),
    **words: str,
) -> EmailMultiAlternatives:
    registration = participant.registration
    words["event"] = str(registration.event.title)
    context = {
        "subject": subject % words,
        "sentences": [sentence % words for sentence in sentences],
        "name": registration.mailed_name,
        "facts": facts,
        "link": personal_url(registration),
        "site": SiteProfile.load(),
    }
    return compose(
        row,
        to=address(registration.mailed_name, registration.email),
        subject=subject % words,
        text=render_to_string("mail/meeting_request.txt", context),
        html=render_to_string("mail/meeting_request.html", context),
    )
