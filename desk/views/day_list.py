"""The list for the day, which the page of a door keeps for a hall without signal."""

import unicodedata
from functools import cache

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.views import people
from desk.views.access import at_desk
from events.models import Event
from registrations.domain.event_days import counted_day
from registrations.models import CheckIn, Registration
from summit.lib.i18n import clock
from summit.lib.i18n.likeness import fold
from summit.lib.i18n.names import searchable
from summit.lib.web.requests import StaffRequest

# Beyond that many a phone would be slow, and a page holds no list.
MOST_KEPT = 5000


@at_desk
@require_safe
def day_list(request: StaffRequest, event: Event) -> HttpResponse:
    """Return who is registered, as ``[ticket, name, organization, state, found by]``.

    Whoever has no place any more is left out. Two queries, and some 0.3 ms a person for what
    each is found by: neither addresses nor numbers, which the page does not hold.
    """
    try:
        session = people.session_of(event, request.GET.get("session", ""))
    except ValidationError as refusal:
        return JsonResponse({"error": refusal.messages[0]}, status=409)
    arrived = CheckIn.objects.standing().filter(registration=OuterRef("pk"), session=session)
    if session is None and (today := counted_day(event)):
        arrived = arrived.filter(day=today)
    rows = (
        Registration.objects.filter(event=event, erased_at=None, status__in=Registration.ACTIVE)
        .order_by("sort_name", "name", "pk")
        .values_list(
            *("ticket", "name", "organization_name", "status", "chose_online"), Exists(arrived)
        )
    )
    kept = list(rows[: MOST_KEPT + 1])
    if len(kept) > MOST_KEPT:
        kept = []
    return JsonResponse(
        {
            "at": clock.hours(timezone.localtime(timezone=event.zone)),
            "letters": _letters(),
            "people": [
                [
                    ticket,
                    name,
                    organization,
                    "arrived" if is_there else _state(status, event.is_hybrid and is_online),
                    searchable(people=[name], names=[organization], others=[ticket]),
                ]
                for ticket, name, organization, status, is_online, is_there in kept
            ],
        }
    )


def _state(status: str, is_online: bool) -> str:
    return "expected" if status in people.SURE and not is_online else "waiting"


@cache
def _letters() -> dict[str, str]:
    """Return the Latin letters that do not decompose, each with what it is found by: ø, ł, ß."""
    return {
        letter: fold(letter)
        for letter in map(chr, range(0xC0, 0x180))
        if letter.isalpha()
        and letter == letter.lower()
        and len(unicodedata.normalize("NFKD", letter)) == 1
        and fold(letter).isascii()
    }
