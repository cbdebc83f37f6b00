"""An error as it arrives at a Sentry: what the packages really send, past ``before_send`` too."""

import gzip
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli

from tests.summit.test_settings import CONFIGURED, OF_THE_SYSTEM, ROOT

# One of each: in the address, the query, the form, a cookie, a header, a variable and the
# words of the error, in a line of the log, and in a line without an error.
WHERE = ("path", "query", "form", "cookie", "agent", "words", "log", "line")
TYPED = [f"typed-{where}@example.org" for where in WHERE]
FAILING = """
import logging, sys, types

hosts = set()
sys.addaudithook(lambda event, args: event == "socket.connect" and hosts.add(str(args[1])))

import django
django.setup()
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.test import Client
from django.urls import path

path_, query, form, cookie, agent, words, log, line = TYPED

@login_not_required
def fail(request, who):
    held = request.POST["email"], request.GET["q"], request.COOKIES["name"]
    raise ValueError(f"cannot take {words} of {held}")

module = types.ModuleType("failing")
module.urlpatterns = [path("fail/<str:who>/", fail)]
module.handler500 = "website.views.site.server_error"
sys.modules["failing"] = module
settings.ROOT_URLCONF = "failing"
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STORAGES["staticfiles"]["BACKEND"] = plain
settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "PageCache" not in each]

client = Client(raise_request_exception=False)
client.cookies["name"] = cookie
answer = client.post(
    f"/fail/{path_}/?q={query}",
    {"email": form},
    secure=True,
    headers={"host": "summit.example.org", "user-agent": agent, "x-request-id": "x"},
)
try:
    {}[words]
except KeyError:
    logging.getLogger("events").exception("It failed for %s", log, extra={"person": log})
logging.getLogger("events").error("Something is odd with %s", line)

import sentry_sdk
sentry_sdk.flush(10)
print(answer.status_code, answer["X-Request-ID"])
print("\\n".join(sorted(hosts)))
"""
LEAKING = "import sentry_sdk\ninit = sentry_sdk.init\n" + (
    "sentry_sdk.init = lambda **options: init(**options | {'before_send': None})\n"
)


@contextmanager
def a_sentry():
    """Give the address of one on this machine, and the list of all that it was sent."""
    sent = []

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
            body = unpack.get(self.headers.get("Content-Encoding"), bytes)(body)
            sent.append((f"{self.path}\n{self.headers}", body.decode()))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port, sent
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def failing(tmp_path, *, before=""):
    """Let a process fail; return what it printed, and what was sent where."""
    with a_sentry() as (port, sent):
        done = subprocess.run(
            [sys.executable, "-c", f"{before}TYPED = {TYPED}\n{FAILING}"],
            cwd=ROOT,
            env=OF_THE_SYSTEM
            | CONFIGURED
            | {
                "DJANGO_SETTINGS_MODULE": "summit.settings",
                "DATA_DIR": str(tmp_path),
                "SENTRY_DSN": f"http://public@127.0.0.1:{port}/7",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return done.stdout.split("\n"), sent, port


def items(envelope):
    """What an envelope holds: the type and the content of each item."""
    lines = [json.loads(line) for line in envelope.splitlines() if line]
    return [(head["type"], content) for head, content in zip(lines[1::2], lines[2::2], strict=True)]


def test_error_arrives_without_anything_that_anybody_sent(tmp_path):
    (answered, *hosts), sent, port = failing(tmp_path)

    status, request_id = answered.split()
    assert status == "500"
    told = [item for _headers, envelope in sent for item in items(envelope)]
    assert [kind for kind, _event in told] == ["event", "event"]
    first, second = (event for _kind, event in told)
    [failure] = first["exception"]["values"]
    assert failure["type"] == "ValueError"
    assert failure["stacktrace"]["frames"][-1]["function"] == "fail"
    assert first["tags"] == {"request_id": request_id}
    assert second["exception"]["values"][0]["type"] == "KeyError"
    everything = str(sent)
    assert [text for text in TYPED if text in everything] == []
    assert "typed-" not in everything
    assert [host for host in hosts if host] == [f"('127.0.0.1', {port})"]


def test_what_does_not_arrive_would_without_our_list(tmp_path):
    _printed, sent, _port = failing(tmp_path, before=LEAKING)

    leaked = {where for where in WHERE if f"typed-{where}" in str(sent)}
    assert leaked >= {"query", "form", "cookie", "words", "log", "line"}
