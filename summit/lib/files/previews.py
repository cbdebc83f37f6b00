"""Previews of pictures that were stored before there were any, or by the release before."""

import logging
import time
from collections.abc import Iterator

from django.apps import apps
from django.core.files.base import ContentFile

from summit.lib.files.pictures import PictureField, PictureFile

log = logging.getLogger(__name__)

# Of one round: mails wait for the next one meanwhile.
SECONDS = 10
# Between two looks at what is stored.
HOUR = 3600


class Previews:
    """The periodic step that stores the JPEG of each picture that has none."""

    def __init__(self) -> None:
        self.next_look = 0.0

    def store_missing(self) -> int:
        """Store what is missing, for ``SECONDS`` at most, and return how many.

        Looks once an hour, and goes on in the next round where something is left. One that
        cannot be read keeps no other out.
        """
        now = time.monotonic()
        if now < self.next_look:
            return 0
        done = 0
        for file in _without_preview():
            if time.monotonic() >= now + SECONDS:
                return done
            done += _store(file)
        self.next_look = now + HOUR
        return done


def _without_preview() -> Iterator[PictureFile]:
    """Return the pictures that rows show and that have no preview, the newest rows first."""
    stored: dict[str, set[str]] = {}
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, PictureField):
                continue
            folder = str(field.upload_to)
            if folder not in stored:
                stored[folder] = _names(field, folder)
            rows = model._base_manager.exclude(**{field.name: ""}).order_by("-pk")
            for name in rows.values_list(field.name, flat=True):
                file = PictureFile(None, field, name)  # type: ignore[arg-type]  # it needs no row
                if file.size_in_pixels and file.preview_name not in stored[folder]:
                    yield file


def _names(field: PictureField, folder: str) -> set[str]:
    try:
        _folders, files = field.storage.listdir(folder)
    except FileNotFoundError:
        return set()
    return {f"{folder}/{name}" for name in files}


def _store(file: PictureFile) -> int:
    # No web process needs Pillow.
    from summit.lib.files import picture_probe

    try:
        with file.storage.open(file.name or "") as stored:
            jpeg = picture_probe.jpeg_of(stored.read())
        file.storage.save(file.preview_name, ContentFile(jpeg))
    except Exception:
        log.exception("The preview of a picture could not be stored: %s", file.name)
        return 0
    return 1
