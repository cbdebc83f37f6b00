"""The promise of the waiting list, over HTTP with several worker processes."""

import re
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar

from events.domain import waiting_list
from events.models import OutboundMail, Registration
from tests import factories
from tests.servers import served

SEATS = 50
PEOPLE = 200


class Form:
    """The registration form as one browser has it; sent again and again under other names."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        page = opener.open(url, timeout=30).read().decode()
        self.hidden = {
            name: re.search(rf'name="{name}" value="([^"]+)"', page)[1]
            for name in ("csrfmiddlewaretoken", "shown_at")
        }

    def send(self, number: int) -> int:
        fields = {
            **self.hidden,
            "people-TOTAL_FORMS": 1,
            "people-INITIAL_FORMS": 0,
            "people-0-name": f"Person {number}",
            "people-0-email": f"person{number}@example.org",
            "organization_name": "Harbour Works",
            "category": "company",
            "consent": "on",
        }
        request = urllib.request.Request(
            self.url,
            urllib.parse.urlencode(fields).encode(),
            {"Cookie": "; ".join(f"{each.name}={each.value}" for each in self.cookies)},
        )
        opener = urllib.request.build_opener(_StayHere)
        try:
            return opener.open(request, timeout=60).status
        except urllib.error.HTTPError as answer:
            return answer.code


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def test_200_at_once_for_50_seats_give_50_confirmed_and_150_waiting(transactional_db):
    event = factories.registration_settings(capacity=SEATS).event

    limits = {"RATE_LIMIT_REGISTER": "100000", "FORM_MIN_SECONDS": "0"}
    with served(workers=3, **limits) as url:
        form = Form(f"{url}/en/events/{event.slug}/register/")
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(form.send, range(PEOPLE)))

    rows = Registration.objects.order_by("pk")
    waiting = list(rows.filter(status="waitlisted"))
    assert answers == [302] * PEOPLE
    assert rows.filter(status="confirmed").count() == SEATS
    assert [row.status for row in rows[:SEATS]] == ["confirmed"] * SEATS
    assert [waiting_list.place_in_queue(row) for row in waiting] == list(range(1, 151))
    assert OutboundMail.objects.count() == PEOPLE
