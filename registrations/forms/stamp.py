"""The stamp of a form that strangers send: when it was shown, for which form, and used once."""

import datetime as dt
import secrets
import time
from dataclasses import dataclass

from django.core import signing

from throttle import rate_limit

# An hour less than used stamps are remembered, since the clocks of two servers may differ.
MAX_AGE = 23 * 3600


def salt_of(purpose: str) -> str:
    """Return what makes a signature of stamps hold for one purpose only."""
    return f"form-shown-at.{purpose}"


@dataclass(frozen=True)
class Stamp:
    """``purpose`` names one form, such as that of one event: no other takes the stamp.

    ``shown_at`` is when the page was shown first, ``issued_at`` when this stamp was made
    for it; both in seconds. ``is_of_refused`` says that the page was sent before and refused
    for its trap.
    """

    purpose: str
    nonce: str
    shown_at: float
    issued_at: int
    is_of_refused: bool = False

    @classmethod
    def issue(
        cls, purpose: str, *, shown_at: float | None = None, is_of_refused: bool = False
    ) -> "Stamp":
        """Return a new stamp, of now or of a page that was shown before."""
        now = time.time()
        nonce = secrets.token_urlsafe(9)
        return cls(purpose, nonce, shown_at or now, int(now), is_of_refused)

    @classmethod
    def read(cls, text: str, purpose: str) -> "Stamp | None":
        """Return the stamp, or nothing where it is too old or was not issued for this form."""
        try:
            # Pages that were shown before a release hold three values.
            nonce, shown_at, issued_at, *more = signing.loads(text, salt=salt_of(purpose))
        except (signing.BadSignature, ValueError, TypeError):
            return None
        is_fresh = time.time() - issued_at < MAX_AGE
        return cls(purpose, nonce, shown_at, issued_at, bool(more)) if is_fresh else None

    def __str__(self) -> str:
        contents = [self.nonce, self.shown_at, self.issued_at, *[1] * self.is_of_refused]
        return signing.dumps(contents, salt=salt_of(self.purpose))

    @property
    def age(self) -> float:
        return time.time() - self.shown_at

    @property
    def use(self) -> rate_limit.Try:
        """Its one use, to be counted in a transaction: what is refused can be sent again."""
        since = dt.datetime.fromtimestamp(self.issued_at, tz=dt.UTC)
        return rate_limit.Try.use(f"stamp {self.purpose} {self.nonce}", since=since)
