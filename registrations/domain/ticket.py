"""What the QR code of a ticket says, as it was scanned or typed, and whose it is."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.models import Registration
from registrations.models.registration import TICKET_ALPHABET, TICKET_LENGTH

# What is left out of the alphabet because it looks like one of these.
_LOOKALIKES = str.maketrans("ILOU", "110V")
# With gaps and hyphens. A longer text is no ticket, whatever begins it.
_LONGEST = 100
_HYPHENS = dict.fromkeys(map(ord, "-‐‑–—−"))


class TicketRefused(ValidationError):
    """This is no ticket of the event, and why."""


def plain(text: str) -> str:
    """Return what was scanned or typed in the form in which tickets are stored.

    Gaps, hyphens, letter case and full-width forms do not count, and letters that
    tickets leave out are read as the characters that they look like.
    """
    typed = unicodedata.normalize("NFKC", text[: _LONGEST + 1])
    together = "".join(typed.split()).upper()
    return together.translate(_HYPHENS).translate(_LOOKALIKES)


def looks_like_ticket(text: str) -> bool:
    """Whether a text can be a whole ticket; a name of ten letters can be taken for one."""
    ticket = plain(text)
    return len(ticket) == TICKET_LENGTH and set(ticket) <= set(TICKET_ALPHABET)


def find(event: Event, text: str) -> Registration:
    """Return the registration of a scanned or typed ticket, its event with it. One query.

    Raises ``TicketRefused`` for half a code, one that nobody has, and one of
    another event, which is named only where everybody may see that event.
    """
    ticket = plain(text)
    if not looks_like_ticket(ticket):
        raise refusal_of(ticket)
    found = (
        Registration.objects.filter(ticket=ticket)
        .select_related("event", "double_of__event")
        .first()
    )
    if found is None or found.erased_at:
        raise TicketRefused(
            _("Nobody has this code. Scan it again, or search by name."), code="unknown"
        )
    if found.event_id != event.pk:
        if found.event.status not in Event.VISIBLE:
            raise TicketRefused(_("This code is for another event."), code="other_event")
        raise TicketRefused(
            _("This code is for another event: “%(event)s”."),
            code="other_event",
            params={"event": found.event},
        )
    # Whoever comes with the ticket of a possible duplicate has the place of the first.
    return found.double_of or found


def looks_like_part(text: str) -> bool:
    """Whether a text is perhaps meant as a code but is none: digits and letters in one word."""
    ticket = plain(text)
    typed = text[:_LONGEST]
    mixed = any(map(str.isdigit, typed)) and any(map(str.isalpha, typed))
    return mixed and set(ticket) <= set(TICKET_ALPHABET) and not looks_like_ticket(text)


def refusal_of(text: str) -> TicketRefused:
    """Return what is wrong with a text that is no whole ticket."""
    ticket = plain(text)
    if len(ticket) < TICKET_LENGTH:
        return TicketRefused(
            _("A code has %(length)s characters, this has %(given)s. Scan it again or type all."),
            code="half",
            params={"length": TICKET_LENGTH, "given": len(ticket)},
        )
    return TicketRefused(
        _("This is not the code of a ticket, which has %(length)s letters and digits."),
        code="not_a_code",
        params={"length": TICKET_LENGTH},
    )
