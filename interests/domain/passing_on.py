"""With the visitor's consent an interest goes to a contact of its owner, once to each."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from audit import trail
from contacts.models import MAY_SEE_CONTACTS, Contact, ContactQuerySet
from events.models import Organization
from events.models.limits import Person
from events.models.scope import readable
from interests.audited import Action
from interests.domain.interest import advance, lock
from interests.mail_kinds import Kind
from interests.models import HandOver, Interest
from mail import outbox


def contacts_for(interest: Interest, reader: Person) -> ContactQuerySet:
    """Return the contacts with an address to whom somebody may pass an interest on.

    Those of the project and its owner, of the expert and the organizations to which the expert
    belongs, or of the organizations that run the event. None for who may not see contacts.
    """
    if not reader.has_perm(MAY_SEE_CONTACTS):
        return Contact.objects.none()
    if interest.project is not None:
        owners = Q(project=interest.project) | Q(organization=interest.project.owner_id)
    elif interest.expert is not None:
        now = timezone.localdate()
        held = interest.expert.affiliations.filter(Q(ends_on=None) | Q(ends_on__gte=now))
        owners = Q(expert=interest.expert) | Q(organization__in=held.values("organization"))
    else:
        roles = interest.event.roles.all() if interest.event else []
        owners = Q(organization__in=[role.organization_id for role in roles])
    found = Contact.objects.filter(owners).exclude(email="")
    return readable(found, reader).select_related("organization", "expert", "project")


def check_may_be_passed_on(interest: Interest) -> None:
    """Raise ``ValidationError`` where the visitor has not agreed, or it is closed."""
    if not interest.is_open:
        raise ValidationError(
            _("Take it up again first: it is closed or was thrown away."), code="not_open"
        )
    if not interest.is_agreed:
        raise ValidationError(
            _(
                "The visitor has not agreed that name and contact are passed on. Ask for the "
                "consent in an answer: it can be given in a new message."
            ),
            code="no_consent",
        )


@transaction.atomic
def pass_on(
    interest: Interest, contact: Contact, *, by: User, request: HttpRequest | None = None
) -> HandOver:
    """Mail the interest to a contact of its owner, and record to whom and when.

    Raises ``ValidationError`` without consent, for a contact of somebody else, and for one that
    has it already.
    """
    lock(interest)
    check_may_be_passed_on(interest)
    found = contacts_for(interest, by).filter(pk=contact.pk).first()
    if found is None:
        raise ValidationError(
            _("Choose a contact of what this is about, with an e-mail address."), code="no_owner"
        )
    made = HandOver(interest=interest, contact=found, recipient=_recipient(interest, found), by=by)
    made.full_clean()
    made.save()
    outbox.queue_elsewhere(Kind.PASSED_ON, made)
    advance(interest, Interest.Status.PASSED_ON)
    trail.record(
        Action.INTEREST_PASSED_ON,
        by=by,
        request=request,
        subject=f"interest · {interest.pk}",
        contact=found.pk,
    )
    return made


def _recipient(interest: Interest, contact: Contact) -> str:
    """Return what the visitor reads of the recipient: what public pages name, and nobody."""
    with translation.override(interest.language):
        owner = contact.owner
        if isinstance(owner, Organization) and owner.is_public:
            return str(owner.name)[:400]
        return str(interest.about_title)[:400]


def tell_recipients(interest: Interest) -> int:
    """Ask those who have the interest to delete it, as its owner wishes; return how many."""
    count = 0
    for made in interest.hand_overs.select_related("contact"):
        if made.contact is not None and made.contact.email:
            outbox.queue_elsewhere(Kind.WITHDRAWN, made.contact, number=interest.pk)
            count += 1
    return count
