"""No log of a proxy, as deploy/ configures it, has the key of a personal page."""

import socket
import threading

import pytest

from tests.proxies import NAMES, Proxy, answer, find_proxy, head

pytestmark = pytest.mark.production

KEY = "CanaryKeyOfSomebody"
PATHS = [
    f"/en/my/{KEY}/",
    f"/zh-hans/my/{KEY}/cancel/",
    f"/en/follow-ups/{KEY}/calendar.ics",
    f"/staff/welcome/{KEY}/",
    f"/en//my/{KEY}/",
    f"/EN/my/{KEY}/",
    f"/en/%6dy/{KEY}/",
    f"/en/events/../my/{KEY}/",
    f"/en/my/../my/{KEY}",
    f"/my/{KEY}",
    f"/{KEY}",
    f"/readyz/{KEY}",
    f"/en/events/?next=/en/my/{KEY}/",
    f"/admin/login/?next=/x/{KEY}",
    f"http://summit.example/en/my/{KEY}/",
]
FROM = f"Referer: https://summit.example/en/my/{KEY}/"


class Upstream:
    """A web server that breaks off, in the ways that a proxy writes a line about."""

    def __init__(self, says: bytes) -> None:
        self.says = says
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                sock, _address = self.socket.accept()
            except OSError:
                return
            with sock:
                sock.recv(65536)
                sock.sendall(self.says)

    def close(self) -> None:
        self.socket.close()


BREAKING = {
    "answers": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
    "is down": None,
    "says nothing": b"",
    "says nonsense": b"nonsense\r\n\r\n",
    "breaks off": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    "has endless headers": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    "leads to a key": f"HTTP/1.1 302 Found\r\nLocation: {PATHS[0]}\r\n\r\n".encode(),
}


def requests() -> list[bytes]:
    """Requests for personal pages that go well, and those that go wrong at the proxy itself."""
    path = PATHS[0]
    begun = head("POST", path, FROM, "Content-Length: 90000") + b"half"
    return [
        *(head("GET", each, FROM, "Connection: close") for each in PATHS),
        head("POST", path, FROM, "Content-Length: 20000000"),
        head("POST", path, FROM, "Content-Length: nonsense"),
        head("POST", path, FROM, "Transfer-Encoding: chunked") + b"nonsense\r\n",
        head("POST", path, FROM, "Transfer-Encoding: chunked", "Content-Length: 3"),
        head("GET", path, FROM, "X: " + "x" * 70_000),
        head("BREW", path, FROM),
        f"GET {path} HTTP/9.9\r\nHost: summit.example\r\n\r\n".encode(),
        f"GET {path} HTTP/1.1\r\n{FROM}\r\n\r\n".encode(),
        f"GET {path} HTTP/1.1\r\nHost: a\r\nHost: {KEY}\r\n\r\n".encode(),
        f"GET {path}\x00 HTTP/1.1\r\nHost: summit.example\r\n\r\n".encode(),
        f"GET {path} is not HTTP\r\n\r\n".encode(),
        head("GET", path, f"Cookie: {KEY}={KEY}", f"User-Agent: {KEY}", f"Authorization: {KEY}"),
        begun,
    ]


def ask(proxy: Proxy, request: bytes, *, tls: bool, patience: float) -> int:
    """Return the status, 0 where none came, and go away where the proxy waits for more."""
    with proxy.connect(tls=tls) as sock:
        sock.settimeout(patience)
        sock.sendall(request)
        return answer(sock)[0]


@pytest.mark.parametrize("name", NAMES)
def test_proxy_logs_no_key_of_a_personal_page(tmp_path, name):
    if find_proxy(name) is None:
        pytest.skip(f"no {name} on this machine")
    statuses = set()
    logs = []

    for number, (how, says) in enumerate(BREAKING.items()):
        upstream = None if says is None else Upstream(says)
        proxy = Proxy(name, tmp_path / f"{name}-{number}", upstream.port if upstream else 1)
        try:
            # What goes wrong at the proxy itself goes wrong in the same way each time.
            for request in requests() if how == "answers" else requests()[:1]:
                statuses |= {ask(proxy, request, tls=tls, patience=1) for tls in (True, False)}
            if how != "answers":
                # Caddy tries again for five seconds.
                statuses.add(ask(proxy, requests()[0], tls=True, patience=8))
        finally:
            proxy.close()
            if upstream:
                upstream.close()
        logs.append(proxy.logs())

    # All that was to go wrong went wrong, and was written about.
    assert {200, 400, 413, 502} <= statuses
    assert statuses & {301, 308}
    assert all(logs)
    assert [log for log in logs if KEY in log] == []
