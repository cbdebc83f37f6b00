"""A group as its contact person sees it: on the screen after sending, and on its own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from registrations.domain import contact_person, waiting_list
from registrations.domain.query_code import code_of
from registrations.models import Registration, RegistrationGroup
from website.proven_here import page_key

Status = Registration.Status


@dataclass(frozen=True)
class Member:
    """One of a group, with the place in the queue; ``key`` is what the page knows the person by."""

    key: Any
    registration: Registration
    place: int | None = None

    @property
    def status(self) -> str:
        return self.registration.shown_status

    @property
    def own_code(self) -> str:
        """The key of the person's own page, for whom the contact person reads the mails."""
        return page_key(self.registration)

    @property
    def is_managed_here(self) -> bool:
        """Whether the person has no verified contact to manage the own registration with."""
        return not (self.registration.has_own_contact and self.registration.has_own_proof)

    @property
    def may_correct(self) -> bool:
        return contact_person.may_correct(self.registration)


@dataclass(frozen=True)
class Group:
    """``taken_out`` is how many have been erased, of whom nothing else is known."""

    group: RegistrationGroup
    members: list[Member]
    taken_out: int

    @classmethod
    def of(cls, group: RegistrationGroup, rows: Sequence[tuple[Any, Registration]]) -> "Group":
        """Return a group with these people, and the places of those who wait. Two queries."""
        gone = group.members.exclude(erased_at=None).aggregate(number=Count("pk"))["number"]
        places = waiting_list.places_shown([row for _key, row in rows])
        return cls(group, [Member(key, row, places.get(row.pk)) for key, row in rows], gone)

    @property
    def to_join(self) -> Any:
        """One of the screen's people who has the link to join, or will have it; it is the same
        for each.
        """
        keys = [each.key for each in self.members]
        return next((each for each in keys if each.join_link or each.join_from), None)

    @property
    def has_typed_contact(self) -> bool:
        """Whether the contact is what this browser typed, as far as its people without one tell."""
        rows = [each.registration for each in self.members]
        with_it = [row for row in rows if not row.has_own_contact]
        return not with_it or any(row.is_as_typed for row in with_it)

    @property
    def query_code(self) -> str:
        """The code with which the contact finds the group, which none of its people has."""
        return code_of(self.group)

    @property
    def proves_by_text(self) -> Any:
        """Who of the screen's people may be proven by a text message to the contact person."""
        typed = [each.key for each in self.members if not each.registration.has_own_contact]
        return next((each for each in typed if each.may_be_proven), None)

    @property
    def to_own(self) -> Any:
        """By whom of the screen's people the contact person shows to own the number."""
        keys = [each.key for each in self.members]
        return next((each for each in keys if each.asks_for_owner), None)

    @property
    def to_change(self) -> Any:
        """By whom of the screen's people the contact person gives another number."""
        keys = [each.key for each in self.members]
        return next((each for each in keys if each.may_change_number), None)

    @property
    def own_page(self) -> str:
        """The key of the group's own page, where its contact person has proven the number here."""
        return page_key(self.group) if self.group.is_owner_here else ""

    @property
    def accepts_offers(self) -> bool:
        """Whether seats that are offered can be accepted on the screen of the contact person."""
        return any(each.key.may_accept for each in self.members)

    @property
    def has_offers(self) -> bool:
        return any(each.registration.has_open_offer for each in self.members)

    @property
    def waits_together(self) -> bool:
        return self.group.is_together and any(
            each.status == Status.WAITLISTED for each in self.members
        )
