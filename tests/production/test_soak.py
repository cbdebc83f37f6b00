import subprocess
import sys

import pytest

from tests.stack import ROOT

pytestmark = pytest.mark.production


def test_mixed_load_leaves_nothing_behind_and_breaks_nothing():
    """Twenty seconds of what ``make soak MINUTES=30`` does for half an hour."""
    done = subprocess.run(
        [sys.executable, "scripts/soak.py", "--minutes", "0.34"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "All is well." in done.stdout
