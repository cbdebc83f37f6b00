"""A visitor expresses interest in a project or an expert, or asks the organizers of an event."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events.models import Event, Expert
from interests.domain.link import may_be_mailed
from interests.mail_kinds import Kind
from interests.models import Interest
from interests.models.wording import PRESENT
from mail import outbox
from projects.models import Project
from registrations.domain.registration import SentBefore
from summit.lib.web import mail_addresses
from throttle import rate_limit

type About = Project | Expert | Event


@dataclass(frozen=True)
class Visitor:
    """What a visitor typed; ``agrees`` that name and contact are passed on."""

    name: str
    message: str
    language: str
    organization_name: str = ""
    phone: str = ""
    email: str = ""
    agrees: bool = False


def receive(
    about: About,
    visitor: Visitor,
    *,
    event: Event | None = None,
    network: str,
    use_of_form: rate_limit.Try,
) -> Interest:
    """Keep what a visitor sent, and mail a receipt with the personal link to the address given.

    ``event`` is where the visitor met what it is about; without one it is counted for the latest
    event that what it is about has a part in. So many of one ``network`` are taken at a time, and
    so many first mails go to one address in a day: of one beyond, the interest is kept without a
    mail. The public contact of the event is told that it came. Raises ``TooManyTries``,
    ``SentBefore``, or ``ValidationError`` of a field.
    """
    rate_limit.count("interest", network)
    name = {Project: "project", Expert: "expert", Event: "event"}[type(about)]
    interest = Interest(
        **{"event": event or latest_event(about), name: about},
        name=visitor.name,
        organization_name=visitor.organization_name,
        phone=visitor.phone,
        email=visitor.email,
        message=visitor.message,
        language=visitor.language,
        consented_at=timezone.now() if visitor.agrees else None,
        consent_wording=PRESENT if visitor.agrees else "",
    )
    interest.full_clean()
    with transaction.atomic():
        # In the transaction: of the same form sent twice at once the second one waits here.
        if not rate_limit.is_first_use(use_of_form):
            raise SentBefore
        interest.save()
        if may_be_mailed(interest):
            outbox.queue(Kind.RECEIVED, [interest])
        _tell_contact(interest)
    return interest


def _tell_contact(interest: Interest) -> None:
    """Tell the public contact of the event that there is something to read: so often a day."""
    email = interest.event.contact_email if interest.event else ""
    if email and rate_limit.take("mailbox", f"organizers {mail_addresses.key(email)}", 1):
        outbox.queue_elsewhere(Kind.ARRIVED, interest)


def events_of(about: About) -> list[Event]:
    """Return the events that visitors see and that it has a part in, the latest first. A query."""
    if isinstance(about, Event):
        return [about]
    if isinstance(about, Project):
        has_part = Q(recommendations__project=about)
    else:
        has_part = Q(sessions__appearances__expert=about) | Q(recommendations__expert=about)
    found = Event.objects.visible().filter(has_part)
    return list(Event.objects.filter(pk__in=found.order_by().values("pk")).order_by("-starts_at"))


def latest_event(about: About) -> Event | None:
    return next(iter(events_of(about)), None)
