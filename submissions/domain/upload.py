"""The bytes of files that people add by their links: stored beside their rows, and removed."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from summit.lib.files import private_files
from summit.lib.files.private_files import private_storage

log = logging.getLogger(__name__)


class UploadRefused(ValidationError):
    """This file cannot be added or removed now."""


@contextmanager
def storing(content: "File[Any]", name: str) -> Iterator[str]:
    """Store bytes, and yield their name to the block that saves the row which names them.

    Where the block raises, they are removed again. Raises ``UploadRefused`` where they cannot be
    stored. Before the transaction of the row: storing takes its time.
    """
    try:
        stored = private_storage().save(name, content)
    except OSError as error:
        log.exception("A file could not be stored")
        raise UploadRefused(
            _(
                "The file could not be stored, and nothing was added. Try again later; if that "
                "does not help, contact the organizer."
            ),
            code="not_stored",
        ) from error
    try:
        yield stored
    except (InterfaceError, OperationalError):
        # Nobody can say whether that was committed; if not, a periodic step finds the file.
        raise
    except BaseException:
        private_files.remove(private_storage(), stored)
        raise


def remove_after_commit(names: Iterable[str]) -> None:
    """Delete stored bytes once the transaction is committed that deletes their rows.

    Not before: a file without a row can be swept away, a row without its file cannot.
    """
    transaction.on_commit(partial(_remove, list(names)))


def _remove(names: list[str]) -> None:
    for name in names:
        private_files.remove(private_storage(), name)
