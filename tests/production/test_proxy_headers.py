"""What nginx answers by itself has the headers of the site; the site’s own stand once."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.csp import build_policy

from summit.middleware.headers import HeadersMiddleware
from tests.production.test_proxy_logs import Upstream
from tests.proxies import Proxy, answer, find_proxy, head

pytestmark = pytest.mark.production

# Of a site behind HTTPS; the tests run one without.
POLICY = settings.SECURE_CSP | {"upgrade-insecure-requests": True}
TRANSPORT = "max-age=31536000; includeSubDomains"


def headers_of_the_site() -> dict[str, str]:
    answered = HeadersMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    wanted = {
        name.lower(): value for name, value in answered.items() if name not in ("Content-Type",)
    }
    return wanted | {
        "content-security-policy": build_policy(POLICY),
        "strict-transport-security": TRANSPORT,
    }


def ask(proxy: Proxy, request: bytes) -> tuple[int, dict[str, list[str]]]:
    with proxy.connect() as sock:
        sock.settimeout(8)
        sock.sendall(request)
        status, said = answer(sock)
    found: dict[str, list[str]] = {}
    for line in said.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]:
        name, _colon, value = line.partition(": ")
        found.setdefault(name.lower(), []).append(value)
    return status, found


@pytest.fixture
def name() -> str:
    if find_proxy("nginx") is None:
        pytest.skip("no nginx on this machine")
    return "nginx"


def test_errors_of_the_proxy_have_the_headers_of_the_site(tmp_path, name):
    proxy = Proxy(name, tmp_path / name, 1)
    try:
        answers = dict(
            ask(proxy, request)
            for request in (
                head("GET", "/readyz", "Connection: close"),
                head("POST", "/en/", "Content-Length: 20000000", "Connection: close"),
                head("GET", "/en/", "Connection: close"),
            )
        )
    finally:
        proxy.close()

    assert set(answers) == {404, 413, 502}
    for status, found in answers.items():
        missing = {
            header: found.get(header)
            for header, value in headers_of_the_site().items()
            if found.get(header) != [value]
        }
        assert missing == {}, status


def test_what_the_site_says_is_said_once_and_as_it_was(tmp_path, name):
    own = {
        "content-security-policy": "default-src 'none'",
        "permissions-policy": "camera=(self)",
        "referrer-policy": "strict-origin",
        "x-frame-options": "SAMEORIGIN",
    }
    lines = "".join(f"{header}: {value}\r\n" for header, value in own.items())
    site = Upstream(
        f"HTTP/1.1 200 OK\r\n{lines}Content-Length: 2\r\nConnection: close\r\n\r\nok".encode()
    )
    proxy = Proxy(name, tmp_path / name, site.port)
    try:
        status, found = ask(proxy, head("GET", "/en/", "Connection: close"))
    finally:
        proxy.close()
        site.close()

    assert status == 200
    assert {header: found[header] for header in own} == {h: [v] for h, v in own.items()}
