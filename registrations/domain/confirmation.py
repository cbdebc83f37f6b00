"""Staff confirm a contact: they know, for example from a call, that it is this person's."""

from django.db import transaction

from registrations.domain import proof, query_code
from registrations.models import Registration


@transaction.atomic
def confirm_contact(registration: Registration) -> Registration:
    """Note that staff vouch for the contact, the number of somebody with a proven address too.

    Its query code can be tried again, however often others have. Repeating it is harmless.
    """
    proof.prove(registration, Registration.Proof.STAFF)
    if registration.has_unproven_number:
        proof.prove_number(registration)
    query_code.allow_again(registration)
    return registration
