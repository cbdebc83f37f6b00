"""Whether this machine's site is half restored, and so must neither serve nor work."""

from pathlib import Path

from django.conf import settings


def marker() -> Path:
    """Return the file that stands meanwhile. ``ops/backup/marker.py`` puts it up."""
    return settings.DATA_DIR / "restoring"


def restoring() -> bool:
    """Look whether the marker stands. One stat."""
    return marker().exists()
