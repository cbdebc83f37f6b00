"""What a poster says. Apart from the drawing, since no web process needs Pillow."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What stands below the title, after a word that says what it is."""

    label: str
    text: str


@dataclass(frozen=True)
class Content:
    """All that a poster says, in one language; its title may be in another."""

    language: str
    title: str
    title_language: str
    kind: str
    lines: tuple[Line, ...]
    # That it was cancelled or postponed, or that it is invented.
    notice: str
    invitation: str
    site_name: str
    # What the QR code leads to.
    address: str
    # What its drawing is made from.
    slug: str
    family: str

    @property
    def small_texts(self) -> list[str]:
        """All texts but the title."""
        lines = [text for line in self.lines for text in (line.label, line.text)]
        return [self.kind, *lines, self.notice, self.invitation, self.site_name]
