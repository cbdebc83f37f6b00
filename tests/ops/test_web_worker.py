"""What has arrived of a request, and how long the web server waits for the rest.

tests/production/test_slow_bodies.py meets the worker itself.
"""

import socket

import pytest
from gunicorn.http.errors import LimitRequestHeaders, NoMoreData

from ops.web_worker import CONTINUE, HEADER_MAX_BYTES, LINGER_MAX_BYTES, Lingering, RequestReader


@pytest.fixture
def ends():
    """The visitor's end of a connection and the server's."""
    visitor, server = socket.socketpair()
    with visitor, server:
        yield visitor, server


def head(*lines: str) -> bytes:
    return "\r\n".join(["POST /en/my/ HTTP/1.1", "Host: x", *lines, "", ""]).encode()


@pytest.mark.parametrize(
    ("sent", "is_ready", "is_whole"),
    [
        (b"", False, False),
        (b"POST /en/my/ HTTP/1.1\r\nHost", False, False),
        (head(), True, True),
        (head("content-LENGTH : 3") + b"ab", False, True),
        (head("Content-Length: 3") + b"abc", True, True),
        (head("Content-Length: 3") + b"abcGET", True, True),
        (head("Content-Length: 100000"), False, True),
        (head("Content-Length: 100001"), True, False),
        (head("Transfer-Encoding: chunked"), True, False),
        (head("Content-Length: 3", "Transfer-Encoding: chunked"), True, False),
        (head("Content-Length: nonsense"), True, True),
        (head("Content-Length: " + "0" * 30 + "3"), False, True),
        (head("Content-Length: " + "9" * 5000), True, False),
    ],
)
def test_request_is_for_a_thread_once_its_form_is_here(ends, sent, is_ready, is_whole):
    visitor, server = ends
    reader = RequestReader(server)
    visitor.sendall(sent)

    assert reader.receive() is is_ready
    assert reader.is_whole is is_whole


def test_request_that_comes_byte_by_byte_is_kept(ends):
    visitor, server = ends
    reader = RequestReader(server)
    request = head("Content-Length: 3") + b"abc"

    ready = []
    for byte in request:
        visitor.sendall(bytes([byte]))
        ready.append(reader.receive())

    assert ready == [False] * (len(request) - 1) + [True]
    assert reader.read() == request


def test_visitor_who_went_away_is_for_gunicorn(ends):
    visitor, server = ends
    reader = RequestReader(server)
    visitor.sendall(head("Content-Length: 3"))
    visitor.close()

    assert reader.receive()


def test_header_without_an_end_is_refused(ends):
    visitor, server = ends
    reader = RequestReader(server)

    with pytest.raises(LimitRequestHeaders):
        for _kilobyte in range(HEADER_MAX_BYTES // 1024 + 2):
            visitor.sendall(b"x" * 1024)
            reader.receive()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["Content-Length: 3"], b""),
        (["Content-Length: 3", "Expect: 100-continue"], CONTINUE),
        (["Content-Length: 3000000", "Expect: 100-continue"], b""),
    ],
)
def test_only_a_form_is_asked_for(ends, lines, told):
    visitor, server = ends
    reader = RequestReader(server)
    visitor.setblocking(False)
    visitor.sendall(head(*lines))
    reader.receive()
    reader.receive()

    try:
        said = visitor.recv(1000)
    except BlockingIOError:
        said = b""

    assert said == told


def test_file_is_asked_for_where_somebody_wants_it(ends):
    visitor, server = ends
    reader = RequestReader(server)
    visitor.sendall(head("Content-Length: 3000000", "Expect: 100-continue"))
    reader.receive()
    visitor.sendall(b"abc")

    assert reader.chunk() == b"abc"
    assert visitor.recv(1000) == CONTINUE


def test_time_for_a_body_is_over_however_often_a_byte_comes(ends, settings):
    settings.REQUEST_SECONDS = 0
    visitor, server = ends
    reader = RequestReader(server)

    with pytest.raises(NoMoreData):
        # The last one finds nothing, and would wait for ever.
        for byte in (b"a", b""):
            visitor.sendall(byte)
            reader.chunk()

    assert not reader.has_time


def test_refused_visitor_may_send_on_for_a_while_and_not_for_ever(ends):
    visitor, server = ends
    server.setblocking(False)
    left = Lingering(server)
    went_on = 0

    assert not left.is_over()
    while not left.is_over():
        visitor.sendall(b"x" * 50_000)
        went_on += 50_000

    assert LINGER_MAX_BYTES - 100_000 < went_on < LINGER_MAX_BYTES + 100_000


def test_connection_lingers_until_its_visitor_is_gone(ends):
    visitor, server = ends
    server.setblocking(False)
    left = Lingering(server)
    visitor.close()

    assert left.is_over()
