"""What every provider of short messages takes, and what it answers."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

# What one message holds with its signature 【…】; a longer one is charged twice.
LONGEST = 70
# The prefix of numbers that get the domestic template.
HOME = "+86"


@dataclass(frozen=True)
class ShortMessage:
    """A message to one number in E.164, by a template that the provider has approved.

    ``parameters`` stand in the order of the template. ``reference`` is ours and stays the same
    however often the message is tried: receipts are found by it. ``text`` is what arrives.
    """

    number: str = field(repr=False)
    template: str
    parameters: Mapping[str, str] = field(repr=False)
    reference: str
    text: str = field(default="", repr=False)

    @property
    def is_home(self) -> bool:
        return self.number.startswith(HOME)


class Receipt(Enum):
    """What a provider knows of a message whose sending was not answered."""

    TAKEN = "taken"
    FAILED = "failed"
    # Its list is complete, and the message is not in it.
    NOT_TAKEN = "not taken"
    # It lists messages only once a phone has answered.
    UNKNOWN = "unknown"


class Refused(Exception):
    """The provider did not take the message; ``code`` is its own word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadNumber(Refused):
    """No message ever reaches this number."""


class Provider(Protocol):
    def send(self, message: ShortMessage, *, before_handover: Callable[[], None]) -> str:
        """Send a message once and return the provider's own number for it.

        ``before_handover`` is called just before the request leaves; what it raises stops the
        message. Raises ``OSError`` where the provider was not reached, ``Refused`` where it
        said no, and ``OutcomeUnknown`` where nobody knows.
        """
        ...

    def find_receipt(self, message: ShortMessage, *, since: dt.datetime) -> Receipt:
        """Ask what became of a message that was handed over at ``since`` or later.

        Raises ``OSError`` or ``Refused`` where there is no answer.
        """
        ...
