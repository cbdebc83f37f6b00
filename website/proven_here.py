"""Whose number was proven in this browser, by a code that was entered: the key of who has no mail.

It opens what a mailed link opens. The addresses of those pages hold a mark that opens nothing in
another browser, and end with the session.
"""

from collections.abc import Iterable

from django.http import HttpRequest

from events.models import Event
from registrations.domain import proof, text_message
from registrations.domain.query_code import mark_of_code
from registrations.models import Registration, RegistrationGroup
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.web.signed_links import GROUP, REGISTRATION, sign

# By the ticket of the registration to which a code was sent, the mark of its number of then.
_NUMBERS = "numbers-proven-here"
_MOST = 60
_MARK = "here-"


def remember(request: HttpRequest, registration: Registration) -> None:
    """Keep that a code to the number of now was entered in this browser."""
    mark = text_message.number_mark(registration.phone_key)
    proven = request.session.get(_NUMBERS, {}) | {registration.ticket: mark}
    request.session[_NUMBERS] = dict(list(proven.items())[-_MOST:])


def forget(request: HttpRequest) -> None:
    request.session.pop(_NUMBERS, None)


def has_number(request: HttpRequest, of: Registration | RegistrationGroup) -> bool:
    """Whether the only contact is a number that was proven in this browser."""
    marks = request.session.get(_NUMBERS, {}).values()
    is_number = of.phone_key != "" and of.email_key == ""
    return is_number and text_message.number_mark(of.phone_key) in marks


def others(
    request: HttpRequest, event: Event, known: Iterable[Registration]
) -> list[tuple[str, Registration]]:
    """Return who else is registered for an event with these people's proven numbers.

    Each with the key of the own page. A query at most.
    """
    known = list(known)
    numbers = {row.phone_key for row in known if has_number(request, row)}
    if not numbers:
        return []
    rows = with_numbers(numbers).filter(event=event).exclude(pk__in=[row.pk for row in known])
    return keyed_pages(rows.select_related("event", "double_of").order_by("pk"))


def with_numbers(numbers: Iterable[str]) -> RegistrationQuerySet:
    """Return the people whose only contact is one of these numbers."""
    return Registration.objects.filter(phone_key__in=numbers, email_key="", erased_at=None)


def keyed_pages(rows: Iterable[Registration]) -> list[tuple[str, Registration]]:
    """Return each of these people, whose number was proven here, with the key of the own page."""
    found = []
    for row in rows:
        row.is_owner_here = True
        found.append((page_key(row), row))
    return found


def page_key(of: Registration | RegistrationGroup) -> str:
    """Return what stands in the address of somebody's own page, or of the page of a group."""
    if of.is_owner_here:
        return _MARK + mark_of_code(of)
    return sign(of.code, GROUP if isinstance(of, RegistrationGroup) else REGISTRATION)


def is_key(key: str) -> bool:
    """Whether it is a key of this browser, and none that was mailed."""
    return key.startswith(_MARK)


def registration_of(request: HttpRequest, key: str) -> Registration | None:
    """Return whose page a key opens in this browser. Two queries.

    The number is proven for what else was registered with it, as by a link that is opened.
    """
    rows = with_numbers(_numbers(request))
    found = _with_mark(rows.select_related("event__registration_settings", "group"), key)
    if found is not None:
        found.is_owner_here = True
        proof.prove(found, Registration.Proof.SMS)
    return found


def group_of(request: HttpRequest, key: str) -> RegistrationGroup | None:
    """Return the group whose page a key opens in the browser of its contact person. Two queries."""
    groups = RegistrationGroup.objects.filter(
        phone_key__in=_numbers(request), email_key="", erased_at=None
    )
    found = _with_mark(groups.select_related("event__registration_settings"), key)
    if found is not None:
        found.is_owner_here = True
    return found


def _numbers(request: HttpRequest) -> list[str]:
    """Return the numbers that were proven here, of registrations that still have them."""
    tickets = list(request.session.get(_NUMBERS, {}))
    if not tickets:
        return []
    rows = Registration.objects.filter(ticket__in=tickets, erased_at=None)
    return [row.phone_key for row in rows if has_number(request, row)]


def _with_mark[Row: (Registration, RegistrationGroup)](rows: Iterable[Row], key: str) -> Row | None:
    return next((row for row in rows if _MARK + mark_of_code(row) == key), None)
