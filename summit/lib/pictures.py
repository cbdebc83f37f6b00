"""Pictures that staff upload: checked by content, re-encoded, stored in three widths."""

import io
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from summit.lib import uploads

WIDTHS = (480, 960, 1600)
FORMATS = ("JPEG", "PNG", "WEBP")
_NAME = re.compile(r"-(\d+)x(\d+)\.webp$")


def check(upload: File) -> None:
    """Refuse what is not a JPEG, PNG or WebP picture by its content, or is too large.

    Raises ``ValidationError`` with what to do. Reads the header first, so that a
    small file that would unpack to a huge picture is refused before it does.
    """
    limit = settings.PICTURE_MAX_BYTES
    if upload.size > limit:
        raise ValidationError(
            _("This picture has %(size)s. Choose one of at most %(limit)s."),
            code="too_large",
            params={"size": filesizeformat(upload.size), "limit": filesizeformat(limit)},
        )
    upload.seek(0)
    try:
        with Image.open(upload, formats=FORMATS) as image:
            width, height = image.size
            if width * height > settings.PICTURE_MAX_PIXELS:
                raise ValidationError(
                    _("This picture has %(width)s × %(height)s pixels. Make it smaller first."),
                    code="too_many_pixels",
                    params={"width": width, "height": height},
                )
            image.verify()
        # verify() does not notice a JPEG that breaks off in the middle; decoding does.
        upload.seek(0)
        with Image.open(upload, formats=FORMATS) as image:
            image.load()
            # Which way up it is, is asked when it is encoded.
            image.getexif()
    except Image.DecompressionBombError as error:
        raise ValidationError(
            _("This picture has too many pixels. Make it smaller first."), code="too_many_pixels"
        ) from error
    except (ValidationError, MemoryError):
        raise
    # Pillow raises whatever it stumbles over in a damaged file, ValueError and struct.error too.
    except Exception as error:
        raise ValidationError(
            _("This is not a JPEG, PNG or WebP picture. Choose another file."), code="no_picture"
        ) from error
    finally:
        upload.seek(0)


def encode(upload: File) -> tuple[tuple[int, int], dict[int, bytes]]:
    """Return the largest size and the WebP bytes by width; EXIF and GPS data are left behind."""
    upload.seek(0)
    with Image.open(upload, formats=FORMATS) as opened:
        image = ImageOps.exif_transpose(opened)
        image = image.convert(
            "RGBA" if "transparency" in image.info or "A" in image.mode else "RGB"
        )
    largest = min(image.width, WIDTHS[-1])
    widths = [width for width in WIDTHS if width < largest] + [largest]
    encoded = {}
    for width in widths:
        height = max(1, round(image.height * width / image.width))
        buffer = io.BytesIO()
        image.resize((width, height), Image.Resampling.LANCZOS).save(buffer, "WEBP", quality=80)
        encoded[width] = buffer.getvalue()
    return (largest, max(1, round(image.height * largest / image.width))), encoded


class PictureNotStored(Exception):
    """The storage took no picture, and nothing of it was left behind."""


class PictureFile(ImageFieldFile):
    """A stored picture. Its name carries its size: ``pictures/3f9a…-1600x900.webp``."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        """Store every width, or none and raise ``PictureNotStored``, as when the disk is full."""
        (width, height), encoded = encode(content)
        stem = f"{self.field.upload_to}/{secrets.token_hex(12)}-{width}x{height}"
        names = {each: f"{stem}.{each}.webp" for each in encoded} | {width: f"{stem}.webp"}
        try:
            for each, data in encoded.items():
                self.storage.save(names[each], ContentFile(data))
        except OSError as error:
            self._forget(names.values())
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
        if width is None:
            return {}
        stem = self.name.removesuffix(".webp")
        return {w: f"{stem}.{w}.webp" for w in WIDTHS if w < width} | {width: self.name}

    @property
    def srcset(self) -> str:
        return ", ".join(
            f"{self.storage.url(name)} {width}w" for width, name in self.names().items()
        )


class PictureFormField(forms.ImageField):
    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | uploads.limits(settings.PICTURE_MAX_BYTES)

    def to_python(self, data: Any) -> File | None:
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
            "help_text", _("JPEG, PNG or WebP. It is scaled for phones and desktops by itself.")
        )
        super().__init__(verbose_name, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field:
        return super().formfield(**{"form_class": PictureFormField, **kwargs})
