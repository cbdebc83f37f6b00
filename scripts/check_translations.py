"""Refuses a catalogue that does not say everything in Chinese.

Names each word of the code that the catalogue does not hold (where gettext is
installed), each without a translation, and a .mo file older than its .po.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")


def main() -> int:
    catalogue = polib.pofile(str(ROOT / CATALOGUE))
    found = [f"no translation of “{entry.msgid}”" for entry in catalogue.untranslated_entries()]
    found += [f"uncertain (fuzzy): “{entry.msgid}”" for entry in catalogue.fuzzy_entries()]
    compiled = (ROOT / CATALOGUE).with_suffix(".mo")
    if not compiled.exists() or words(polib.mofile(str(compiled))) != words(
        catalogue.translated_entries()
    ):
        found.append("the .mo file tells something else; run make messages")
    if shutil.which("xgettext"):
        known = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
        found += [
            f"not in the catalogue: “{msgid}”; run make messages"
            for context, msgid in sorted(used(), key=str)
            if (context, msgid) not in known
        ]
    else:
        print("gettext is not installed: whether every word is in the catalogue was left out.")
    for line in found:
        print(f"{CATALOGUE}: {line}", file=sys.stderr)
    return 1 if found else 0


def words(entries: list[polib.POEntry]) -> dict[tuple[str | None, str], str | dict[int, str]]:
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr or dict(entry.msgstr_plural) for entry in entries
    }


def used() -> set[tuple[str | None, str]]:
    """Return (context, msgid) of every word in the code, collected in a copy of it."""
    listing = ["git", "ls-files", "-z", "--", "*.py", "*.html", "*.txt", ":!tests", ":!scripts"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory() as copy:
        (Path(copy) / "locale").mkdir()
        for name in filter(None, names.split("\0")):
            if (ROOT / name).exists():
                (Path(copy) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, Path(copy) / name)
        command = [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "-v", "0"]
        subprocess.run(command, cwd=copy, check=True)
        return {(e.msgctxt, e.msgid) for e in polib.pofile(str(Path(copy) / CATALOGUE))}


if __name__ == "__main__":
    sys.exit(main())
