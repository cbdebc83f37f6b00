"""Who comes together: the members of a delegation."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.domain.participation import change
from meetings.domain.placing import lock_schedule
from meetings.models import Delegation, Participant


@transaction.atomic
def add_delegation(event: Event, name: str) -> Delegation:
    """Add a delegation to an event. Raises ``ValidationError`` where there is one of that name."""
    lock_schedule(event)
    row = Delegation(event=event, name=name.strip())
    row.full_clean(exclude=["event"])
    row.validate_constraints()
    row.save()
    return row


@transaction.atomic
def join(people: QuerySet[Participant], name: str) -> int:
    """Put participants of one event into the delegation of that name, which is made if need be.

    Without a name they leave the one that they are in. Returns how many were moved. Raises
    ``ValidationError`` where they are of several events.
    """
    found = list(people.select_related("event").order_by("pk"))
    events = {each.event for each in found}
    if len(events) > 1:
        raise ValidationError(_("Choose people of one event."), code="several_events")
    delegation = None
    if found and name.strip():
        event = lock_schedule(events.pop())
        known = Delegation.objects.filter(event=event, name=name.strip()).first()
        delegation = known or add_delegation(event, name)
    moved = [each for each in found if each.delegation_id != (delegation and delegation.pk)]
    for each in moved:
        change(each, version=each.version, delegation=delegation)
    return len(moved)
