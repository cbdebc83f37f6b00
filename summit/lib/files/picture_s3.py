"""Pictures in S3-compatible storage, where several web servers find them."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import filepath_to_uri

from summit.lib.files.s3 import ServersS3Storage


class PictureS3Storage(ServersS3Storage):
    """Pictures, which this server gives out itself: pages ask no other host for anything."""

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name or "").lstrip("/"))
