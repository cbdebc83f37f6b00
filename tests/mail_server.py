"""A mail server that keeps what it gets: as much of SMTP as the product speaks."""

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage


class MailServer:
    """Listens while it is ``open``; holds back its answer to a mail while ``stalled``.

    ``answers`` has what it says to a command instead of yes, by the command; by ``"."`` what
    it says to a whole mail, and nothing at all where that is empty.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.arrived = threading.Condition()
        self._may_answer = threading.Event()
        self._may_answer.set()
        self.port = 0
        self._server: socketserver.ThreadingTCPServer | None = None
        self.open()

    def open(self) -> None:
        """Listen, at the same port as before."""
        self._server = _Server(("127.0.0.1", self.port), _Dialogue)
        self._server.keeps = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def close(self) -> None:
        """Refuse connections, as a server that is down."""
        self._may_answer.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def stall(self) -> None:
        """Take mails whole from now on, but say nothing."""
        self._may_answer.clear()

    def go_on(self) -> None:
        self._may_answer.set()

    def wait_for(self, count: int, *, seconds: float = 60) -> list[EmailMessage]:
        """Return the mails once there are so many; raise ``AssertionError`` where there are not."""
        with self.arrived:
            enough = self.arrived.wait_for(lambda: len(self.messages) >= count, timeout=seconds)
        if not enough:
            raise AssertionError(f"{len(self.messages)} of {count} mails came in {seconds} seconds")
        return list(self.messages)

    def recipients(self) -> list[str]:
        return sorted(str(message["To"]) for message in self.messages)

    def keep(self, data: bytes) -> None:
        with self.arrived:
            self.messages.append(email.message_from_bytes(data, policy=email.policy.default))
            self.arrived.notify_all()
        self._may_answer.wait(120)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    keeps: MailServer


class _Dialogue(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            self._say(self._words("", "220 mail.example.org"))
            while line := self.rfile.readline():
                if self._answer(line.split(None, 1)[0].upper() if line.strip() else b""):
                    return
        except ConnectionError:
            # Whoever sent was killed.
            return

    def _answer(self, verb: bytes) -> bool:
        if verb == b"QUIT":
            self._say("221 Bye")
            return True
        said = self._words(verb.decode(), "354 Go on" if verb == b"DATA" else "250 OK")
        if verb == b"DATA" and said.startswith("354"):
            self._say(said)
            if (data := self._text()) is None:
                return True
            self.server.keeps.keep(data)
            said = self._words(".", "250 OK")
        if not said:
            return True
        self._say(said)
        return False

    def _words(self, command: str, usual: str) -> str:
        return self.server.keeps.answers.get(command, usual)

    def _text(self) -> bytes | None:
        """Return a mail without its last line, or nothing where that never came."""
        lines = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return None

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
