"""Refuses a template of HTML in which a line is too long to read.

Templates of plain text are left out: a line of theirs is a line of the mail.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 120


def main() -> int:
    listing = ["git", "ls-files", "-z", "--", "templates/*.html"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    too_long = [
        f"{name}:{number}: {len(line)} characters, {LONGEST} at most"
        for name in filter(None, names.split("\0"))
        if (ROOT / name).exists()
        for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), start=1)
        if len(line) > LONGEST
    ]
    for line in too_long:
        print(line, file=sys.stderr)
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
