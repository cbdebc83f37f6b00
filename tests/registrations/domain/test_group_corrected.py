"""A possible duplicate of a group that is put right: it waits where the others wait."""

import pytest

from registrations.domain import place, typed_anew
from registrations.domain.registration import register
from registrations.models import Registration
from tests import factories

pytestmark = pytest.mark.django_db


def group_with_a_double(event, *, others, is_together):
    member = factories.applicant(name="Wang Wei", email="wei@example.org")
    without = [factories.applicant(email="") for _n in range(others)]
    who = factories.contact_person(is_together=is_together)
    return register(event, [member, *without], contact_person=who)


def statuses(group):
    return {row.status for row in Registration.objects.filter(group=group)}


def test_a_double_put_right_has_no_seat_while_its_group_waits():
    event = factories.registration_settings(capacity=4).event
    seated = [
        factories.registered(event, name="Wang Wei", email="wei@example.org"),
        factories.registered(event),
    ]
    rows = group_with_a_double(event, others=3, is_together=True)
    assert rows[0].status == "double"

    typed_anew.type_anew(rows[0], answers={}, name="Li Jing")
    assert statuses(rows[0].group) == {"waitlisted"}

    for row in seated:
        place.cancel(row)
    assert statuses(rows[0].group) == {"confirmed"}


def test_a_double_of_a_group_that_takes_seats_one_by_one_has_the_next():
    event = factories.registration_settings(capacity=3).event
    factories.registered(event, name="Wang Wei", email="wei@example.org")
    rows = group_with_a_double(event, others=1, is_together=False)

    typed_anew.type_anew(rows[0], answers={}, name="Li Jing")

    assert statuses(rows[0].group) == {"confirmed"}
