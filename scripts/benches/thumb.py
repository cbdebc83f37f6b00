"""The thumb of a visitor on a phone, and how long it takes by a keystroke model.

The operators are those of Card, Moran and Newell (1980): a tap is pointing and pressing, and a
moment of thought (1.35 s) goes before each box. On a phone letters are slower than in ``hand.py``:
half of the speed that Ruan and others (2018) measured with the pinyin and the English keyboard of
a phone. What the machine takes does not count.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from scripts.benches.hand import PAGE, WIDE

TAP, THOUGHT, SWIPE = 1.3, 1.35, 0.8
LATIN, CHINESE = 0.46, 1.0
# To the other window and back, hold, extend the selection, copy; hold in the box, paste.
PASTE = 7 * TAP
# A swipe moves so much of the window, of which the keyboard covers a part.
OF_WINDOW = 0.4


@dataclass
class Thumb:
    """Does on a page what a visitor does, and counts it. ``taps`` leaves the pasted texts out."""

    page: Page
    taps: int = 0
    pasted: int = 0
    boxes: int = 0
    swipes: float = 0
    loads: int = 0
    typing: float = 0

    def open(self, address: str) -> None:
        """Follow a link or a QR code: one tap."""
        self.taps += 1
        self.loads += 1
        self.page.goto(address)

    def paste(self, name: str, text: str) -> None:
        """Put a text that was written elsewhere into a box."""
        self.boxes += 1
        self.pasted += 1
        self._reach(f"[name={name}]").fill(text)

    def type(self, name: str, text: str) -> None:
        """Tap a box and type."""
        self.boxes += 1
        self.taps += 1
        wide = len(WIDE.findall(text))
        self.typing += wide * CHINESE + (len(text) - wide) * LATIN
        box = self._reach(f"[name={name}]")
        box.tap()
        box.fill(text)

    def pick(self, name: str, text: str) -> None:
        """Open a list of choices, and tap the first that holds the text: two taps."""
        self.boxes += 1
        self.taps += 2
        box = self._reach(f"select[name={name}]")
        labels = box.locator("option").all_text_contents()
        index = next(n for n, label in enumerate(labels) if text in label)
        # A long list is swiped through, eight lines at a time.
        self.swipes += index // 8
        box.select_option(index=index)

    def tick(self, name: str, *texts: str) -> None:
        """Tap the boxes whose labels hold these texts."""
        self.boxes += 1
        for text in texts:
            self.taps += 1
            label = f"label:has([name={name}]):has-text('{text}')"
            self._reach(label).tap()

    def press(self, selector: str) -> None:
        """Tap a button that leads to another page."""
        self.taps += 1
        self.loads += 1
        button = self._reach(selector)
        with self.page.expect_navigation():
            button.tap()

    def _reach(self, selector: str) -> Locator:
        """Bring something into the middle of the window, by as many swipes as it takes."""
        found = self.page.locator(selector).first
        away = found.evaluate(
            "element => { const box = element.getBoundingClientRect(), height = innerHeight;"
            " return box.top < 0 || box.bottom > height"
            " ? Math.abs(box.top + box.height / 2 - height / 2) / height : 0; }"
        )
        if away:
            self.swipes += away / OF_WINDOW
            found.evaluate("element => element.scrollIntoView({block: 'center'})")
        return found

    @property
    def seconds(self) -> float:
        return (
            self.taps * TAP
            + self.pasted * PASTE
            + self.boxes * THOUGHT
            + self.swipes * SWIPE
            + self.loads * PAGE
            + self.typing
        )
