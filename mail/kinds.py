"""The kinds of mail. Each app registers its own, with who writes them, when it is ready."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.mail import EmailMultiAlternatives
from django.db.models import TextChoices

if TYPE_CHECKING:
    from mail.models import OutboundMail
    from mail.text_messages import TextMessage

type Writer = Callable[["OutboundMail"], EmailMultiAlternatives | TextMessage | None]

_kinds: list[type[TextChoices]] = []
_writers: dict[str, Writer] = {}
_showers: dict[str, Writer] = {}


def register_kinds(
    kinds: type[TextChoices], writer: Writer, *, shower: Writer | None = None
) -> None:
    """Let ``writer`` write the mails or text messages of these kinds. Twice is harmless.

    ``shower`` writes what staff may see of them, without links that are keys; without one
    nobody sees their text.
    """
    if kinds not in _kinds:
        _kinds.append(kinds)
    _writers.update(dict.fromkeys(kinds.values, writer))
    if shower is not None:
        _showers.update(dict.fromkeys(kinds.values, shower))


def registered_kinds() -> list[tuple[str, str]]:
    """Return the values and labels of all kinds, app by app."""
    return [choice for kinds in _kinds for choice in kinds.choices]


def shower_of(kind: str) -> Writer | None:
    """Return who writes what staff may see of the mails of a kind, if anybody may."""
    return _showers.get(kind)


def writer_of(kind: str) -> Writer:
    """Return who writes the mails of a kind. Raises ``LookupError`` where no app has it."""
    if kind not in _writers:
        raise LookupError(f"No app brings the text of “{kind}”.")
    return _writers[kind]
