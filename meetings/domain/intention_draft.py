"""From a meeting to the draft of a cooperation intention, with what is known of the two sides."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.domain import organization as organizations
from events.models import Expert, Organization
from meetings.domain.placing import lock_schedule
from meetings.models import Meeting, MeetingOutcome, Participant
from projects.domain import draft
from projects.models import CooperationIntention, Project

Kind = MeetingOutcome.Kind
NOT_HELD = _("Only a meeting that was held leads to an intention. Record that it was held first.")
OTHER_OUTCOME = _("Record “intention to be signed” as the outcome of the meeting first.")
HAS_DRAFT = _("There is an intention from this meeting already.")


def check_may_be_drafted(meeting: Meeting) -> None:
    """Raise ``ValidationError`` where the meeting was not held, ended otherwise, or has a draft.

    An intention that was abandoned stands in nobody's way. At most two queries.
    """
    if meeting.status != Meeting.Status.HELD:
        raise ValidationError(NOT_HELD, code="not_held")
    outcome = MeetingOutcome.objects.filter(meeting=meeting).select_related("intention").first()
    if outcome is None:
        return
    if outcome.kind != Kind.INTENTION:
        raise ValidationError(OTHER_OUTCOME, code="other_outcome")
    abandoned = CooperationIntention.Status.ABANDONED
    if outcome.intention is not None and outcome.intention.status != abandoned:
        raise ValidationError(HAS_DRAFT, code="has_draft")


def companies_of(meeting: Meeting) -> list[Participant]:
    """Return who came for the company: of two sides of one kind the one that asked. One query."""
    people = list(
        meeting.people.select_related("participant__registration__organization").order_by(
            "side", "-must", "pk"
        )
    )
    found = [row for row in people if row.participant.side == Participant.Side.COMPANY]
    side = min((row.side for row in found or people), default=1)
    return [row.participant for row in people if row.side == side]


def typed_name(meeting: Meeting) -> str:
    """Return the name of its organization as somebody of the company typed it. One query."""
    names = (each.registration.organization_name for each in companies_of(meeting))
    return next(filter(None, names), "")


def organizations_of(meeting: Meeting) -> list[Organization]:
    """Return the organizations that the company may be, the likeliest first. Two queries."""
    people = companies_of(meeting)
    linked = [each.registration.organization for each in people if each.registration.organization]
    name = next(filter(None, (each.registration.organization_name for each in people)), "")
    alike: Sequence[Organization] = ()
    if name:
        typed = organizations.from_name(name)
        alike = Organization.objects.alike(*typed.likeness_keys())
    return list(dict.fromkeys([*linked, *alike]))


def projects_of(meeting: Meeting) -> list[Project]:
    """Return what it was about: its projects, else the only one that the owner presents."""
    about = list(meeting.projects.order_by("pk"))
    if about:
        return about
    presented = Project.objects.filter(participants__meeting_places__meeting=meeting)
    found = list(presented.distinct().order_by("pk")[:2])
    return found if len(found) == 1 else []


def expert_of(meeting: Meeting) -> Expert | None:
    """Return the one expert who came, else who alone recommended the projects at the event."""
    came = Expert.objects.filter(participants__meeting_places__meeting=meeting).distinct()
    experts = list(came[:2])
    if not experts:
        recommended = Expert.objects.filter(
            recommendations__project__in=projects_of(meeting),
            recommendations__event=meeting.event_id,
        )
        experts = list(recommended.distinct()[:2])
    return experts[0] if len(experts) == 1 else None


@transaction.atomic
def make_draft(
    meeting: Meeting, *, company: Organization | None = None, adds_company: bool = False, by: User
) -> CooperationIntention:
    """Prepare the draft of an intention between the two sides of a meeting that was held.

    With ``adds_company`` an organization is added by the name that was typed at registration, and
    no public page names it. A meeting without an outcome ends with an intention by it. Raises
    ``ValidationError``.
    """
    event = lock_schedule(meeting.event)
    meeting.refresh_from_db()
    check_may_be_drafted(meeting)
    name = typed_name(meeting)
    if company is None and adds_company and name:
        named = organizations.from_name(name, country=event.country.code)
        named.is_public = False
        company = organizations.add(named, by=by)
    made = draft.prepare(
        event,
        company=company,
        expert=expert_of(meeting),
        projects=projects_of(meeting),
        by=by,
    )
    outcome = MeetingOutcome.objects.filter(meeting=meeting).first()
    if outcome is None:
        outcome = MeetingOutcome(meeting=meeting, kind=Kind.INTENTION, version=0, recorded_by=by)
        outcome.recorded_at = timezone.now()
    outcome.intention = made
    outcome.version += 1
    outcome.full_clean()
    outcome.save()
    return made
