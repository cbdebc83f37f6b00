"""Another address or number of an attendee, put right by an organizer."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action
from registrations.domain import contact_change
from registrations.forms.contact_change import ContactForm
from registrations.models import Registration
from summit.lib.web.requests import StaffRequest


def _change(
    _admin: ModelAdmin, request: StaffRequest, registration: Registration, given: dict[str, Any]
) -> Registration:
    return contact_change.change_by_staff(
        registration,
        email=given["email"],
        phone=given["phone"],
        others=given["others"],
        by=request.user,
        request=request,
    )


CHANGE_CONTACT: Action[Registration] = Action(
    name="change-contact",
    label=_("Change the contact"),
    explanation=_(
        "Make sure that the new address or number belongs to this person. The change takes effect "
        "at once: the contact counts as confirmed, a held seat becomes theirs, and the old "
        "personal link and query code stop working. A new link is sent to the new address, and "
        "the old address is told. Without an address text messages go out where the site sends "
        "them: the new query code to the new number, a notice to the old one if it was verified. "
        "Where nothing is sent, tell the person by phone."
    ),
    run=_change,
    done=_("The contact of %(object)s has been changed."),
    offered=lambda admin, row: row.can_be_ended,
    form=ContactForm,
)
