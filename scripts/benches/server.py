"""gunicorn as the product runs it, on the bench's database, and what is asked of it."""

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

from events.models import Event
from registrations.forms.registration import SharedForm
from registrations.forms.stamp import salt_of
from scripts.benches.client import Load
from scripts.benches.wsgi import HOST
from tests.postgres import free_port
from tests.stack import ROOT

WORKERS = 2
EMPTY = "scripts.benches.empty_site:application"
SITE = "summit.wsgi:application"


def headers(cookie: str = "") -> dict[str, str]:
    return {
        "Host": HOST,
        "Origin": f"https://{HOST}",
        "X-Forwarded-Proto": "https",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookie,
    }


def registration(port: int, event: Event) -> Load:
    """The form as one browser has it, sent under a new name and with a new stamp each time."""
    path = f"/en/events/{event.slug}/register/"
    client = http.client.HTTPConnection("127.0.0.1", port)
    client.request("GET", path, headers=headers())
    answer = client.getresponse()
    page = answer.read()
    if answer.getheader("Content-Encoding") == "gzip":
        page = gzip.decompress(page)
    cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or [])
    client.close()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.decode())
    if token is None:
        raise AssertionError(f"{path} has no form")
    fields = {
        "csrfmiddlewaretoken": token[1],
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "organization_name": "Harbour Works",
        "category": "company",
        "consent": "on",
    }
    return Load(
        port,
        path,
        headers(cookies),
        fields,
        expected=302,
        stamp_key=settings.SECRET_KEY,
        stamp_salt=salt_of(SharedForm.purpose_of(event)),
    )


@contextmanager
def gunicorn(application: str) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """Run a server; give its port, its process and the seconds until it answered."""
    port = free_port()
    environment = os.environ | {
        "TASKS_BACKEND": "django_tasks_db.DatabaseBackend",
        "TRUSTED_PROXIES": "127.0.0.1",
        "FORM_MIN_SECONDS": "0",
        "RATE_LIMIT_REGISTER": "100000000",
        "RATE_LIMIT_UNPROVEN": "100000000",
        "STAFF_OTP": "false",
    }
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--threads", "4"]
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
