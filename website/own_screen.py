"""The key of the screen: what a browser has registered, in its own session and nowhere else.

It shows what was typed there, for as long as nobody has changed it elsewhere, and proves no
contact: anybody may have typed that number or address.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from events.domain.online_link import link_comes_at, link_to_join
from events.models import Event
from mail.models import OutboundMail
from registrations.domain import (
    contact_change,
    number_change,
    place,
    text_message,
    waiting_list,
    way_to_attend,
)
from registrations.domain.prospect import Prospect, prospect_of
from registrations.domain.query_code import code_of, mark_of_code
from registrations.models import Consent, ContactChange, Registration, RegistrationGroup
from website import proven_here
from website.group import Group

Status = Registration.Status
_KEY, _GROUPS = "registered-here", "groups-registered-here"
# By the ticket, which code was known when it was put there.
_CODES = "codes-registered-here"
# Of older ones the personal link and the desk know.
_MOST = 60


@dataclass(frozen=True)
class Typed:
    """A registration of this browser, by its number on the page; ``place`` is in the queue."""

    number: int
    registration: Registration
    place: int | None
    # Where the browser is that of the contact person.
    group: RegistrationGroup | None = None
    # Whether a code to the number of now, of the contact person in a group, was entered here.
    has_proven_number: bool = False

    @property
    def contact(self) -> Registration | RegistrationGroup:
        """Whose contact says who acts on this screen."""
        return self.group or self.registration

    @property
    def may_act(self) -> bool:
        """Whether this browser may change and end the place: its owner, once a contact is proven.

        Anybody may have typed a contact first that was proven elsewhere, or by staff.
        """
        is_proven = self.registration.proven_at or self.contact.proven_at
        return self.has_proven_number or not is_proven

    @property
    def asks_for_owner(self) -> bool:
        """Whether a code to the proven number, the only contact, would show its owner here."""
        row, contact = self.registration, self.contact
        is_number = not contact.email_key and not row.email_key
        is_contact = is_number and row.phone_key == contact.phone_key != ""
        return is_contact and not self.may_act and row.can_be_ended

    @property
    def owner_gets_code(self) -> bool:
        return self.asks_for_owner and text_message.is_reached(self.registration.phone_key)

    @property
    def own_page(self) -> str:
        """The key of the page that holds all of the person, for its owner alone."""
        row = self.registration
        return proven_here.page_key(row) if row.is_owner_here and row.proven_at else ""

    @property
    def may_be_removed(self) -> bool:
        """Whether the person may be somebody whom a contact person has registered."""
        row = self.registration
        return self.group is None and row.group_id is not None and row.has_own_contact

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
    def may_have_entry(self) -> bool:
        """Whether there is something for the person's calendar, until the event is over."""
        return self.status == Status.CONFIRMED and self.registration.is_as_typed

    @property
    def may_change_way(self) -> bool:
        """Whether the person can change to the other way of taking part, on this screen."""
        row = self.registration
        return self.may_act and row.is_as_typed and way_to_attend.may_change(row)

    @property
    def must_answer(self) -> bool:
        """Whether an offered seat is to be answered before the person can change the way."""
        return way_to_attend.has_to_answer_first(self.registration)

    @property
    def join_link(self) -> str:
        """The link to join online, where the person may have it now."""
        row = self.registration
        return link_to_join(row.event, is_confirmed=row.may_join)

    @property
    def join_from(self) -> dt.datetime | None:
        """From when the person may have that link, where that is still to come."""
        row = self.registration
        return link_comes_at(row.event, is_confirmed=row.may_join)

    @property
    def prospect(self) -> Prospect:
        return prospect_of(self.registration)

    @property
    def may_register_again(self) -> bool:
        """Whether the place has ended and anybody can register anew. At most one query."""
        has_ended = self.status in (Status.CANCELLED, Status.EXPIRED)
        how = getattr(self.registration.event, "registration_settings", None)
        return has_ended and how is not None and how.is_open

    @property
    def may_accept(self) -> bool:
        """Whether the seat that is offered can be accepted on this screen. At most one query."""
        return self.registration.is_as_typed and place.may_accept_on_screen(self.registration)

    @property
    def may_be_proven(self) -> bool:
        """Whether a code by text message would prove the number that was typed here."""
        return self.registration.is_as_typed and text_message.may_be_proven(self.registration)

    @property
    def may_change_number(self) -> bool:
        """Whether another number can be given here: the own one, or by a contact person hers."""
        row = self.registration
        is_theirs = row.has_own_contact == (self.group is None)
        return is_theirs and row.is_as_typed and number_change.may_change(row)

    @cached_property
    def pending_change(self) -> ContactChange | None:
        """Another number that waits for its code, which this screen can stop. A query at most."""
        return contact_change.open_change(self.registration) if self.may_change_number else None

    @cached_property
    def sent_code(self) -> OutboundMail | None:
        """The latest code by text message that still holds. One query."""
        return text_message.latest_code(self.registration)


def remember(
    request: HttpRequest, rows: Iterable[Registration], group: RegistrationGroup | None = None
) -> None:
    """Keep the key of what was registered just now in the browser's session.

    With a ``group`` the browser is that of its contact person.
    """
    rows = list(rows)
    kept = [*request.session.get(_KEY, []), *(row.ticket for row in rows)]
    kept = request.session[_KEY] = list(dict.fromkeys(kept))[-_MOST:]
    codes = request.session.get(_CODES, {}) | {row.ticket: mark_of_code(row) for row in rows}
    request.session[_CODES] = {ticket: codes[ticket] for ticket in kept if ticket in codes}
    if group:
        groups = [*request.session.get(_GROUPS, []), group.pk]
        request.session[_GROUPS] = list(dict.fromkeys(groups))[-_MOST:]


def remember_moved(request: HttpRequest, typed: Typed) -> None:
    """Keep the key of what has another number since: of a group who has no contact of the own."""
    if typed.group is None:
        remember(request, [typed.registration])
        return
    members = typed.group.members.filter(erased_at=None).select_related("group").order_by("pk")
    remember(request, [row for row in members if not row.has_own_contact], typed.group)


def remember_found(request: HttpRequest, found: Registration | RegistrationGroup) -> None:
    """Keep the key of what was found by its query code: of a group with all its people."""
    if isinstance(found, RegistrationGroup):
        remember(request, found.members.filter(erased_at=None).order_by("pk"), found)
    else:
        remember(request, [found])


def forget(request: HttpRequest) -> None:
    """End the key, for a computer that others use too."""
    for key in (_KEY, _GROUPS, _CODES):
        request.session.pop(key, None)
    proven_here.forget(request)


def typed_here(request: HttpRequest, event: Event) -> list[Typed]:
    """Return what this browser has registered for an event. Two queries for one that waits."""
    kept = request.session.get(_KEY, [])
    if not kept:
        return []
    groups = request.session.get(_GROUPS, [])
    rows = Registration.objects.filter(event=event, ticket__in=kept, erased_at=None)
    found = {row.ticket: row for row in rows.select_related("event", "double_of", "group")}
    own = [found[ticket] for ticket in kept if ticket in found]
    codes = request.session.get(_CODES, {})
    for row in own:
        row.knows_code = codes.get(row.ticket) == mark_of_code(row)
        row.is_owner_here = proven_here.has_number(request, row)
    alone = [row for row in own if row.group_id not in groups]
    places = {row.pk: waiting_list.place_in_queue(row) for row in alone}
    typed = []
    for number, row in enumerate(own, start=1):
        group = row.group if row.group_id in groups else None
        is_proven = proven_here.has_number(request, group or row)
        if group:
            group.is_owner_here = is_proven and group.proven_at is not None
        typed.append(Typed(number, row, places.get(row.pk), group, is_proven))
    return typed


def groups_of(typed: Iterable[Typed]) -> list[Group]:
    """Return the groups whose contact person uses this browser. Two queries for each."""
    rows: dict[int, list[Typed]] = {}
    groups: dict[int, RegistrationGroup] = {}
    for each in typed:
        if each.group is not None:
            groups[each.group.pk] = each.group
            rows.setdefault(each.group.pk, []).append(each)
    return [
        Group.of(groups[key], [(each, each.registration) for each in members])
        for key, members in rows.items()
    ]
