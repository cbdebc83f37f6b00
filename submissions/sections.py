"""Texts of their own that stand in one Markdown text, each under its heading.

A project has one description, and forms ask for it in parts. Each part is read from and put
back under its heading, and the rest of the text stays as it is.
"""

import re

_HEADING = "### "
# A line that would begin another part, and one that was kept from doing so.
_BEGINS = re.compile(r"^(?=\\*#)", re.MULTILINE)
_KEPT = re.compile(r"^\\(?=\\*#)", re.MULTILINE)


def read_section(text: str, heading: str) -> str:
    """Return what stands under a heading; "" where the text has no such heading."""
    for title, body in _split(text):
        if title == heading:
            return _KEPT.sub("", body).strip()
    return ""


def write_section(text: str, heading: str, body: str) -> str:
    """Return the text with ``body`` under a heading: in its place, or at the end.

    A line of ``body`` that looks like a heading stays a line.
    """
    kept = _BEGINS.sub(r"\\", body.strip())
    sections, is_there = [], False
    for title, before in _split(text):
        is_this = title == heading and not is_there
        is_there = is_there or is_this
        sections.append((title, kept if is_this else before))
    if not is_there:
        sections.append((heading, kept))
    parts = [f"{_HEADING}{title}\n\n{body}" if title else body for title, body in sections]
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _split(text: str) -> list[tuple[str, str]]:
    """Return the parts of a text with their headings, "" for what stands before the first."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        if line.startswith(_HEADING):
            parts.append((line.removeprefix(_HEADING).strip(), []))
        else:
            parts[-1][1].append(line)
    return [(title, "\n".join(lines).strip()) for title, lines in parts]
