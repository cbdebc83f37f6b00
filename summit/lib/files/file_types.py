"""What an uploaded file is by its content, whatever it is called."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import TextChoices
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from summit.lib.files import limited
from summit.lib.files.limited_reader import Refused


class FileType(TextChoices):
    """The types of files that are kept."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"


ENDINGS: dict[str, str] = {FileType.PDF: ".pdf", FileType.JPEG: ".jpg", FileType.PNG: ".png"}
REFUSALS = {
    "empty": _("This file is empty. Choose another one, or scan the paper again."),
    "unknown_type": _(
        "This is not a PDF, JPEG or PNG by its content, whatever its name says. "
        "Save or scan the document as one of these."
    ),
    "broken": _(
        "This file cannot be read to its end: it breaks off, is damaged or has something else "
        "behind it. Open it, save it anew, and attach that."
    ),
    "encrypted": _(
        "This PDF is protected by a password or against copying. Save it without protection, "
        "or scan the paper, so that it can still be read in ten years."
    ),
    "no_page": _("This PDF has no page. Choose another file."),
    "active": _(
        "This PDF contains a program, a form that sends data, or something that opens other "
        "files or addresses by itself. Print it to a new PDF, or scan the paper."
    ),
    "carries_files": _(
        "This PDF carries other files inside. Attach each of them by itself, and the PDF "
        "without them."
    ),
    "too_many_pixels": _(
        "This picture has too many pixels. Scan the paper at 300 to 600 dots per inch."
    ),
    "too_complex": _(
        "This file takes too much time or memory to check. Print it to a new PDF, "
        "or scan the paper."
    ),
}


@dataclass(frozen=True)
class Examined:
    content_type: str
    size: int
    sha256: str


def examine(upload: "File[Any]", *, most_bytes: int) -> Examined:
    """Return the type, the size and the SHA-256 of a PDF, JPEG or PNG, checked to its end.

    Raises ``ValidationError`` with what to do for anything else: too large (asked
    before it is read), empty, of another type, breaking off, protected by a password,
    a PDF that runs something, sends data, opens or carries other files. Digital signatures inside a
    PDF are kept and not judged. Changes nothing in the file and leaves it at its start.
    Costs half a second or so, at most the patience of ``limited`` and memory of another process.
    """
    if upload.size > most_bytes:
        raise _too_large(upload.size, most_bytes)
    digest, size = hashlib.sha256(), 0

    def chunks() -> Iterator[bytes]:
        nonlocal size
        for chunk in upload.chunks():
            size += len(chunk)
            if size > most_bytes:
                raise _too_large(size, most_bytes)
            digest.update(chunk)
            yield chunk
        if not size:
            raise _refusal("empty")

    try:
        upload.seek(0)
        told, _body = limited.ask(
            "summit.lib.files.file_probe", chunks(), most_pixels=settings.PICTURE_MAX_PIXELS
        )
    except Refused as refusal:
        raise limited.worded(refusal, REFUSALS) from None
    finally:
        upload.seek(0)
    if told.get("type") not in FileType.values:
        raise _refusal("too_complex")
    return Examined(told["type"], size, digest.hexdigest())


def _refusal(code: str) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code)


def _too_large(size: int, most: int) -> ValidationError:
    return ValidationError(
        _("This file has %(size)s. Attach one of at most %(limit)s: scan in grey, or split it."),
        code="too_large",
        params={"size": filesizeformat(size), "limit": filesizeformat(most)},
    )


def plain_name(name: str, most: int = 200) -> str:
    """Return a name that somebody's computer gave a file as harmless text.

    Without the folders before it, control characters and marks that turn the
    direction of writing, and cut to ``most`` characters with its ending kept.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(" " if c.isspace() else c for c in name if c.isspace() or _is_shown(c))
    kept = " ".join(kept.split())
    if len(kept) <= most:
        return kept
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: most - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else kept[:most]


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Co"}
