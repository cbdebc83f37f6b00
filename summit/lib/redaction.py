"""Keeping the keys of personal pages and calendar feeds out of the logs."""

import logging
import re

_PERSONAL = re.compile(r"(/(?:my|follow-ups)/)[^/\s?\"']+")


def redact(text: str) -> str:
    """Return ``text`` with the code of every personal link blotted out."""
    return _PERSONAL.sub(r"\1…", text)


class RedactPersonalLinks(logging.Filter):
    """Django logs the address of every refused request; that of a personal page is its key."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        if hasattr(record, "request"):
            # Other handlers would read the address from here.
            del record.request
        return True
