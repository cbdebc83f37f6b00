"""While a backup is put back, the processes beside the web server leave the site alone."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.core.management import CommandError, call_command

from mail import delivery
from mail.models import Heartbeat
from ops.backup import marker
from tests.servers import database_url

WORKER = "django_tasks_db.DatabaseBackend"
COMMANDS = {"periodic": ["run_periodic", "--every", "1"], "worker": ["run_worker"]}


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def start(place, transactional_db):
    """Start a process beside the web server; give it with a queue of the lines that it logs."""
    started = []

    def run(*command: str):
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "summit.settings",
                "DATABASE_URL": database_url(),
                "DATA_DIR": str(place),
                "TASKS_BACKEND": WORKER,
                "EMAIL_URL": "dummymail://",
                "LOG_LEVEL": "INFO",
                "LOG_FORMAT": "text",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        lines = queue.Queue()
        thread = threading.Thread(target=lambda: [lines.put(line) for line in process.stderr])
        thread.start()
        started.append((process, thread))
        return process, lines

    yield run
    for process, thread in started:
        process.kill()
        process.wait()
        thread.join()
        process.stderr.close()


def said(lines, words, seconds=60):
    """Read the log on until these words."""
    until = time.monotonic() + seconds
    while words not in lines.get(timeout=max(0.1, until - time.monotonic())):
        pass


def beats(name):
    return Heartbeat.objects.filter(process=name).exists()


def wait_until(happened):
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


def ended(process):
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=30)


@pytest.mark.parametrize("name", COMMANDS)
def test_process_waits_for_the_restore_and_goes_on_by_itself(start, settings, name):
    settings.TASKS = {"default": {"BACKEND": WORKER}}
    delivery.beat_worker.enqueue()

    with marker.standing("summit-1"):
        process, lines = start(*COMMANDS[name])
        said(lines, "The site is being restored")
        time.sleep(3)
        before, again = beats(name), [*lines.queue]
    wait_until(lambda: beats(name))

    assert (before, again) == (False, [])
    assert ended(process) == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_process_that_is_at_work_pauses_when_a_restore_begins(start, settings, name):
    settings.TASKS = {"default": {"BACKEND": WORKER}}
    delivery.beat_worker.enqueue()
    process, lines = start(*COMMANDS[name])
    wait_until(lambda: beats(name))

    with marker.standing("summit-1"):
        said(lines, "The site is being restored")
        Heartbeat.objects.all().delete()
        delivery.beat_worker.enqueue()
        time.sleep(3)
        meanwhile = beats(name)
        code = ended(process)

    assert (meanwhile, code) == (False, 0)


def test_one_round_of_periodic_work_is_refused_meanwhile(db):
    with marker.standing("summit-1"), pytest.raises(CommandError, match="nothing was done"):
        call_command("run_periodic")

    assert not beats("periodic")
