"""From an interest to the draft of a cooperation intention, with what is known of the parties."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.domain import organization as organizations
from events.models import Event, Expert, Organization
from interests.domain.interest import advance, lock
from interests.models import FromInterest, Interest
from projects.domain import draft
from projects.models import CooperationIntention


def check_may_be_drafted(interest: Interest) -> None:
    """Raise ``ValidationError`` where there is a draft already, or it is closed."""
    if not interest.is_open:
        raise ValidationError(
            _("Take it up again first: it is closed or was thrown away."), code="not_open"
        )
    if interest.intention_id:
        raise ValidationError(_("There is a draft intention from it already."), code="has_draft")


def organizations_like(interest: Interest) -> list[Organization]:
    """Return the known organizations that the visitor's may be. One query, or none."""
    if not interest.organization_name:
        return []
    typed = organizations.from_name(interest.organization_name)
    return list(Organization.objects.alike(*typed.likeness_keys()))


@transaction.atomic
def make_draft(
    interest: Interest,
    *,
    event: Event | None = None,
    company: Organization | None = None,
    adds_company: bool = False,
    by: User,
) -> CooperationIntention:
    """Prepare the draft of an intention between the visitor's organization and the other side.

    With ``adds_company`` an organization is added by the name that the visitor typed, and no public
    page names it. Of a project the expert is the one who recommended it at the event. Raises
    ``ValidationError``.
    """
    lock(interest)
    check_may_be_drafted(interest)
    event = event or interest.event
    if event is None:
        raise ValidationError({"event": _("Choose the event at which it is to be signed.")})
    if company is None and adds_company and interest.organization_name:
        named = organizations.from_name(interest.organization_name, country=event.country.code)
        named.is_public = False
        company = organizations.add(named, by=by)
    made = draft.prepare(
        event,
        company=company,
        expert=interest.expert or _recommended_by(interest, event),
        projects=[interest.project] if interest.project else [],
        by=by,
    )
    FromInterest.objects.create(intention=made)
    interest.event, interest.intention = event, made
    interest.save(update_fields=["event", "intention"])
    advance(interest, Interest.Status.DRAFTED)
    return made


def _recommended_by(interest: Interest, event: Event) -> Expert | None:
    """Return the one expert who recommended the project at the event; nothing of several."""
    if interest.project is None:
        return None
    found = Expert.objects.filter(
        recommendations__project=interest.project, recommendations__event=event
    ).distinct()
    experts = list(found[:2])
    return experts[0] if len(experts) == 1 else None
