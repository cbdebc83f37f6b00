"""What is done with contacts: confirmed, erased, and shown to the person."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from audit import trail
from contacts.audited import Action
from contacts.models import Contact, ContactQuerySet
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.web import mail_addresses
from summit.lib.web.phones import phone_key

# In how many months a contact is erased that organizers are asked to look at.
SOON = 3


def confirm(contacts: Iterable[Contact]) -> int:
    """Record that the contacts are still correct, so that they are kept on; return how many."""
    pks = [contact.pk for contact in contacts]
    return Contact.objects.filter(pk__in=pks).update(used_at=timezone.now())


@transaction.atomic
def erase(
    contacts: Iterable[Contact],
    *,
    by: User | None = None,
    request: HttpRequest | None = None,
    reason: str = "asked_for",
) -> int:
    """Delete contacts for good, and the words of the admin's log about them; return how many.

    The audit trail says who erased how many for what ``reason``, and nothing of whom.
    Erasing twice is harmless.
    """
    pks = [contact.pk for contact in contacts]
    # Names never enter the admin's log (Contact.__str__ names nobody); a message that some
    # other tool wrote there goes all the same.
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Contact),
        object_id__in=[str(pk) for pk in pks],
    ).update(object_repr="", change_message="")
    erased = Contact.objects.filter(pk__in=pks).delete()[0]
    if erased:
        trail.record(Action.CONTACTS_ERASED, by=by, request=request, people=erased, reason=reason)
        transaction.on_commit(empty_write_ahead_log)
    return erased


def erase_by_email(email: str) -> int:
    """Erase the contacts with an e-mail address; return how many.

    Raises ``ValidationError`` for what is no address.
    """
    key = mail_addresses.key(email.replace('"', ""))
    return erase(Contact.objects.filter(email_key=key).exclude(email_key=""))


def erase_by_phone(phone: str) -> int:
    """Erase the contacts with a phone number, however it is written; return how many."""
    key = phone_key(phone)
    return erase(Contact.objects.filter(phone_key=key).exclude(phone_key=""))


def erase_unused() -> int:
    """Erase contacts that nobody has used for ``settings.CONTACT_KEEP_MONTHS``.

    One that somebody confirms meanwhile is kept.
    """
    with transaction.atomic():
        return erase(due_for_erasure().select_for_update(), reason="unused")


def due_for_erasure(*, in_months: int = 0) -> ContactQuerySet:
    """Return the contacts that are erased by now, or within so many months unless confirmed."""
    kept = relativedelta(months=settings.CONTACT_KEEP_MONTHS - in_months)
    return Contact.objects.unused_since(timezone.now() - kept)


def kept_until(contact: Contact) -> dt.datetime:
    """Return when a row of ``with_last_use()`` is erased, unless somebody uses it before."""
    return contact.last_use + relativedelta(months=settings.CONTACT_KEEP_MONTHS)


def own_data(email: str) -> list[dict[str, Any]]:
    """Return what is kept as contacts under an address that is proven. One query."""
    key = mail_addresses.key(email) if email else ""
    contacts = Contact.objects.filter(email_key=key).exclude(email_key="")
    return [
        {
            "contact_of": str(contact.owner),
            "name": contact.name,
            "phone": contact.phone,
            "email": contact.email,
            "wechat": contact.wechat,
            "language": contact.language,
            "note": contact.note,
            "source": contact.source,
            "last_confirmed": contact.used_at,
            "is_on_project_page": contact.is_on_project_page,
        }
        for contact in contacts.select_related("organization", "expert", "project")
    ]
