"""The site in processes of its own, on the database of the test."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from events.models import Event
from tests import stamps


def database_url() -> str:
    """The address of the database that this test uses, for another process."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    user = quote(config["USER"] or "", safe="")
    password = f":{quote(config['PASSWORD'], safe='')}" if config["PASSWORD"] else ""
    at = f"{config['HOST'] or '127.0.0.1'}:{config['PORT'] or 5432}"
    return f"postgres://{user}{password}@{at}/{config['NAME']}"


@contextmanager
def served(*, workers: int = 3, threads: int = 4, **env: str) -> Iterator[str]:
    """Run gunicorn and give its address; end it whatever happens. Needs ``transactional_db``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "summit.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "SITE_URL": url,
        "DEBUG": "true",
        "EMAIL_URL": "dummymail://",
        "TASKS_BACKEND": "",
        **env,
    }
    command = [sys.executable, "-m", "gunicorn", "summit.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--threads", str(threads)]
    command += ["--no-control-socket", "--log-level", "warning"]
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(url: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"{url}/robots.txt", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer within 30 seconds")


class Form:
    """The registration form as one browser has it; each time under another name and stamp."""

    def __init__(self, url: str, event: Event) -> None:
        self.url, self.event = f"{url}/en/events/{event.slug}/register/", event
        self.cookies = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        page = opener.open(self.url, timeout=30).read().decode()
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]

    def send(self, number: int) -> int:
        fields = {
            "csrfmiddlewaretoken": self.token,
            "shown_at": stamps.of_registration(self.event),
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
