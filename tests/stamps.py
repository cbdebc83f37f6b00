"""Stamps of the public forms, as a page that was shown long ago would hold them."""

from events.forms.registration import LinkForm, SharedForm
from events.forms.stamp import Stamp
from events.models import Event


def of_registration(event: Event) -> str:
    return str(Stamp.issue(SharedForm.purpose_of(event), shown_at=1.0))


def of_lost_link() -> str:
    return str(Stamp.issue(LinkForm.PURPOSE, shown_at=1.0))
