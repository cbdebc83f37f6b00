"""Where the browser of the browser tests is."""

import os
import shutil
from pathlib import Path


def find_chromium() -> str | None:
    """Return the path that CHROMIUM names, else a Chromium or Chrome on the path."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen if Path(chosen).exists() else None
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((found for name in names if (found := shutil.which(name))), None)
