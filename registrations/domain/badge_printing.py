"""Whose badges were printed, when and by whom, so that none is printed twice or forgotten."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from events.models import Event
from registrations.models import Registration, RegistrationSettings
from registrations.models.registration_queryset import RegistrationQuerySet


@dataclass(frozen=True)
class Printing:
    """Badges that were made at one moment, to be printed together."""

    printed_at: dt.datetime
    by: User | None
    number: int


@transaction.atomic
def record_printing(
    people: RegistrationQuerySet, *, event: Event, by: User, most: int
) -> dt.datetime | None:
    """Record that the badges of the first of these people are printed now; return the moment.

    The moment names them from then on. None where there is nobody. A second call that
    comes meanwhile waits, and leaves out who is no longer among its people.
    """
    # Badges are in the order of names, others lock the same rows in another one: so the event's
    # lock comes first, as everywhere.
    RegistrationSettings.objects.locked().prefetch_related(None).filter(event=event).first()
    pks = [person.pk for person in people.select_for_update(no_key=True, of=("self",))[:most]]
    if not pks:
        return None
    now = timezone.now()
    Registration.objects.filter(pk__in=pks).update(
        badge_printed_at=now,
        badge_printed_by=by,
        badge_name=F("name"),
        badge_organization_name=F("organization_name"),
    )
    return now


def forget_printing(event: Event, *, printed_at: dt.datetime) -> int:
    """Mark the badges of that moment as not printed, as after a paper jam; return how many.

    Those that were printed anew since stay as they are, and doing it again is harmless.
    """
    return Registration.objects.filter(event=event, badge_printed_at=printed_at).update(
        badge_printed_at=None,
        badge_printed_by=None,
        badge_name="",
        badge_organization_name="",
    )


def last_printings(event: Event, *, most: int) -> list[Printing]:
    """Return the last printings of an event, the newest first. Two queries at most."""
    rows = list(
        Registration.objects.filter(event=event, erased_at=None)
        .exclude(badge_printed_at=None)
        .values_list("badge_printed_at", "badge_printed_by")
        .annotate(number=Count("pk"))
        .order_by("-badge_printed_at")[:most]
    )
    staff = User.objects.in_bulk({by for _moment, by, _number in rows if by})
    return [Printing(moment, staff.get(by), number) for moment, by, number in rows]
