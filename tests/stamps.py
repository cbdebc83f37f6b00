"""Stamps of the public forms, as a page that was shown long ago would hold them."""

from events.models import Event
from interests.domain.receiving import About
from interests.forms.interest import InterestForm
from registrations.forms.finding import FindForm, LinkForm
from registrations.forms.registration import SharedForm
from registrations.forms.stamp import Stamp
from submissions.models import Call


def of_registration(event: Event) -> str:
    return str(Stamp.issue(SharedForm.purpose_of(event), shown_at=1.0))


def of_interest(about: About) -> str:
    return str(Stamp.issue(InterestForm.purpose_of(about), shown_at=1.0))


def of_lost_link() -> str:
    return str(Stamp.issue(LinkForm.PURPOSE, shown_at=1.0))


def of_find() -> str:
    return str(Stamp.issue(FindForm.PURPOSE, shown_at=1.0))


def of_call(call: Call) -> str:
    return str(Stamp.issue(f"call {call.pk}", shown_at=1.0))
