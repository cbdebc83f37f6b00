"""Lines of the log: one for each request, and nobody's data in any."""

import json
import logging
import re

import pytest
from django.db import IntegrityError
from django.test import Client

from summit.lib.process.logs import TextLines
from summit.lib.web import request_id
from summit.lib.web.signed_links import FOLLOW_UPS, sign
from tests import factories
from tests.logged import logged

# Not in the line that raises it: a traceback shows that line.
REFUSED = "duplicate\nDETAIL:  Key (email)=(ann@example.org) already exists."


def test_line_is_one_object_with_what_programs_look_for():
    with logged() as log, request_id.work("abcdef012345"):
        logging.getLogger("x").warning("One\ntwo %s", "三")

    line = json.loads(log.text)
    assert log.text.count("\n") == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "WARNING",
        "logger": "x",
        "message": "One\ntwo 三",
        "request_id": "abcdef012345",
    }


def test_line_carries_nothing_that_was_not_asked_for():
    with logged() as log:
        logging.getLogger("x").warning("Hello", extra={"email": "ann@example.org", "status": 404})

    assert log.lines[0]["status"] == 404
    assert "ann" not in log.text


def test_text_line_cannot_be_forged():
    with logged(TextLines()) as log:
        logging.getLogger("x").warning("Not found: %s", "/\n2026-01-01 ERROR root all is lost")

    assert log.text.count("\n") == 1


def test_exception_among_the_arguments_loses_its_words():
    with logged() as log:
        logging.getLogger("x").warning("It failed: %s", ValueError("Quagga"))

    assert log.lines[0]["message"] == "It failed: ValueError"


@pytest.mark.django_db
def test_request_is_one_line_with_the_name_of_its_page(client):
    event = factories.event()

    with logged() as log:
        response = client.get(f"{event.get_absolute_url()}?from=ann@example.org")

    (line,) = log.of("summit.requests")
    assert response.status_code == 200
    assert isinstance(line["duration_ms"], float)
    assert {name: line[name] for name in ("level", "method", "route", "status")} == {
        "level": "INFO",
        "method": "GET",
        "route": "event",
        "status": 200,
    }
    assert line["request_id"] == response["X-Request-ID"]
    assert event.slug not in json.dumps(log.of("summit.requests") + log.of("django.request"))


@pytest.mark.django_db(transaction=True)
def test_page_that_was_kept_is_named_too(client, settings):
    settings.PAGE_CACHE = True
    event = factories.event()
    client.get(event.get_absolute_url())

    with logged() as log:
        client.get(event.get_absolute_url())

    assert [line["route"] for line in log.of("summit.requests")] == ["event"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "route"),
    [
        (f"/en/my/{sign('unknown')}/", "my-registration"),
        (f"/en/follow-ups/{sign('unknown', FOLLOW_UPS)}/calendar.ics", "follow-up-calendar"),
        ("/en/nowhere/?q=ann@example.org", "none"),
    ],
)
def test_refused_request_is_logged_without_its_address(client, path, route):
    with logged() as log:
        response = client.get(path)

    assert response.status_code == 404
    assert [line["route"] for line in log.of("summit.requests")] == [route]
    product = "".join(
        json.dumps(line) for line in log.lines if not line["logger"].startswith("django.db")
    )
    assert "unknown" not in product
    assert "nowhere" not in product
    assert "ann" not in product


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_machines_that_ask_are_no_line_while_all_is_well(client, settings, path):
    settings.METRICS_TOKEN = "token"

    with logged() as log:
        client.get(path, headers={"authorization": "Bearer token"})

    assert [line["level"] for line in log.of("summit.requests")] == ["DEBUG"]


@pytest.mark.django_db
def test_error_shows_where_and_which_request_and_nobody(monkeypatch):
    from website.views.project import ProjectView

    def broken(self):
        raise IntegrityError(REFUSED)

    monkeypatch.setattr(ProjectView, "get_queryset", broken)
    client = Client(raise_request_exception=False)

    with logged() as log:
        response = client.get("/zh-hans/projects/secret-slug/?q=ann@example.org")

    (line,) = log.of("django.request")
    assert "test_logs.py" in line["exception"]
    assert line["exception"].endswith("IntegrityError: duplicate")
    assert line["request_id"] == response["X-Request-ID"]
    assert line["message"] == "Internal Server Error: project"
    assert response["X-Request-ID"] in response.content.decode()
    assert "ann" not in json.dumps([line, *log.of("summit.requests")])


def test_work_without_a_request_has_an_id_of_its_own():
    assert request_id.current() == ""

    with request_id.work() as first, request_id.work() as inside:
        assert inside == first == request_id.current()
    with request_id.work() as second:
        pass

    assert first != second
    assert request_id.is_well_formed(first)
    assert request_id.current() == ""
