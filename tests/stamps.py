"""Stamps of the public forms, as a page that was shown long ago would hold them."""

from events.models import Event
from registrations.forms.registration import FindForm, LinkForm, SharedForm
from registrations.forms.stamp import Stamp


def of_registration(event: Event) -> str:
    return str(Stamp.issue(SharedForm.purpose_of(event), shown_at=1.0))


def of_lost_link() -> str:
    return str(Stamp.issue(LinkForm.PURPOSE, shown_at=1.0))


def of_find() -> str:
    return str(Stamp.issue(FindForm.PURPOSE, shown_at=1.0))
