"""Short messages for the eye: printed, where the demo and developers send none."""

import datetime as dt
import sys
from collections.abc import Callable

from summit.lib.sms.messages import Receipt, ShortMessage


class Console:
    """Prints number and text, and says that it took them."""

    def send(self, message: ShortMessage, *, before_handover: Callable[[], None]) -> str:
        before_handover()
        line = "-" * 72
        sys.stdout.write(f"{line}\nSMS to: {message.number}\n\n{message.text}\n{line}\n")
        return message.reference

    def find_receipt(self, _message: ShortMessage, *, since: dt.datetime) -> Receipt:
        return Receipt.NOT_TAKEN
