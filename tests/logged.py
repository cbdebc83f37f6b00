"""What the log would hold of what a test does."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from summit.lib.process.logs import JsonLines


class Log:
    """The lines that were written, as text and as objects."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict]:
        return [line for line in self.lines if line["logger"] == logger]


@contextmanager
def logged(formatter: logging.Formatter | None = None) -> Iterator[Log]:
    """Collect all lines of all loggers, as the product's own formatter writes them."""
    log = Log()
    handler = logging.StreamHandler(log.stream)
    handler.setFormatter(formatter or JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
