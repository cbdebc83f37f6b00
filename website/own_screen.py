"""The key of the screen: what a browser has registered, in its own session and nowhere else.

It shows what was typed there, for as long as nobody has changed it elsewhere, and proves no
contact: anybody may have typed that number or address.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from events.models import Event
from mail.models import OutboundMail
from registrations.domain import text_message, waiting_list
from registrations.domain.query_code import code_of
from registrations.models import Consent, Registration

_KEY = "registered-here"
# Of older ones the personal link and the desk know.
_MOST = 60


@dataclass(frozen=True)
class Typed:
    """A registration of this browser, by its number on the page; ``place`` is in the queue."""

    number: int
    registration: Registration
    place: int | None

    @property
    def query_code(self) -> str:
        return code_of(self.registration)

    @property
    def agreed(self) -> list[Consent]:
        """What the person agreed to and can withdraw; the screen gives no consent. A query."""
        return list(self.registration.consents.standing().select_related("to"))

    @property
    def status(self) -> str:
        return self.registration.shown_status

    @property
    def may_be_proven(self) -> bool:
        """Whether a code by text message would prove the number that was typed here."""
        return self.registration.is_as_typed and text_message.may_be_proven(self.registration)

    @cached_property
    def sent_code(self) -> OutboundMail | None:
        """The latest code by text message that still holds. One query."""
        return text_message.latest_code(self.registration)


def remember(request: HttpRequest, rows: Iterable[Registration]) -> None:
    """Keep the key of what was registered just now in the browser's session."""
    kept = [*request.session.get(_KEY, []), *(row.ticket for row in rows)]
    request.session[_KEY] = list(dict.fromkeys(kept))[-_MOST:]


def forget(request: HttpRequest) -> None:
    """End the key, for a computer that others use too."""
    request.session.pop(_KEY, None)


def typed_here(request: HttpRequest, event: Event) -> list[Typed]:
    """Return what this browser has registered for an event. Two queries for one that waits."""
    kept = request.session.get(_KEY, [])
    if not kept:
        return []
    rows = Registration.objects.filter(event=event, ticket__in=kept, erased_at=None)
    found = {row.ticket: row for row in rows.select_related("event", "double_of")}
    own = [found[ticket] for ticket in kept if ticket in found]
    return [
        Typed(number, row, waiting_list.place_in_queue(row))
        for number, row in enumerate(own, start=1)
    ]
