"""The marker that stands while a backup is put back, and when that was cut off."""

import json
import os
from pathlib import Path

from django.conf import settings


def path() -> Path:
    return settings.DATA_DIR / "restoring"


def restoring() -> bool:
    """Return whether this machine's site is half restored and must serve nobody. One stat."""
    return path().exists()


def begin(backup: str) -> bool:
    """Put up the marker, on the disk before this returns; return whether it is a new one.

    One that stands already was left by a restore that was cut off.
    """
    if restoring():
        return False
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("w", encoding="utf-8") as file:
        json.dump({"backup": backup}, file)
        file.flush()
        os.fsync(file.fileno())
    return True


def end() -> None:
    path().unlink()
