"""Experts of the programme who meet people: registered and admitted in one step."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from events.models import Event, Expert
from events.models.expert import ExpertQuerySet
from meetings.domain import participation
from meetings.models import Participant
from projects.models import Project
from registrations.domain import attendees
from registrations.domain.attendees import Listed
from registrations.models import Registration
from summit.lib.i18n.languages import column


def experts_to_admit(event: Event) -> ExpertQuerySet:
    """Return who appears in the programme and is no participant of its meetings yet."""
    known = Participant.objects.filter(event=event, expert__isnull=False).values("expert")
    appearing = Expert.objects.filter(appearances__session__event=event).distinct()
    return appearing.exclude(pk__in=known)


@transaction.atomic
def admit_experts(
    event: Event,
    experts: Sequence[Expert],
    *,
    by: User,
    source: str,
    languages: Sequence[str],
    listed: bool,
    language: str,
    beyond_capacity: bool = False,
    request: HttpRequest | None = None,
) -> list[Participant]:
    """Register experts as attendees without a mail, and admit them with what they recommend here.

    ``languages`` are of those of whom none are known. Raises what ``attendees.add`` raises, such
    as ``NoSeat``, and admits all or nobody.
    """
    people = [_listed(expert, event, language) for expert in experts]
    added = attendees.add(
        event, people, source=source, by=by, beyond_capacity=beyond_capacity, request=request
    )
    return [
        participation.add(
            registration,
            by=by,
            side=Participant.Side.OWNER,
            languages=expert.languages or languages,
            listed=listed,
            projects=Project.objects.filter(
                recommendations__event=event, recommendations__expert=expert
            ).distinct(),
            expert=expert,
        )
        for expert, registration in zip(experts, added, strict=True)
    ]


def _listed(expert: Expert, event: Event, language: str) -> Listed:
    day = event.starts_at.astimezone(event.zone).date()
    affiliation = expert.affiliation_at(day) or expert.primary_affiliation
    organization = affiliation.organization.name if affiliation else ""
    position = affiliation.position if affiliation else ""
    return Listed(
        name=str(_in(expert, "name", language))[:100],
        email="",
        category=Registration.Category.SPEAKER,
        language=language,
        organization_name=str(organization)[:200],
        position=str(position)[:100],
    )


def _in(expert: Expert, name: str, language: str) -> str:
    return getattr(expert, column(name, language)) or str(getattr(expert, name))
