"""Figures for Prometheus: with the token only, of all workers together, and of nobody."""

import urllib.request

import pytest
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

import ops.figures
from events.models import SiteProfile
from mail import heartbeat
from mail.models import OutboundMail
from ops import metrics
from tests import factories
from tests.servers import served

TOKEN = {"authorization": "Bearer secret-token"}


@pytest.fixture(autouse=True)
def _nothing_counted():
    metrics.counters.cache_clear()


@pytest.fixture
def switched_on(settings):
    settings.METRICS_TOKEN = "secret-token"


def samples(text):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figures(client):
    response = client.get("/metrics", headers=TOKEN)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "no-store" in response["Cache-Control"]
    return samples(response.content.decode())


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer "},
        {"authorization": "Bearer secret-toke"},
        {"authorization": "Bearer secret-token2"},
        {"authorization": "secret-token"},
        {"authorization": "Basic secret-token"},
        {"authorization": "Bearer sécret"},
    ],
)
def test_without_the_token_there_is_no_such_page(client, switched_on, headers):
    assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("token", ["Bearer", "Bearer ", "Bearer secret-token"])
def test_switched_off_there_is_no_such_page(client, settings, token):
    assert client.get("/metrics", headers={"authorization": token}).status_code == 404


def test_nothing_is_counted_for_nobody(client, settings):
    client.get("/robots.txt")
    settings.METRICS_TOKEN = "secret-token"

    assert metrics.counters().requests.collect()[0].samples == []


@pytest.mark.django_db
def test_requests_are_counted_by_page_and_class_of_status(client, switched_on):
    event = factories.event()
    client.get(event.get_absolute_url())
    client.get("/zh-hans" + event.get_absolute_url().removeprefix("/en"))
    client.get("/en/experts/ann-hale-at-example-org/")
    client.get("/nowhere/ann-hale/")

    found = figures(client)

    assert found["summit_requests_total", "event", "2xx"] == 2
    assert found["summit_requests_total", "expert", "4xx"] == 1
    assert found["summit_request_seconds_count", "event"] == 2
    assert not any("ann" in str(label) or event.slug in str(label) for label in found)


@pytest.mark.django_db(transaction=True)
def test_pages_from_memory_are_told_from_rendered_ones(client, switched_on, settings):
    settings.PAGE_CACHE = True
    SiteProfile.load()
    address = factories.event().get_absolute_url()
    for _each in range(3):
        client.get(address)

    found = figures(client)

    assert found["summit_public_pages_total", "rendered"] == 1
    assert found["summit_public_pages_total", "kept"] == 2


@pytest.mark.django_db
def test_state_of_mail_and_processes_is_read_from_the_database(client, switched_on):
    event = factories.registration_settings().event
    for _each in range(3):
        factories.registered(event)
    OutboundMail.objects.update(status="queued")
    OutboundMail.objects.filter(pk=OutboundMail.objects.first().pk).update(status="given_up")
    heartbeat.beat_periodic()

    found = figures(client)

    assert found[("summit_mails_queued",)] == OutboundMail.objects.count() - 1
    assert found[("summit_mails_given_up",)] == 1
    assert 0 <= found[("summit_periodic_heartbeat_age_seconds",)] < 60
    assert found[("summit_tasks_ready",)] == 0
    assert found[("summit_database_up",)] == 1


def test_database_that_does_not_answer_keeps_no_other_figure_back(client, switched_on, monkeypatch):
    def broken():
        raise OperationalError

    monkeypatch.setattr(ops.figures, "read", broken)

    found = figures(client)

    assert found[("summit_database_up",)] == 0


@pytest.mark.django_db(transaction=True)
def test_any_worker_answers_for_all():
    def get(path):
        request = urllib.request.Request(url + path, headers={"Authorization": "Bearer secret"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    with served(workers=2, threads=1, METRICS_TOKEN="secret") as url:
        before = samples(get("/metrics")).get(("summit_requests_total", "robots", "2xx"), 0)
        for _each in range(20):
            get("/robots.txt")
        seen = {
            samples(get("/metrics"))["summit_requests_total", "robots", "2xx"] for _each in range(6)
        }

    assert seen == {before + 20}
