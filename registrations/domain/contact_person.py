"""What the contact person of a group does for its people.

Until a person has verified the own contact the contact person also corrects what was typed.
From then on the entry is the person's: the contact person sees name and status, and cancels.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registrations.domain import correction, proof, typed_anew, waiting_list
from registrations.domain.admission import lock
from registrations.models import Registration, RegistrationGroup


class OwnEntry(ValidationError):
    """The person manages the entry and changes it alone."""


def may_correct(member: Registration) -> bool:
    """Whether the contact person may still change what was typed of the person."""
    is_own = member.has_own_contact and member.has_own_proof
    return member.can_be_ended and not is_own and member.consented_at is None


def correct_member(
    member: Registration, *, answers: dict[int, object], **changes: object
) -> Registration:
    """Change what was typed of a person. Raises ``OwnEntry``.

    Where nobody but the contact person has vouched for the contact, anybody may have typed it. So
    who turns out to have a place looks as anybody else would: ``typed_anew.type_anew``.
    """
    with transaction.atomic():
        lock(member.event)
        member.refresh_from_db()
        if not may_correct(member):
            raise OwnEntry(
                _("This person manages the entry now. You can still cancel it."), code="own_entry"
            )
        if not member.has_own_proof:
            return typed_anew.type_anew(member, answers=answers, **changes)
        return correction.correct(member, answers=answers, **changes)


@transaction.atomic
def wait_singly(group: RegistrationGroup) -> RegistrationGroup:
    """Give up "all or none": each has the next free seat, in the place of the queue as before.

    Doing it twice is harmless.
    """
    settings = lock(group.event)
    group.refresh_from_db(fields=["is_together"])
    if group.is_together:
        group.is_together = False
        group.save(update_fields=["is_together"])
        proof.settle_own_proofs(settings, group)
        waiting_list.fill(settings)
    return group
