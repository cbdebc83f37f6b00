"""gunicorn's threaded worker, whose threads never wait for a visitor to send something.

gunicorn gives a connection to a thread as soon as it is there, and the thread then waits
for the request, for ever: as many slow visitors as there are threads keep everybody out.
Here the loop of the worker waits, which holds thousands of connections at once. A thread
gets a request when its header and the body of a form are here. A larger body is passed on
by its header, since the site decides by the header who may send it
(``summit/middleware/body_limit.py``); only then does a thread read it, for ``UPLOAD_SECONDS``
in all.
"""

import re
import socket
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, BaseSelector
from typing import Any

from django.conf import settings
from gunicorn import util
from gunicorn.http.errors import LimitRequestHeaders, NoMoreData
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from summit.lib.given import given

# The whole header: browsers send two thousand bytes, and eight thousand at most.
HEADER_MAX_BYTES = 64 * 1024
# How much a refused visitor may go on sending before the connection is cut, and for how long.
LINGER_MAX_BYTES = 1024 * 1024
LINGER_SECONDS = 2
PIECE = 64 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_HEADER_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d+)[ \t]*\r$", re.I | re.M)
_CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:", re.I | re.M)
_EXPECTS_CONTINUE = re.compile(rb"^expect[ \t]*:[ \t]*100-continue[ \t]*\r$", re.I | re.M)


class RequestReader(SocketUnreader):
    """What has arrived of a request. It waits for nothing until a thread reads from it."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.forget_request()

    def forget_request(self) -> None:
        """Prepare for the next request of the same connection; keep what has arrived of it."""
        self.deadline = time.monotonic() + settings.REQUEST_SECONDS
        self.is_whole = False
        self._searched = 0
        self._wanted: int | None = None
        self._owes_continue = False

    @property
    def has_begun(self) -> bool:
        return self.buf.getbuffer().nbytes > 0

    @property
    def has_time(self) -> bool:
        return time.monotonic() < self.deadline

    def receive(self) -> bool:
        """Take what has arrived, without waiting; return whether a thread can go on with it.

        Raises ``LimitRequestHeaders`` for a header without an end.
        """
        self.sock.setblocking(False)
        while not self._is_enough():
            try:
                data = self.sock.recv(PIECE)
            except BlockingIOError:
                return False
            if not data:
                # gunicorn finds the end by itself.
                return True
            self.buf.seek(0, 2)
            self.buf.write(data)
        return True

    def _is_enough(self) -> bool:
        if self._wanted is None:
            self._read_header()
        return self._wanted is not None and self.buf.getbuffer().nbytes >= self._wanted

    def _read_header(self) -> None:
        """Find out how much to wait for. gunicorn judges the header, this only measures it."""
        received = self.buf.getvalue()
        end = received.find(_HEADER_END, max(0, self._searched - len(_HEADER_END)))
        self._searched = len(received)
        if end < 0:
            if len(received) > HEADER_MAX_BYTES:
                raise LimitRequestHeaders("limit request headers size")
            return
        header = received[: end + 2]
        lengths = _LENGTH.findall(header)
        # Of an endless number the beginning says enough.
        length = int(lengths[0].lstrip(b"0")[:18] or 0) if lengths else 0
        self.is_whole = length <= settings.FORM_MAX_BYTES and not _CHUNKED.search(header)
        self._wanted = end + len(_HEADER_END) + (length if self.is_whole else 0)
        self._owes_continue = bool(_EXPECTS_CONTINUE.search(header)) and bool(length)
        if self.is_whole and len(received) < self._wanted:
            self._send_continue()

    def _send_continue(self) -> None:
        """Ask for the body, where the visitor waits to be asked: not of who is refused."""
        if self._owes_continue:
            self._owes_continue = False
            self.sock.send(CONTINUE)

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Wait for more of a large body, until the time for all of it is over."""
        self._send_continue()
        seconds = self.deadline - time.monotonic()
        try:
            # 0 would not wait at all.
            self.sock.settimeout(max(seconds, 0.001))
            return super().chunk(size_hint)
        except TimeoutError:
            # gunicorn and Django take it for a visitor who went away.
            raise NoMoreData(b"") from None
        finally:
            self.sock.settimeout(None)


class Worker(ThreadWorker):
    """Overrides how the threaded worker waits for requests, and how it closes connections."""

    # There as long as the worker runs.
    poller: BaseSelector

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lingering: deque[Lingering] = deque()

    def handle(self, conn: TConn) -> Any:
        """Handle what is here of a connection; runs in a thread."""
        try:
            if not conn.initialized:
                conn.init()
                given(conn.parser).unreader = RequestReader(conn.sock)
            reader = _reader_of(conn)
            if not reader.receive():
                return _DEFER if reader.has_time else False
        except LimitRequestHeaders as error:
            self.handle_error(None, conn.sock, conn.client, error)
            return False
        except OSError:
            return False
        if not reader.is_whole:
            reader.deadline = time.monotonic() + settings.UPLOAD_SECONDS
        keepalive = super().handle(conn)
        if keepalive:
            reader.forget_request()
        return keepalive

    def handle_request(self, req: Any, conn: TConn) -> bool:
        # The reader sends it, once somebody wants the body.
        req._expected_100_continue = False
        if not _reader_of(conn).is_whole:
            # What nobody has read of the body would be taken for the next request.
            req.force_close()
        return super().handle_request(req, conn)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        result = None if fs.cancelled() or fs.exception() else fs.result()
        if not result or (result is _DEFER and not self.alive):
            self.close_slowly(conn)
            return
        super().finish_request(conn, fs)
        if result is _DEFER:
            conn.timeout = _reader_of(conn).deadline

    def murder_pending(self) -> None:
        """Close connections whose request did not come in time: they are in no order."""
        now = time.monotonic()
        for conn in list(self.pending_conns):
            has_begun = _reader_of(conn).has_begun
            if conn.timeout <= now or not (self.alive or has_begun):
                self.pending_conns.remove(conn)
                self.poller.unregister(conn.sock)
                if has_begun:
                    with suppress(OSError):
                        util.write_error(conn.sock, 408, "Request Timeout", "")
                self.close_slowly(conn)
        while self.lingering and self.lingering[0].until <= time.monotonic():
            self._close_lingering(self.lingering[0])

    def close_slowly(self, conn: TConn) -> None:
        """Close so that the answer arrives also where the visitor is still sending.

        gunicorn would wait for the visitor here, in the loop, and nobody else would be served.
        """
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            left = Lingering(conn.sock)
            self.poller.register(conn.sock, EVENT_READ, partial(self._on_lingering_readable, left))
            self.lingering.append(left)
        except (OSError, ValueError, KeyError):
            self.nr_conns -= 1
            conn.close()

    def _on_lingering_readable(self, left: "Lingering", sock: socket.socket) -> None:
        if left.is_over():
            self._close_lingering(left)

    def _close_lingering(self, left: "Lingering") -> None:
        self.lingering.remove(left)
        self.poller.unregister(left.sock)
        self.nr_conns -= 1
        util.close(left.sock)


def _reader_of(conn: TConn) -> RequestReader:
    """Return what reads a connection that is initialized."""
    reader: RequestReader = given(conn.parser).unreader
    return reader


class Lingering:
    """A connection that was answered for the last time, and whose visitor may still send."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.until = time.monotonic() + LINGER_SECONDS
        self._taken = 0

    def is_over(self) -> bool:
        """Take and forget what came; return whether the visitor is gone or sends too much."""
        try:
            data = self.sock.recv(PIECE)
        except BlockingIOError:
            return False
        except OSError:
            return True
        self._taken += len(data)
        return not data or self._taken > LINGER_MAX_BYTES
