"""Errors of the program reach who mends them, without anybody's data, and not too often."""

import logging
import threading

import pytest
from django.core import mail
from django.test import Client

from ops import errors
from summit.lib.web import request_id
from tests.logged import logged
from throttle.models import RateCount

# Not in the line that raises it.
TYPED = "ann@example.org"


@pytest.fixture
def told(settings):
    """Errors are mailed; gives the handler, whose ``flush`` waits until they are."""
    settings.ERROR_MAIL_TO = ["ops@example.org", "dev@example.org"]
    handler = errors.MailedErrors()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    handler.flush()


def fail(*args):
    raise ValueError(TYPED)


def report():
    try:
        fail()
    except ValueError:
        logging.getLogger("x").exception("It failed for %s", TYPED)


@pytest.mark.django_db(transaction=True)
def test_error_is_mailed_with_its_place_and_its_request(told, monkeypatch):
    from website.views.project import ProjectView

    monkeypatch.setattr(ProjectView, "get_queryset", fail)

    response = Client(raise_request_exception=False).get(f"/en/projects/quagga/?q={TYPED}")
    told.flush()

    (sent,) = mail.outbox
    assert sent.to == ["ops@example.org", "dev@example.org"]
    assert sent.subject == "[Summit] ValueError in project"
    assert "tests/ops/test_errors.py:" in sent.body
    assert response["X-Request-ID"] in sent.body
    assert TYPED not in sent.message().as_string()
    assert "quagga" not in sent.message().as_string()


@pytest.mark.django_db(transaction=True)
def test_one_place_is_mailed_so_often_an_hour(told, settings):
    for _each in range(settings.ERROR_MAILS_AN_HOUR + 4):
        report()
    told.flush()

    assert len(mail.outbox) == settings.ERROR_MAILS_AN_HOUR
    assert RateCount.objects.get().count == settings.ERROR_MAILS_AN_HOUR + 4


@pytest.mark.django_db(transaction=True)
def test_another_place_is_another_mail(told, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"error": (1, 3600)}
    report()
    try:
        raise KeyError(TYPED)
    except KeyError:
        logging.getLogger("x").exception("Otherwise")
    told.flush()

    assert [each.subject for each in mail.outbox] == [
        "[Summit] ValueError in x",
        "[Summit] KeyError in x",
    ]


@pytest.mark.django_db(transaction=True)
def test_line_without_an_exception_is_not_mailed(told):
    logging.getLogger("x").error("Something is odd")
    told.flush()

    assert mail.outbox == []


def test_each_process_counts_by_itself_while_the_database_is_away(
    django_db_blocker, settings, monkeypatch
):
    from django.db import OperationalError

    def away(*args):
        raise OperationalError

    monkeypatch.setattr(errors.rate_limit, "count", away)
    failure = errors.Failure("ValueError", f"{__name__}:1", "x", "")

    allowed = [errors.may_mail(failure) for _each in range(settings.ERROR_MAILS_AN_HOUR + 2)]

    assert allowed == [True] * settings.ERROR_MAILS_AN_HOUR + [False, False]


@pytest.mark.django_db(transaction=True)
def test_mail_server_that_hangs_holds_nobody_up(told, monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(errors.Failure, "mail", lambda self: released.wait(20))

    # Each returns at once, also when more wait than may wait.
    for _each in range(200):
        report()

    assert not released.is_set()
    monkeypatch.undo()
    released.set()
    told.flush()


@pytest.mark.django_db(transaction=True)
def test_mail_that_cannot_be_sent_is_logged_and_not_mailed(told, settings):
    settings.MAILERS = {"default": {"BACKEND": "nowhere.at.all"}}

    with logged() as log:
        report()
        told.flush()

    assert [line["level"] for line in log.of("ops.errors")] == ["WARNING"]


# Sentry

EVENT = {
    "event_id": "1",
    "level": "error",
    "platform": "python",
    "timestamp": "2026-01-01T00:00:00Z",
    "server_name": TYPED,
    "transaction": f"/en/my/{TYPED}/",
    "user": {"email": TYPED, "ip_address": TYPED},
    "request": {"url": TYPED, "query_string": TYPED, "data": TYPED, "headers": {"Cookie": TYPED}},
    "breadcrumbs": {"values": [{"message": TYPED, "data": {"x": TYPED}}]},
    "extra": {"x": TYPED},
    "contexts": {"x": {"y": TYPED}},
    "logentry": {"message": TYPED, "params": [TYPED]},
    "exception": {
        "values": [
            {
                "type": "ValueError",
                "module": None,
                "value": TYPED,
                "mechanism": {"data": TYPED},
                "stacktrace": {
                    "frames": [
                        {
                            "filename": "events/x.py",
                            "function": "register",
                            "lineno": 7,
                            "module": "events.x",
                            "in_app": True,
                            "abs_path": "/app/events/x.py",
                            "vars": {"email": TYPED},
                            "context_line": f"x = '{TYPED}'",
                        }
                    ]
                },
            }
        ]
    },
}


def test_sentry_is_told_kind_place_and_request_and_nothing_else():
    with request_id.work("0123456789abcdef"):
        told = errors.before_send(EVENT, {})

    assert TYPED not in str(told)
    assert told["tags"] == {"request_id": "0123456789abcdef"}
    (exception,) = told["exception"]["values"]
    assert exception["type"] == "ValueError"
    assert exception["stacktrace"]["frames"][0]["lineno"] == 7


@pytest.mark.parametrize("event", [{}, {"logentry": {"message": TYPED}}, {"exception": {}}])
def test_sentry_is_told_nothing_of_what_is_no_exception(event):
    assert errors.before_send(event, {}) is None
