"""Where private files and pictures lie, as the environment says; refusals as in ``summit.env``."""

from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured


def private_files(
    url: str, directory: Path, *, public: list[Path], key: str, secret: str, group_may_read: bool
) -> dict[str, Any]:
    """Return Django's settings for the storage of private files.

    In ``directory``, unless ``url`` names another place, such as
    ``s3://bucket/prefix?endpoint=https://…&region=…``. Raises ``ImproperlyConfigured``
    where the directory lies in one that is ``public`` or holds one.
    """
    if url:
        _needs_s3("PRIVATE_STORAGE_URL")
        return {
            "BACKEND": "summit.lib.files.private_s3.PrivateS3Storage",
            "OPTIONS": s3_options(url, key=key, secret=secret),
        }
    ours = directory.resolve()
    for other in (each.resolve() for each in public):
        if ours.is_relative_to(other) or other.is_relative_to(ours):
            raise ImproperlyConfigured(
                f"Private files would lie in {ours}, of which {other} is served to everybody. "
                "Set DATA_DIR or STATIC_ROOT so that neither is inside the other."
            )
    return {
        "BACKEND": "summit.lib.files.private_files.PrivateFileSystemStorage",
        "OPTIONS": {"location": str(directory), "group_may_read": group_may_read},
    }


def pictures(url: str, *, private_url: str, key: str, secret: str) -> dict[str, Any]:
    """Return Django's settings for the storage of pictures, which everybody may read.

    In ``MEDIA_ROOT``, unless ``url`` names a place in S3-compatible storage. Raises
    ``ImproperlyConfigured`` where that holds the private files, or lies among them.
    """
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    _needs_s3("MEDIA_STORAGE_URL")
    options = s3_options(url, key=key, secret=secret, name="MEDIA_STORAGE_URL")
    private = s3_options(private_url, key=key, secret=secret) if private_url else {}
    if options["bucket_name"] == private.get("bucket_name"):
        ours, theirs = PurePosixPath(options["location"]), PurePosixPath(private["location"])
        if ours.is_relative_to(theirs) or theirs.is_relative_to(ours):
            raise ImproperlyConfigured(
                "MEDIA_STORAGE_URL and PRIVATE_STORAGE_URL: pictures are served to everybody. "
                "Give each a bucket or a prefix of its own, neither inside the other."
            )
    return {"BACKEND": "summit.lib.files.picture_s3.PictureS3Storage", "OPTIONS": options}


def s3_options(
    url: str, *, key: str, secret: str, name: str = "PRIVATE_STORAGE_URL"
) -> dict[str, str]:
    """Return the options of the URL in the variable ``name``; raise ``ImproperlyConfigured``.

    Without keys the packages look for those of the machine, as on Amazon's own.
    """
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    words = {"endpoint": "endpoint_url", "region": "region_name", "addressing": "addressing_style"}
    if parts.scheme != "s3" or not parts.netloc or set(given) - set(words) or parts.fragment:
        raise ImproperlyConfigured(
            f"{name}: write it as s3://bucket/prefix?endpoint=https://…&region=…"
            "&addressing=path. A bucket is needed, all the rest may be left out."
        )
    if parts.username is not None:
        raise ImproperlyConfigured(
            f"{name}: keys belong in S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY."
        )
    if "endpoint" in given and urlsplit(given["endpoint"]).scheme not in ("https", "http"):
        raise ImproperlyConfigured(f"{name}: the endpoint begins with https://.")
    if given.get("addressing", "auto") not in ("auto", "path", "virtual"):
        raise ImproperlyConfigured(f"{name}: addressing is path, virtual or auto.")
    if bool(key) != bool(secret):
        raise ImproperlyConfigured("Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or neither.")
    options = {words[word]: value for word, value in given.items()}
    options |= {"bucket_name": parts.netloc, "location": parts.path.strip("/")}
    return options | ({"access_key": key, "secret_key": secret} if key else {})


def _needs_s3(variable: str) -> None:
    try:
        import boto3  # noqa: F401
        import storages  # noqa: F401
    except ImportError as error:
        raise ImproperlyConfigured(
            f"{variable} needs two packages more: "
            "pip install --require-hashes -r requirements/base.txt -r requirements/s3.txt"
        ) from error


def accel_prefix(prefix: str, *, on_disk: bool) -> str:
    """Return the address inside the proxy under which it finds private files, or nothing."""
    if not prefix:
        return ""
    if not prefix.startswith("/") or not prefix.strip("/"):
        raise ImproperlyConfigured("X_ACCEL_PREFIX: write an address such as /private-files/.")
    if not on_disk:
        raise ImproperlyConfigured(
            "X_ACCEL_PREFIX is for private files on the disk; PRIVATE_STORAGE_URL puts them "
            "elsewhere. Unset one of the two."
        )
    return f"/{prefix.strip('/')}/"
