"""The site under gunicorn with two workers on PostgreSQL, over HTTP, beside an empty view."""

import gzip
import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.urls import reverse

from scripts.benches.client import CLIENTS, Load, measure
from scripts.benches.world import World
from scripts.benches.wsgi import HOST
from tests import factories
from tests.cast import Person, make_superuser
from tests.postgres import free_port
from tests.stack import ROOT, children, memory

WORKERS, REGISTRATIONS = 2, 500
EMPTY = "scripts.benches.empty_site:application"
SITE = "summit.wsgi:application"


def run() -> bool:
    if connection.vendor != "postgresql":
        print("\nThe production stack is measured on PostgreSQL.")
        return True
    world = World()
    world.grow(sessions=12, experts=10, projects=100, intentions=6)
    event = factories.registration_settings().event
    staff = make_superuser()
    for _n in range(REGISTRATIONS):
        factories.registered(event)
    print(f"\n━━ production · {connection.vendor} · gunicorn, {WORKERS} workers of 4 threads ━━")
    with gunicorn(EMPTY) as (port, _process, _started):
        empty = measure(Load(port, "/", headers()))
    with gunicorn(SITE) as (port, process, started):
        at_rest = [memory(pid) for pid in children(process.pid)]
        register = f"/en/events/{event.slug}/register/"
        loads = {
            "event page": Load(port, f"/en/events/{world.event.slug}/", headers()),
            "project list": Load(port, "/en/projects/", headers()),
            "registration": registration(port, register),
            "admin list": Load(
                port, reverse("admin:events_registration_changelist"), headers(cookie_of(staff))
            ),
        }
        found = {name: measure(load) for name, load in loads.items()}
        after = [memory(pid) for pid in children(process.pid)]
    print(f"{'':16}{'a second':>10}{'p50':>11}{'p99':>11}{'of the empty view':>20}{'client':>9}")
    for name, figures in {"empty view": empty, **found}.items():
        print(
            f"{name:16}{figures.requests:10.0f}{figures.p50:8.1f} ms{figures.p99:8.1f} ms"
            f"{figures.requests / empty.requests:20.1%}{figures.client_share:9.0%}"
        )
    print(
        f"{CLIENTS} connections, each from a process of its own on the same {os.cpu_count()} "
        "cores; “client” is the\nshare of all cores that these processes took. "
        f"Memory of a worker (PSS): {max(at_rest):.0f} MB at rest, {max(after):.0f} MB after.\n"
        f"From the start of gunicorn to the first /healthz: {started:.1f} s."
    )
    return True


def headers(cookie: str = "") -> dict[str, str]:
    return {
        "Host": HOST,
        "Origin": f"https://{HOST}",
        "X-Forwarded-Proto": "https",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookie,
    }


def cookie_of(staff: Person) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={staff.cookies[settings.SESSION_COOKIE_NAME].value}"


def registration(port: int, path: str) -> Load:
    """The form as one browser has it, sent under a new name each time."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    client.request("GET", path, headers=headers())
    answer = client.getresponse()
    page = answer.read()
    if answer.getheader("Content-Encoding") == "gzip":
        page = gzip.decompress(page)
    cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or [])
    client.close()
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page.decode())[1]
        for name in ("csrfmiddlewaretoken", "shown_at")
    }
    fields = hidden | {
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "organization_name": "Harbour Works",
        "category": "company",
        "consent": "on",
    }
    return Load(port, path, headers(cookies), fields, expected=302)


@contextmanager
def gunicorn(application: str) -> Iterator[tuple[int, subprocess.Popen, float]]:
    """Run a server; give its port, its process and the seconds until it answered."""
    port = free_port()
    environment = os.environ | {
        "TASKS_BACKEND": "django_tasks_db.DatabaseBackend",
        "TRUSTED_PROXIES": "127.0.0.1",
        "FORM_MIN_SECONDS": "0",
        "RATE_LIMIT_REGISTER": "100000000",
        "STAFF_OTP": "false",
    }
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "4"]
    command += ["--no-control-socket", "--log-level", "warning"]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        while not answers(port):
            time.sleep(0.02)
        yield port, process, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=60)


def answers(port: int) -> bool:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", "/healthz", headers={"Host": HOST})
        return client.getresponse().status == 200
    except OSError:
        return False
    finally:
        client.close()
