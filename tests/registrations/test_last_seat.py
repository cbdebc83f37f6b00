"""The promise of the waiting list, over HTTP with several worker processes."""

from concurrent.futures import ThreadPoolExecutor

from mail.models import OutboundMail
from registrations.domain import waiting_list
from registrations.models import Registration
from tests import factories
from tests.servers import Form, served

SEATS = 50
PEOPLE = 200


def test_200_at_once_for_50_seats_give_50_confirmed_and_150_waiting(transactional_db):
    event = factories.registration_settings(capacity=SEATS).event

    limits = dict.fromkeys(["RATE_LIMIT_REGISTER", "RATE_LIMIT_UNPROVEN"], "100000")
    limits["FORM_MIN_SECONDS"] = "0"
    with served(workers=3, **limits) as url:
        form = Form(url, event)
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(form.send, range(PEOPLE)))

    rows = Registration.objects.order_by("pk")
    waiting = list(rows.filter(status="waitlisted"))
    assert answers == [302] * PEOPLE
    assert rows.filter(status="confirmed").count() == SEATS
    assert [row.status for row in rows[:SEATS]] == ["confirmed"] * SEATS
    assert [waiting_list.place_in_queue(row) for row in waiting] == list(range(1, 151))
    assert OutboundMail.objects.count() == PEOPLE
