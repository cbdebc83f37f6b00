"""The hand of an organizer in a browser, and how long it takes by a keystroke model.

The seconds of each deed are those of the model; what the machine takes does not count. The
model is that of Card, Moran and Newell (1980), with the values for forms in Chinese.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from playwright.sync_api import Frame, Page

CLICK, BOX, CHOICE, PAGE = 1.3, 1.2, 1.5, 4.0
LATIN, CHINESE = 0.22, 0.7
WIDE = re.compile(r"[⺀-鿿豈-﫿︰-﹏＀-￯、-〿]")
# What is short may well be typed twice, such as the time of day.
LONG = 6


@dataclass
class Hand:
    """Does on a page what an organizer does, and counts it."""

    page: Page
    clicks: int = 0
    boxes: int = 0
    choices: int = 0
    loads: int = 0
    typing: float = 0
    typed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.page.on("framenavigated", self._count_load)

    def _count_load(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.loads += 1

    def click(self, selector: str) -> None:
        """Press a button or follow a link."""
        self.clicks += 1
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def type(self, selector: str, text: str) -> None:
        """Go to a box, by the tabulator or the pointer, and type."""
        self.boxes += 1
        self._type(text)
        self.page.locator(selector).first.fill(text)

    def pick(self, selector: str, text: str) -> None:
        """Choose the first from a list of choices that holds the text."""
        self.choices += 1
        box = self.page.locator(selector).first
        labels = box.locator("option").all_text_contents()
        box.select_option(index=next(n for n, label in enumerate(labels) if text in label))

    def find(self, selector: str, text: str) -> None:
        """Search in a chooser for what begins so, and take the first; type the whole of a new."""
        self.choices += 1
        self._type(text, remember=False)
        box = self.page.locator(selector).first
        box.locator("xpath=following-sibling::span[contains(@class,'select2')]").first.click()
        self.page.locator(".select2-container--open .select2-search__field").last.fill(text)
        found = self.page.locator(".select2-results__option--highlighted")
        found.filter(has_text=text).first.wait_for()
        self.page.keyboard.press("Enter")

    def press(self, key: str) -> None:
        """Press a key that goes on to the next row."""
        self.typing += LATIN
        self.page.keyboard.press(key)

    def _type(self, text: str, *, remember: bool = True) -> None:
        wide = len(WIDE.findall(text))
        self.typing += wide * CHINESE + (len(text) - wide) * LATIN
        if remember and len(text) >= LONG:
            self.typed[text] += 1

    @property
    def beside_typing(self) -> float:
        """Seconds for all but the letters."""
        return self.clicks * CLICK + self.boxes * BOX + self.choices * CHOICE + self.loads * PAGE

    @property
    def typed_twice(self) -> list[str]:
        return [text for text, times in self.typed.items() if times > 1]
