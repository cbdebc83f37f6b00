"""Drafts that are about to be signed, and what a refusal leaves of them."""

import pytest
from django.core.exceptions import ValidationError

from projects.models import CooperationIntention, FollowUp, ReferenceCounter
from tests import factories
from tests.refusals import codes_of


def everything():
    """All that a refusal must leave as it was."""
    history = CooperationIntention.history.model
    tables = (CooperationIntention, FollowUp, ReferenceCounter, history)
    return [list(table._base_manager.order_by("pk").values()) for table in tables]


def codes(call) -> list[str]:
    """Return the codes of the refusal, which must leave no trace."""
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        call()
    assert everything() == before
    return codes_of(refusal.value)


def ceremony(count: int = 3, **fields):
    """A session with so many drafts that could be signed."""
    session = factories.session(event=factories.event(series=factories.series()), kind="signing")
    for _number in range(count):
        factories.intention(session=session, **fields)
    return session


def references():
    signed = CooperationIntention.objects.signed().order_by("pk")
    return list(signed.values_list("reference", flat=True))


def kinds(results):
    return sorted(type(result).__name__ for result in results)
