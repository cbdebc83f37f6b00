"""Strangers who send slowly keep nobody out: at the application alone and behind each proxy."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import files
from tests.production.world import LINK_OF_SUBMISSION, SIGN_IN
from tests.proxies import NAMES, Proxy, answer, find_proxy, head
from tests.visitor import HOST, Visitor, fields_of

pytestmark = pytest.mark.production

# Two workers with four threads each.
MANY = 16
LARGE = "Content-Length: 20000000"
FORGED = "Cookie: __Host-sessionid=abcdefghijklmnopqrstuvwxyz012345"
FORM = "Content-Type: application/x-www-form-urlencoded"
REFUSED = {
    "a file from nobody": (head("POST", "/admin/events/event/add/", LARGE), 413),
    "a file with a forged cookie": (
        head("POST", "/admin/events/event/add/", LARGE, FORGED),
        413,
    ),
    "a file to a public form": (head("POST", "/en/my/", LARGE, FORGED), 413),
    "a file with a forged link": (
        head("POST", "/en/submissions/made-up/files/", LARGE),
        413,
    ),
    "a file to a page": (head("GET", "/en/nowhere/", LARGE), 413),
    "a file that waits to be asked for": (
        head("POST", "/admin/events/event/add/", LARGE, "Expect: 100-continue"),
        413,
    ),
    "a body of no length": (
        head("POST", "/admin/events/event/add/", "Transfer-Encoding: chunked") + b"5\r\nxx",
        411,
    ),
}
FILES_OF_FORGED = [
    head("POST", "/admin/events/event/add/", LARGE, FORGED),
    head("POST", "/admin/events/event/add/", "Transfer-Encoding: chunked", FORGED)
    + b"30d40\r\n"
    + b"x" * 200_000,
    head("POST", "/en/submissions/made-up/files/", LARGE),
]
WAITING = {
    "nothing": b"",
    "a part of the header": b"POST /en/my/ HTTP/1.1\r\nHost: ",
    "a part of a form": head("POST", "/en/my/", FORM, "Content-Length: 90000") + b"a=b",
    "a form that waits to be asked for": head(
        "POST", "/en/my/", FORM, "Content-Length: 90000", "Expect: 100-continue"
    ),
}


@pytest.fixture(params=NAMES)
def proxy_before(request, tmp_path) -> Iterator:
    if find_proxy(request.param) is None:
        pytest.skip(f"no {request.param} on this machine")
    started = []

    def start(port: int) -> Proxy:
        started.append(Proxy(request.param, tmp_path / request.param, port))
        return started[-1]

    yield start
    for each in started:
        each.close()


@contextmanager
def dripping(connect, begin: bytes) -> Iterator[list[socket.socket]]:
    """Many visitors who have sent this, then a byte more, and then nothing."""
    socks = [connect() for _each in range(MANY)]
    try:
        for sock in socks:
            if begin:
                sock.sendall(begin)
                sock.sendall(b"x")
        yield socks
    finally:
        for sock in socks:
            sock.close()


def direct(port: int):
    return lambda: socket.create_connection(("127.0.0.1", port), timeout=15)


def ask_all(visitor: Visitor) -> list[int]:
    """Ask often enough to meet both workers."""
    return [visitor.get("/en/").status for _each in range(6)]


def test_application_refuses_by_the_header_and_closes(stack):
    port = stack.web()
    got = {}

    for what, (begin, _status) in REFUSED.items():
        with dripping(direct(port), begin) as socks:
            asked = ask_all(Visitor(port))
            # To the end of each connection, though nobody has sent the body.
            answers = [answer(sock) for sock in socks]
            is_closed = all(sock.recv(1) == b"" for sock in socks)
        assert is_closed
        got[what] = asked, {status for status, _said in answers}
        assert not any(b"100 Continue" in said for _status, said in answers)

    assert got == {what: ([200] * 6, {status}) for what, (_begin, status) in REFUSED.items()}
    assert "ERROR" not in stack.said()


def test_application_waits_for_slow_visitors_without_a_thread(stack):
    port = stack.web()
    got = {}

    for what, begin in WAITING.items():
        with dripping(direct(port), begin):
            got[what] = ask_all(Visitor(port))

    assert got == {what: [200] * 6 for what in WAITING}
    assert "ERROR" not in stack.said()


def test_application_takes_a_form_that_comes_in_pieces(stack):
    port = stack.web()
    begin = head("POST", "/en/my/", FORM, "Content-Length: 3", "Expect: 100-continue")

    with direct(port)() as sock:
        sock.sendall(begin[:20])
        sock.sendall(begin[20:])
        asked = sock.recv(100)
        sock.sendall(b"a")
        sock.sendall(b"=bGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        _none, said = answer(sock)

    assert asked == b"HTTP/1.1 100 Continue\r\n\r\n"
    # Without a token the form is refused, and what came behind it is answered as well.
    assert said.startswith(b"HTTP/1.1 403")
    assert b"HTTP/1.1 200 OK" in said


def test_proxy_lets_no_slow_visitor_keep_others_out(stack, proxy_before):
    port = stack.web()
    proxy = proxy_before(port)
    begins = {what: begin for what, (begin, _status) in REFUSED.items()} | WAITING
    got = {}

    for what, begin in begins.items():
        with dripping(proxy.connect, begin), proxy.connect() as sock:
            asked = ask_all(Visitor(port))
            sock.sendall(head("GET", "/en/", "Connection: close"))
            status, _said = answer(sock)
        got[what] = [*asked, status]

    assert got == {what: [200] * 7 for what in begins}
    assert "ERROR" not in stack.said()


def test_proxy_refuses_by_the_header(proxy_before):
    # Nobody is asked behind it.
    proxy = proxy_before(1)
    said = []

    for what in ("a file from nobody", "a file to a public form"):
        with proxy.connect() as sock:
            sock.sendall(REFUSED[what][0])
            said.append(sock.recv(4096)[:12])

    assert said == [b"HTTP/1.1 413"] * 2


@pytest.mark.parametrize("begin", FILES_OF_FORGED, ids=["announced", "chunked", "link"])
def test_proxy_keeps_no_file_of_who_made_a_cookie_or_link_up(stack, proxy_before, begin):
    proxy = proxy_before(stack.web())
    said = []

    for _each in range(4):
        with proxy.connect() as sock:
            sock.settimeout(10)
            # Nothing of the body has come, and of a file it may be long in coming.
            sock.sendall(begin)
            said.append(answer(sock)[0])

    # Of a body of no length Caddy takes as much as of a form, and the site none.
    assert set(said) <= {403, 411, 413}


def test_person_adds_a_file_by_a_link_through_the_proxy(stack, proxy_before):
    port = stack.web()
    proxy = proxy_before(port)
    path = stack.python(LINK_OF_SUBMISSION) + "files/"
    visitor = Visitor(port)
    fields = fields_of(visitor.get(path).text)
    large = b"<< /Length 200000 >>\nstream\n" + b"x" * 200_000 + b"\nendstream"
    edge = "an-edge-that-is-in-no-file"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        f"{fields['csrfmiddlewaretoken']}\r\n"
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n".encode(),
        files.pdf(large),
        f"\r\n--{edge}--\r\n".encode(),
    ]
    body = b"".join(parts)
    cookies = "; ".join(f"{each}={said}" for each, said in visitor.cookies.items())
    lines = [f"Content-Length: {len(body)}", f"Cookie: {cookies}", "Connection: close"]
    lines += [f"Origin: https://{HOST}", f"Content-Type: multipart/form-data; boundary={edge}"]

    with proxy.connect() as sock:
        sock.sendall(head("POST", path, *lines) + body)
        status, _said = answer(sock)

    assert status == 302
    assert stack.value("SELECT count(*) FROM submissions_attachment") == 1
    assert "ERROR" not in stack.said()


def test_staff_upload_through_the_proxy(stack, proxy_before, open_event):
    slug = open_event()
    port = stack.web()
    proxy = proxy_before(port)
    name, value = stack.python(SIGN_IN).split()
    visitor = Visitor(port).has(f"{name} {value}")
    pk = stack.value("SELECT id FROM events_event WHERE slug = %s", slug)
    path = f"/admin/events/event/{pk}/change/"
    fields = fields_of(visitor.get(path).text) | {"title_en": "Another title", "_save": "Save"}
    # Larger than the form of a visitor.
    fields["padding"] = "x" * 200_000
    edge = "an-edge-that-is-in-no-file"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{each}"\r\n\r\n{said}\r\n'
        for each, said in fields.items()
    ]
    body = "".join([*parts, f"--{edge}--\r\n"]).encode()
    cookies = "; ".join(f"{each}={said}" for each, said in visitor.cookies.items())

    def send(length: int) -> tuple[int, bytes]:
        lines = [f"Content-Length: {length}", f"Cookie: {cookies}", "Connection: close"]
        lines += [f"Origin: https://{HOST}", f"Content-Type: multipart/form-data; boundary={edge}"]
        with proxy.connect() as sock:
            sock.sendall(head("POST", path, *lines) + body.ljust(length))
            return answer(sock)

    saved, _said = send(len(body))
    refused, said = send(26 * 1024 * 1024)

    assert saved == 302
    assert stack.value("SELECT title_en FROM events_event WHERE slug = %s", slug) == "Another title"
    assert refused == 413
    # In the words of the site, not of the proxy.
    assert b"<html lang=" in said
    assert "ERROR" not in stack.said()
