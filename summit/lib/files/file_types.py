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

from summit.lib.files import limited, office_probe
from summit.lib.files.limited_reader import Refused


class FileType(TextChoices):
    """The types of files that are kept."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    PPTX = office_probe.SLIDES, "PPTX"
    DOCX = office_probe.TEXT, "DOCX"
    XLSX = office_probe.WORKBOOK, "XLSX"


# What a scan of a signed paper is.
SCANS = (FileType.PDF, FileType.JPEG, FileType.PNG)
ENDINGS: dict[str, str] = {
    FileType.PDF: ".pdf",
    FileType.JPEG: ".jpg",
    FileType.PNG: ".png",
    FileType.PPTX: ".pptx",
    FileType.DOCX: ".docx",
    FileType.XLSX: ".xlsx",
}
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
# Where office files are taken as well.
OFFICE_REFUSALS = {
    "empty": _("This file is empty. Choose another one."),
    "unknown_type": _(
        "This is not a PDF, JPEG, PNG, PowerPoint (.pptx), Word (.docx) or Excel (.xlsx) file by "
        "its content, whatever its name says. Save it as one of these."
    ),
    "old_office": _(
        "This is a file of an old kind, such as .ppt, .doc or .xls, or of WPS (.dps, .wps, .et). "
        "Save it as .pptx, .docx or .xlsx, or as PDF."
    ),
    "other_office": _(
        "This is an office file of another kind, such as a template, a slide show (.ppsx), a "
        "binary workbook (.xlsb), OpenDocument or Keynote. Save it as .pptx, .docx or .xlsx, or "
        "as PDF."
    ),
    "office_password": _("This file is protected by a password. Save it without one, or as PDF."),
    "macros": _(
        "This file contains macros or starts programs. Save it without them as .pptx, .docx or "
        ".xlsx, or as PDF."
    ),
    "fetches": _(
        "This file fetches something from elsewhere when it is opened: a template, a picture, a "
        "video or data of another file. Remove these links, or save it as PDF."
    ),
    "carries_objects": _(
        "This file carries other files, objects or controls inside. Paste them as pictures, and "
        "add the files by themselves; or save it as PDF."
    ),
    "doctype": _(
        "This file contains a document type declaration, which no office program writes. Save it "
        "again in one, or as PDF."
    ),
    "unpacks": _(
        "This file unpacks to too much. Compress its pictures, or split it into smaller files."
    ),
    "broken": _(
        "This file cannot be read to its end: it breaks off, is damaged or has something else "
        "behind it. Open it, save it again, and add that."
    ),
    "too_complex": _(
        "This file takes too much time or memory to check. Save it as PDF, or split it."
    ),
}

_PICTURE = _(
    "This picture has %(size)s. Attach one of at most %(limit)s: save it smaller, or as JPEG."
)
# What to do with a file that is too large, by its ending.
TOO_LARGE = {
    "": _("This file has %(size)s. Attach one of at most %(limit)s, or split it."),
    "pdf": _(
        "This PDF has %(size)s. Attach one of at most %(limit)s: scan in grey, export it with "
        "smaller pictures, or split it."
    ),
    "jpg": _PICTURE,
    "jpeg": _PICTURE,
    "png": _PICTURE,
    "pptx": _(
        "These slides have %(size)s. Attach a file of at most %(limit)s: compress the pictures, "
        "take out videos, or save it as PDF."
    ),
    "docx": _(
        "This document has %(size)s. Attach one of at most %(limit)s: compress the pictures, or "
        "save it as PDF."
    ),
    "xlsx": _(
        "This workbook has %(size)s. Attach one of at most %(limit)s: take out pictures and "
        "sheets that are not needed, or split it."
    ),
}


@dataclass(frozen=True)
class Examined:
    content_type: str
    size: int
    sha256: str


def examine(upload: "File[Any]", *, most_bytes: int, takes_office: bool = False) -> Examined:
    """Return the type, the size and the SHA-256 of a PDF, JPEG or PNG, checked to its end.

    Raises ``ValidationError`` with what to do for anything else: too large (asked
    before it is read), empty, of another type, breaking off, protected by a password,
    a PDF that runs something, sends data, opens or carries other files. Digital signatures inside a
    PDF are kept and not judged. With ``takes_office`` it may be a PPTX, DOCX or XLSX file that has
    no macros, fetches nothing and carries no other file. Changes nothing in the file and leaves it
    at its start.
    Costs half a second or so, at most the patience of ``limited`` and memory of another process.
    """
    if upload.size > most_bytes:
        raise _too_large(upload.name or "", upload.size, most_bytes)
    digest, size = hashlib.sha256(), 0

    def chunks() -> Iterator[bytes]:
        nonlocal size
        for chunk in upload.chunks():
            size += len(chunk)
            if size > most_bytes:
                raise _too_large(upload.name or "", size, most_bytes)
            digest.update(chunk)
            yield chunk
        if not size:
            raise Refused("empty")

    words = REFUSALS | OFFICE_REFUSALS if takes_office else REFUSALS
    try:
        upload.seek(0)
        told, _body = limited.ask(
            "summit.lib.files.file_probe",
            chunks(),
            most_pixels=settings.PICTURE_MAX_PIXELS,
            takes_office=takes_office,
        )
        if told.get("type") not in (FileType.values if takes_office else SCANS):
            raise Refused("too_complex")
    except Refused as refusal:
        raise limited.worded(refusal, words) from None
    finally:
        upload.seek(0)
    return Examined(told["type"], size, digest.hexdigest())


def _too_large(name: str, size: int, most: int) -> ValidationError:
    """Say what makes a file of this kind smaller, as its name tells the kind. It was not read."""
    ending = name.rpartition(".")[2].lower()
    return ValidationError(
        TOO_LARGE.get(ending, TOO_LARGE[""]),
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
