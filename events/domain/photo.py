"""Photos of events, several of which are added in one go."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max

from events.models import Event, Photo
from summit.lib.database.history import write_as


@transaction.atomic
def add(
    event: Event, pictures: "Sequence[File[Any]]", *, by: User | None, **texts: str
) -> list[Photo]:
    """Add pictures behind those that are there, all with the same caption and credit.

    ``texts`` are columns of ``Photo``. Raises ``ValidationError`` for what is no picture and
    ``PictureNotStored`` where one cannot be stored; then none is added.
    """
    last = event.photos.aggregate(last=Max("order"))["last"]
    first = 0 if last is None else last + 1
    added = []
    for order, picture in enumerate(pictures, first):
        photo = Photo(event=event, image=picture, order=order, **texts)
        write_as(photo, by)
        photo.full_clean()
        photo.save()
        added.append(photo)
    return added
