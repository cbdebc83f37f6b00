"""Pictures that staff upload: checked by content, re-encoded, stored in three widths.

Beside them lies a JPEG, which previews of links show.
"""

import io
import re
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from summit.lib.files import limited, uploads
from summit.lib.files.limited_reader import Refused
from summit.lib.files.preview_size import preview_size

WIDTHS = (480, 960, 1600)
# Seconds on the clock for all pictures of one form.
TOGETHER = 30

TOO_MANY_AT_ONCE = _(
    "The pictures of this page take too long to read together, so this one was not "
    "processed. Save the page with fewer of them, then add the others."
)
# What the dialogue for choosing a file offers. An iPhone then sends its HEIC pictures as JPEG.
ACCEPTED = "image/jpeg,image/png,image/webp,image/avif"
NOT_STORED = _(
    "The picture could not be stored, and nothing was saved. Try again later; if that does "
    "not help, contact the system administrator. Everything else is saved without the "
    "picture."
)
REFUSALS = {
    "no_room": NOT_STORED,
    "no_picture": _(
        "This is not a readable JPEG, PNG, WebP or AVIF picture. Open it in a picture program, "
        "save it as JPEG, and choose that."
    ),
    "too_many_pixels": _("This picture has %(width)s × %(height)s pixels. Make it smaller first."),
    "far_too_many_pixels": _("This picture has too many pixels. Make it smaller first."),
    "too_narrow": _(
        "This picture has %(width)s × %(height)s pixels, which is far too long and narrow. "
        "Crop it first."
    ),
    "too_complex": _(
        "This picture takes too much time or memory to read. Make it smaller, or save it "
        "again as JPEG, and choose that."
    ),
}
PREVIEW = ".preview.jpg"
_NAME = re.compile(r"-(\d+)x(\d+)\.webp$")


@dataclass(frozen=True)
class Renditions:
    """What is stored of a picture: its largest size, WebP bytes by width, and a JPEG."""

    size: tuple[int, int]
    encoded: dict[int, bytes]
    jpeg: bytes


@dataclass(frozen=True)
class Preview:
    """The JPEG of a picture, as previews of a link show it."""

    url: str
    pixel_width: int
    pixel_height: int
    alt: str


def check(upload: "File[Any]", *, deadline: float | None = None) -> Renditions:
    """Return what will be stored of an upload, or refuse it.

    Raises ``ValidationError`` with what to do for what is not a JPEG, PNG, WebP or AVIF
    picture by its content, is too large or has too many pixels, and where ``limited.ask`` refuses.
    What came of it stays with the upload, so that it is read only once: by a form, which
    may be within a transaction, it should have been read before that begins.
    """
    found = getattr(upload, "found", None)
    if found is None:
        try:
            found = _read(upload, deadline)
        except ValidationError as refusal:
            found = refusal
        upload.found = found  # type: ignore[attr-defined]  # it goes with its upload
    if isinstance(found, ValidationError):
        raise found
    return found


def check_all(uploads: "Iterable[File[Any]]") -> None:
    """Read each upload, within ``TOGETHER`` seconds; ``check`` tells what came of it."""
    deadline = time.monotonic() + TOGETHER
    for upload in uploads:
        with suppress(ValidationError):
            check(upload, deadline=deadline)


def drawn(data: bytes) -> "File[bytes]":
    """Return a picture of our own making as an upload, for which no process is started."""
    # No web process needs Pillow.
    from summit.lib.files import picture_probe

    file = ContentFile(data)
    size, encoded, jpeg = picture_probe.render(data, settings.PICTURE_MAX_PIXELS, WIDTHS)
    file.found = Renditions(size, encoded, jpeg)  # type: ignore[attr-defined]  # as above
    return file


def _read(upload: "File[Any]", deadline: float | None) -> Renditions:
    limit = settings.PICTURE_MAX_BYTES
    if upload.size > limit:
        raise ValidationError(
            _("This picture has %(size)s. Choose one of at most %(limit)s."),
            code="too_large",
            params={"size": filesizeformat(upload.size), "limit": filesizeformat(limit)},
        )
    if deadline is not None and time.monotonic() >= deadline:
        raise ValidationError(TOO_MANY_AT_ONCE, code="too_many_at_once")
    try:
        upload.seek(0)
        told, body = limited.ask(
            "summit.lib.files.picture_probe",
            upload.chunks(),
            deadline=deadline,
            most_pixels=settings.PICTURE_MAX_PIXELS,
            widths=WIDTHS,
        )
        return _read_renditions(told, body)
    except Refused as refusal:
        raise limited.worded(refusal, REFUSALS) from None
    finally:
        upload.seek(0)


def _read_renditions(told: dict[str, Any], body: bytes) -> Renditions:
    """Take from the answer what it may say: all of these widths, each a WebP, and a JPEG."""
    match told:
        case {"size": [int(width), int(height)], "lengths": [_, *_] as lengths} if (
            0 < width <= WIDTHS[-1]
            and height > 0
            and all(isinstance(length, int) and length > 0 for length in lengths)
        ):
            widths = [each for each in WIDTHS if each < width] + [width]
            parts = io.BytesIO(body)
            *encoded, jpeg = [parts.read(length) for length in lengths]
            are_pictures = all(part[:4] + part[8:12] == b"RIFFWEBP" for part in encoded)
            is_jpeg = jpeg[:3] == b"\xff\xd8\xff"
            if are_pictures and is_jpeg and len(encoded) == len(widths):
                return Renditions((width, height), dict(zip(widths, encoded, strict=True)), jpeg)
    raise Refused("too_complex")


class PictureNotStored(Exception):
    """The storage took no picture, and nothing of it was left behind."""


class PictureFile(ImageFieldFile):
    """A stored picture. Its name carries its size: ``pictures/3f9a…-1600x900.webp``."""

    def save(self, name: str, content: "File[Any]", save: bool = True) -> None:
        """Store every width, or none and raise ``PictureNotStored``, as when the disk is full."""
        found = check(content)
        (width, height), encoded = found.size, found.encoded
        stem = f"{self.field.upload_to}/{secrets.token_hex(12)}-{width}x{height}"
        names = {each: f"{stem}.{each}.webp" for each in encoded} | {width: f"{stem}.webp"}
        files = {names[each]: data for each, data in encoded.items()}
        files[f"{stem}{PREVIEW}"] = found.jpeg
        try:
            for each, data in files.items():
                self.storage.save(each, ContentFile(data))
        except OSError as error:
            self._forget(files)
            raise PictureNotStored(str(error)) from error
        self.name = names[width]
        setattr(self.instance, self.field.attname, self.name)
        self._committed = True
        if save:
            self.instance.save()

    def _forget(self, names: Iterable[str]) -> None:
        # What is half stored is there already, under its whole name.
        for name in names:
            with suppress(OSError):
                self.storage.delete(name)

    @property
    def size_in_pixels(self) -> tuple[int, int] | None:
        match = _NAME.search(self.name or "")
        return (int(match[1]), int(match[2])) if match else None

    @property
    def pixel_width(self) -> int | None:
        return self.size_in_pixels[0] if self.size_in_pixels else None

    @property
    def pixel_height(self) -> int | None:
        return self.size_in_pixels[1] if self.size_in_pixels else None

    def names(self) -> dict[int, str]:
        """Return the stored file of each width, the narrowest first, without asking the storage."""
        width = self.pixel_width
        if width is None or self.name is None:
            return {}
        stem = self.name.removesuffix(".webp")
        return {w: f"{stem}.{w}.webp" for w in WIDTHS if w < width} | {width: self.name}

    @property
    def preview_name(self) -> str:
        """The stored JPEG, which ``previews.py`` makes of a picture from before there was one."""
        return f"{(self.name or '').removesuffix('.webp')}{PREVIEW}"

    def preview(self, alt: str) -> Preview | None:
        """Return what previews of a link show of the picture, without asking the storage."""
        if self.size_in_pixels is None:
            return None
        return Preview(self.storage.url(self.preview_name), *preview_size(self.size_in_pixels), alt)

    @property
    def srcset(self) -> str:
        return ", ".join(
            f"{self.storage.url(name)} {width}w" for width, name in self.names().items()
        )


class PictureFormField(forms.ImageField):
    # What a picture is, its content says.
    default_validators = []

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        limits = uploads.limits(settings.PICTURE_MAX_BYTES)
        return super().widget_attrs(widget) | limits | {"accept": ACCEPTED}

    def to_python(self, data: Any) -> "File[Any] | None":
        upload = forms.FileField.to_python(self, data)
        if upload is not None:
            check(upload)
        return upload


class PictureField(models.ImageField):
    """An optional picture, stored re-encoded under a name of our own.

    Files of a picture that was replaced stay until nothing refers to them, since
    the history of the row still does.
    """

    attr_class = PictureFile

    def __init__(self, verbose_name: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("upload_to", "pictures")
        kwargs.setdefault("blank", True)
        kwargs.setdefault(
            "help_text",
            _("JPEG, PNG, WebP or AVIF. It is scaled for phones and computers automatically."),
        )
        super().__init__(verbose_name, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": PictureFormField, **kwargs})
