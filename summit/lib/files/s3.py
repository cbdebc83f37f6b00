"""Files in S3-compatible storage. Needs requirements/s3.txt."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Let callers treat a storage that cannot be reached as they treat a disk that fails."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise OSError(f"S3: {error}") from error


class ServersS3Storage(S3Storage):
    """A bucket that only this server reads and writes; every failure is an ``OSError``."""

    def __init__(self, *, addressing_style: str = "auto", **options: Any) -> None:
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": addressing_style},
            connect_timeout=5,
            read_timeout=20,
            retries={"total_max_attempts": 3},
            # Other stores than Amazon's know none of the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config, file_overwrite=False, max_memory_size=2**20, **options
        )

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        with _as_os_error():
            opened = super()._open(name, mode)
            # Fetched whole, now: a failure must come before the answer has begun.
            opened.open()
            return opened

    def _save(self, name: str, content: "File[Any]") -> str:
        with _as_os_error():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with _as_os_error():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _as_os_error():
            return super().exists(name)

    def size(self, name: str) -> int:
        with _as_os_error():
            return super().size(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _as_os_error():
            return super().listdir(name)

    def get_modified_time(self, name: str) -> Any:
        with _as_os_error():
            return super().get_modified_time(name)
