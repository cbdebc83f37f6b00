"""Reads the pages of an event's workspace."""

import re


def names(page) -> list[str]:
    """Name the pages that the menu leads to."""
    [*menus] = re.findall(r'<nav class="event-menu".*?</nav>', page.text, re.S)
    return [name for menu in menus for name in re.findall(r"/event/\d+/(\w+)/", menu)]


def present(page) -> list[str]:
    """Name the entries that are marked as the present one."""
    return re.findall(r'/event/\d+/(\w+)/" aria-current="page"', page.text)
