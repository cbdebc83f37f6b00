"""Experts who are added with the place where they are, and put into a programme."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from events.domain import programme
from events.models import Affiliation, Appearance, Expert, Organization, Session
from summit.lib.database.history import write_as


@transaction.atomic
def add(
    expert: Expert,
    *,
    organization: Organization | None = None,
    position: dict[str, str] | None = None,
    by: User,
) -> Expert:
    """Save a new expert with a primary affiliation, if an organization is given.

    ``position`` has a text by its column: ``position_en``. Where no country is known it is the
    organization's. Raises ``ValidationError``.
    """
    if organization is not None and not expert.country:
        expert.country = organization.country
    write_as(expert, by)
    expert.full_clean()
    expert.save()
    if organization is not None:
        affiliation = Affiliation(
            expert=expert, organization=organization, is_primary=True, **(position or {})
        )
        write_as(affiliation, by)
        affiliation.full_clean()
        affiliation.save()
    return expert


@transaction.atomic
def appear(expert: Expert, session: Session, *, role: str, by: User) -> Appearance:
    """Put an expert into a session, after who is there already.

    Raises ``ValidationError`` where the expert is elsewhere at that time.
    """
    programme.lock()
    others = programme.slots(session.event, session.event.sessions.exclude(pk=session.pk))
    here = programme.Slot(session, frozenset({expert.pk}))
    clashes = [
        error
        for error in programme.refusals(session.event, [here, *others])[0]
        if error.code == "expert_elsewhere"
    ]
    if clashes:
        raise ValidationError(clashes)
    last = session.appearances.aggregate(last=Max("order"))["last"]
    order = 0 if last is None else last + 1
    appearance = Appearance(session=session, expert=expert, role=role, order=order)
    write_as(appearance, by)
    appearance.full_clean()
    appearance.save()
    return appearance
