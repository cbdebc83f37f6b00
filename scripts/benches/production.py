"""The site under gunicorn with two workers on PostgreSQL, over HTTP, beside an empty view."""

import os

from django.conf import settings
from django.db import connection
from django.urls import reverse

from scripts.benches.client import CLIENTS, Load, measure
from scripts.benches.server import EMPTY, SITE, WORKERS, gunicorn, headers, registration
from scripts.benches.world import World
from tests import factories
from tests.cast import Person, make_superuser
from tests.stack import children, memory

REGISTRATIONS = 500


def run() -> bool:
    if connection.vendor != "postgresql":
        print("\nThe production stack is measured on PostgreSQL.")
        return True
    world = World()
    world.grow(sessions=12, experts=10, projects=100, intentions=6)
    event = factories.registration_settings(contact="either").event
    staff = make_superuser()
    for _n in range(REGISTRATIONS):
        factories.registered(event)
    print(f"\n━━ production · {connection.vendor} · gunicorn, {WORKERS} workers of 4 threads ━━")
    with gunicorn(EMPTY) as (port, _process, _started):
        empty = measure(Load(port, "/", headers()))
    with gunicorn(SITE) as (port, process, started):
        at_rest = [memory(pid) for pid in children(process.pid)]
        loads = {
            "event page": Load(port, f"/en/events/{world.event.slug}/", headers()),
            "project list": Load(port, "/en/projects/", headers()),
            "registration": registration(port, event),
            "admin list": Load(
                port,
                reverse("admin:registrations_registration_changelist"),
                headers(cookie_of(staff)),
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


def cookie_of(staff: Person) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={staff.cookies[settings.SESSION_COOKIE_NAME].value}"
