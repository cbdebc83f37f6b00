"""One request to a provider, with a clear end: refused before it left, answered, or unknown."""

import hashlib
import http.client
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from summit.lib.process.smtp_mail import OutcomeUnknown

# Finding the provider, and waiting for its answer.
SECONDS = 10.0
# An answer is about a kilobyte.
LONGEST_ANSWER = 200_000


def post(
    endpoint: str,
    path: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    before_handover: Callable[[], None],
) -> dict[str, Any]:
    """Send one request and return the answer as an object, whatever its status is.

    Raises ``OSError`` where no connection came about. Once the request has begun to leave,
    everything but an object in JSON below the status 500 raises ``OutcomeUnknown``.
    """
    parts = urlsplit(endpoint)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=SECONDS)
    try:
        connection.connect()
        before_handover()
        try:
            connection.request("POST", path, body=body, headers=dict(headers))
            answer = connection.getresponse()
            return _read(answer.status, answer.read(LONGEST_ANSWER))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise OutcomeUnknown from error
    finally:
        connection.close()


def _read(status: int, body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    if status >= 500 or not isinstance(found, dict):
        raise ValueError("no answer")
    return found


def host_of(endpoint: str) -> str:
    return urlsplit(endpoint).netloc


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
