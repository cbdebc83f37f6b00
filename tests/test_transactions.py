"""No page needs a transaction around it but its own: a test has one, a server has none."""

import pytest
from django.db import connection

from tests.walk import FORM, Everything, everybody

# One part of the addresses takes as long as some hundred other tests.
PARTS = 4


@pytest.mark.skipif(
    not connection.features.has_select_for_update, reason="locks rows as PostgreSQL does"
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("private_files")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_address_takes_a_post_outside_of_a_transaction(part):
    everything = Everything()
    organizer = everybody(everything.event)["organizer"]
    organizer.raise_request_exception = False
    # What ends the log-in comes last.
    addresses = sorted(everything.addresses(), key=lambda each: "log" in each.name)[part::PARTS]

    answers = {
        each.name: organizer.post(each.path, content_type=FORM).status_code for each in addresses
    }

    assert [name for name, status in answers.items() if status == 500] == []
