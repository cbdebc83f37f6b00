"""What a phone does to pages: where lines break, how large targets are, text at twice its size."""

import pytest

from tests.journeys.conftest import LANGUAGES, PHONE
from tests.journeys.test_registration_pages import forms, personal

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 390, 640)
# Days, times and zones whose text stands on two lines although one has room for it.
BROKEN = """
() => [...document.querySelectorAll("time, .whole, .figures")].filter((e) => {
  if (!e.checkVisibility() || e.querySelector("time, .whole")) return false;
  const range = document.createRange();
  range.selectNodeContents(e);
  const lines = new Set([...range.getClientRects()].map((r) => Math.round(r.top)));
  if (lines.size < 2) return false;
  const copy = e.cloneNode(true);
  copy.style.cssText = "position:absolute;white-space:nowrap;max-inline-size:none";
  e.parentElement.append(copy);
  const needs = copy.getBoundingClientRect().width;
  copy.remove();
  let room = e.parentElement;
  while (getComputedStyle(room).display.startsWith("inline")) room = room.parentElement;
  return needs <= room.clientWidth;
}).map((e) => e.textContent.trim())
"""
# Links and buttons that are no part of a sentence, and on which a finger has less than 44 px.
SMALL = """
() => {
  const runs = (e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("");
  const inSentence = (e) => {
    if (e.closest(".prose, .notice, .lead, .paper-note, .empty p")) return true;
    const block = e.parentElement.closest("p, dd, li, td, div, h1, h2, h3, h4, nav, body");
    return /[\\p{L}\\p{N}]{2}/u.test(runs(block)) && getComputedStyle(e).display === "inline";
  };
  const reach = (e, x, y, dx, dy) => {
    let n = 0;
    while (n < 60) {
      const hit = document.elementFromPoint(x + dx * (n + 1), y + dy * (n + 1));
      if (!hit || !(e === hit || e.contains(hit))) break;
      n += 1;
    }
    return n;
  };
  const found = [];
  for (const e of document.querySelectorAll("a[href], button, summary, select, input")) {
    if (!e.checkVisibility({ visibilityProperty: true }) || e.closest(".trap")) continue;
    if (inSentence(e)) continue;
    if (e.matches("[type=hidden], [type=checkbox], [type=radio], .skip")) continue;
    e.scrollIntoView({ block: "center" });
    const r = e.getClientRects()[0];
    const [x, y] = [r.left + r.width / 2, r.top + r.height / 2];
    if (x < 0 || x > innerWidth) continue;
    const high = 1 + reach(e, x, y, 0, -1) + reach(e, x, y, 0, 1);
    const wide = 1 + reach(e, x, y, -1, 0) + reach(e, x, y, 1, 0);
    if (high < 43 || wide < 43) found.push(`${wide} × ${high} ${e.outerHTML.slice(0, 140)}`);
  }
  return found;
}
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_breaks_within_a_day_a_time_or_a_zone(site, page, language):
    broken, looked_at = [], 0

    for path in site.one_of_each(language):
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            broken += [f"{path} {width} {text}" for text in page.evaluate(BROKEN)]
        looked_at += page.locator("time, .whole").count()

    assert looked_at > 100
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_that_stand_alone_have_room_for_a_finger(site, browser, language):
    context = browser.new_context(base_url=site.url, has_touch=True, is_mobile=True, viewport=PHONE)
    page = context.new_page()
    small = []

    paths = site.one_of_each(language)
    paths += [f"/{language}/{path}" for path in (forms() | personal()).values()]
    for path in paths:
        page.goto(path)
        small += [f"{path} {each}" for each in page.evaluate(SMALL)]

    assert small == []
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_at_twice_its_size_pushes_no_page_sideways(site, page, language):
    page.set_viewport_size({"width": 375, "height": 740})
    paths = site.one_of_each(language)
    paths += [f"/{language}/{path}" for path in (forms() | personal()).values()]
    wide = []

    for path in paths:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 375:
            wide.append(f"{path} {width}")

    assert wide == []
