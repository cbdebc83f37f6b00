"""Invented people who have registered for the events to come."""

from datetime import timedelta

from django.utils import timezone

from events.domain import registration as domain
from events.models import Event, OutboundMail, Question, Registration, RegistrationSettings
from projects.demo.making import Work, make
from projects.demo.reading import columns, rows


def attendees(work: Work) -> None:
    """Open the events' registration and fill some seats; an event that has it stays as it is."""
    for row in rows("registrations", "registration"):
        event = Event.objects.filter(slug=row["event"]).first()
        if event is None or RegistrationSettings.objects.filter(event=event).exists():
            continue
        settings = RegistrationSettings(
            event=event, **columns(row, leave_out=("event", "question", "people"))
        )
        settings.full_clean()
        settings.save()
        work.count(RegistrationSettings)
        for order, question in enumerate(row.get("question", []), start=1):
            make(work, Question, settings=settings, order=order, **columns(question))
        if event.ends_at > timezone.now() and not event.is_draft:
            _fill(work, event, row.get("people", []))


def _fill(work: Work, event: Event, people: list[list[str]]) -> None:
    for number, (name, organization, position, category, language) in enumerate(people, start=1):
        # Nobody's real address: example.org belongs to no one.
        made = domain.register(
            event,
            [
                domain.Applicant(
                    name=name,
                    email=f"attendee{number:02}@example.org",
                    category=category,
                    language=language,
                    organization_name=organization,
                    position=position,
                )
            ],
            by=work.by,
        )
        work.count(Registration)
        # They came one after the other in the last days.
        Registration.objects.filter(pk__in=[row.pk for row in made]).update(
            registered_at=timezone.now() - timedelta(hours=7 * (len(people) - number))
        )
    # No mail leaves the demo for people whom it has made up.
    OutboundMail.objects.filter(registration__event=event).update(
        status=OutboundMail.Status.SENT, sent_at=timezone.now()
    )
