"""How the site says that it is well, and what it misses."""

import datetime as dt
import time

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mail import delivery, heartbeat
from mail.models import Heartbeat, OutboundMail
from ops import health
from summit.lib.registries import health_checks
from tests import factories

TOKEN = {"authorization": "Bearer secret-token"}
DATABASE_BACKEND = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(autouse=True)
def _looks_anew():
    health._recent.forget()
    yield
    health._recent.forget()


@pytest.fixture
def well(db, settings):
    """A site of which all is there."""
    settings.METRICS_TOKEN = "secret-token"
    heartbeat.beat_periodic()


def asked(client, **kwargs):
    health._recent.forget()
    response = client.get("/readyz", **kwargs)
    answer = response.json()
    assert answer["ready"] is (response.status_code == 200)
    assert response["Cache-Control"].count("no-store") == 1
    return answer


def missing(client):
    return {name for name, check in asked(client)["checks"].items() if not check["ok"]}


def test_process_answers_without_a_database(client, django_db_blocker):
    with django_db_blocker.block():
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_machines_need_no_host_name_and_no_https(client, well, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get(path, headers={"host": "10.1.2.3:8000"})

    assert response.status_code == 200
    assert client.get("/robots.txt", headers={"host": "10.1.2.3:8000"}).status_code in (301, 400)


def test_all_is_well(client, well):
    answer = asked(client)

    assert answer["ready"]
    assert set(answer["checks"]) == {
        "database",
        "migrations",
        "media",
        "private_files",
        "periodic",
        "worker",
        "mail",
        "restore",
    }


def test_strangers_learn_no_more_than_which_part(client, well):
    known = asked(client, headers=TOKEN)["checks"]
    guessed = asked(client, headers={"authorization": "Bearer secret-toke"})["checks"]

    assert {tuple(check) for check in asked(client)["checks"].values()} == {("ok",)}
    assert {tuple(check) for check in guessed.values()} == {("ok",)}
    assert known["periodic"]["note"].endswith("s ago")


def test_process_that_was_not_heard_of_lately_is_missed(client, well, settings):
    long_ago = timezone.now() - dt.timedelta(seconds=settings.HEARTBEAT_SECONDS + 5)

    Heartbeat.objects.update(beaten_at=long_ago)
    silent = missing(client)
    Heartbeat.objects.all().delete()
    never = missing(client)
    heartbeat.beat_periodic()

    assert silent == never == {"periodic"}
    assert missing(client) == set()


def test_worker_is_missed_only_where_there_should_be_one(client, well, settings):
    assert missing(client) == set()

    settings.HAS_WORKER = True

    assert missing(client) == {"worker"}


def test_mail_that_nobody_sends_is_noticed(client, well, settings):
    factories.registered(factories.registration_settings().event)
    waited = dt.timedelta(seconds=settings.MAIL_WAIT_SECONDS + 5)
    OutboundMail.objects.update(status="queued", next_try_at=timezone.now() - waited)

    assert missing(client) == {"mail"}

    OutboundMail.objects.update(next_try_at=timezone.now() + waited)

    assert missing(client) == set()


def test_folder_that_cannot_be_written_is_noticed(client, well, monkeypatch):
    # Nobody, not even root, may write there.
    monkeypatch.setattr(storages["private"], "location", "/proc/self", raising=False)

    assert missing(client) == {"private_files"}


def test_site_that_is_being_restored_is_not_ready(client, well, settings):
    from ops.backup import marker

    marker.path().touch()
    try:
        found = missing(client)
    finally:
        marker.path().unlink()

    assert found == {"restore"}


def test_migration_that_is_not_applied_is_noticed(client, well):
    check = health.Migrations()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'events' AND name = %s", ["0001_initial"]
        )

    before = check()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)",
            ["events", "0001_initial", timezone.now()],
        )

    assert before == (False, "not applied: 1")
    assert check() == (True, "")


def test_migrations_are_looked_up_once_a_process(well, django_assert_num_queries):
    check = health.Migrations()
    check()

    with django_assert_num_queries(0):
        assert check().ok


def test_asking_often_does_not_ask_the_database(client, well, django_assert_max_num_queries):
    asked(client)

    with django_assert_max_num_queries(0):
        for _each in range(5):
            assert client.get("/readyz").status_code == 200
    time.sleep(health.KEPT_SECONDS)
    with pytest.raises(pytest.fail.Exception), django_assert_max_num_queries(0):
        client.get("/readyz")


def test_database_that_fails_is_told_by_the_kind_of_the_error(settings, monkeypatch, well):
    def broken():
        raise ConnectionError("postgres://user:secret@host")

    monkeypatch.setitem(health_checks._entries, "database", broken)

    answer = asked(Client(), headers=TOKEN)

    assert answer["checks"]["database"] == {"ok": False, "note": "ConnectionError"}


# Heartbeats


def test_worker_says_that_it_runs_by_running(transactional_db, settings):
    settings.TASKS = DATABASE_BACKEND
    settings.HAS_WORKER = True

    heartbeat.beat_periodic()
    heartbeat.beat_periodic()
    waiting = DBTaskResult.objects.count()
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    heartbeat.beat_periodic()

    assert waiting == 1
    assert set(Heartbeat.objects.values_list("process", flat=True)) == {"periodic", "worker"}
    assert DBTaskResult.objects.filter(status="READY").count() == 0


def test_worker_is_not_asked_where_there_is_none(db):
    heartbeat.beat_periodic()

    assert DBTaskResult.objects.count() == 0


def test_beating_again_moves_the_one_row(db):
    delivery.beat(Heartbeat.Process.PERIODIC)
    first = Heartbeat.objects.get()
    delivery.beat(Heartbeat.Process.PERIODIC)

    assert Heartbeat.objects.get().beaten_at > first.beaten_at


def test_records_of_work_that_ended_long_ago_are_forgotten(transactional_db, settings):
    settings.TASKS = DATABASE_BACKEND
    for _each in range(3):
        delivery.beat_worker.enqueue()
    call_command("db_worker", batch=True, max_tasks=2, startup_delay=False, verbosity=0)
    done = DBTaskResult.objects.finished()
    long_ago = timezone.now() - heartbeat.KEPT - dt.timedelta(minutes=1)
    DBTaskResult.objects.filter(pk=done.first().pk).update(finished_at=long_ago)

    assert heartbeat.forget_tasks() == 1
    assert DBTaskResult.objects.count() == 2
    assert heartbeat.forget_tasks() == 0
