"""Mail by SMTP that is patient with a slow server, and knows when it cannot know.

A server that answers late has often taken the mail already: whoever gives up early and sends
it again fills mailboxes. So the pauses are those of RFC 5321, section 4.5.3.2.
"""

import re
import smtplib
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

MINUTE = 60.0
# Finding the server at all, which the RFC leaves open, and saying good-bye.
CONNECT = GOODBYE = 10.0


class OutcomeUnknown(smtplib.SMTPException):
    """The mail was handed over whole, and the server never said whether it took it."""


class PatientMixin(smtplib.SMTP):
    """Overrides of ``smtplib.SMTP``: how long to wait for what, and the end of a mail.

    ``waits`` is set on a subclass made for one backend, since ``SMTP`` talks to the server
    while it is made. ``before_handover`` is called just before the mail's end is sent; what
    it raises stops the mail.
    """

    waits: dict[str, float]
    before_handover: Callable[[], None] | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # not in typeshed
        found.settimeout(self.waits["answer"])
        return found

    def putcmd(self, cmd: str, args: str = "") -> None:
        waits = {"data": self.waits["data"], "quit": GOODBYE}
        self._wait(waits.get(cmd.lower(), self.waits["answer"]))
        super().putcmd(cmd, args)

    def data(self, msg: bytes) -> tuple[int, bytes]:  # type: ignore[override]  # sendmail() gives no text
        """Send the text of a mail and return the server's answer.

        Until the line with the lone dot the server cannot take the mail. After it, only a
        clear answer tells: without one, raises ``OutcomeUnknown``.
        """
        self.putcmd("data")
        code, words = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, words)
        text = re.sub(rb"(?m)^\.", b"..", msg)
        self._wait(self.waits["block"])
        self.send(text if text.endswith(b"\r\n") else text + b"\r\n")
        if self.before_handover:
            try:
                self.before_handover()
            except BaseException:
                # Without its end the mail is none; QUIT would be a line of its text.
                self.close()
                raise
        self._wait(self.waits["acceptance"])
        try:
            self.send(b".\r\n")
            code, words = self.getreply()
        except smtplib.SMTPException as error:
            raise OutcomeUnknown from error
        if 200 <= code < 300:
            return 250, words
        if code < 400:
            raise OutcomeUnknown
        return code, words

    def _wait(self, seconds: float) -> None:
        if self.sock:
            self.sock.settimeout(seconds)


class EmailBackend(smtp.EmailBackend):
    """Django's, with a pause for each step; ``timeout`` is that for the connection alone.

    A message may have an attribute ``before_handover``: a function that is called when all
    but the end of the mail is sent, after which nobody can tell for a while whether the
    server has taken it.
    """

    def __init__(
        self,
        *,
        timeout: float = CONNECT,
        answer: float = 5 * MINUTE,
        data: float = 2 * MINUTE,
        block: float = 3 * MINUTE,
        acceptance: float = 10 * MINUTE,
        **options: Any,
    ) -> None:
        super().__init__(timeout=timeout, **options)
        self.waits = {"answer": answer, "data": data, "block": block, "acceptance": acceptance}

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        base = super().connection_class
        return type("Patient", (PatientMixin, base), {"waits": self.waits})

    def _send(self, email_message: EmailMessage) -> bool:
        if isinstance(self.connection, PatientMixin):
            self.connection.before_handover = getattr(email_message, "before_handover", None)
        return super()._send(email_message)  # type: ignore[misc]  # not in the stubs

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        # Whatever goes wrong with the good-bye changes nothing of what was sent before.
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()
