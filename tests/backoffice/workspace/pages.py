"""Reads the pages of an event's workspace, and types into their rows."""

import re

from tests.backoffice.posting import url


def names(page) -> list[str]:
    """Name the pages that the menu leads to."""
    [*menus] = re.findall(r'<nav class="event-menu".*?</nav>', page.text, re.S)
    return [name for menu in menus for name in re.findall(r"/event/\d+/(\w+)/", menu)]


def present(page) -> list[str]:
    """Name the entries that are marked as the present one."""
    return re.findall(r'/event/\d+/(\w+)/" aria-current="page"', page.text)


def type_rows(person, event, page, *rows, **more):
    """Type rows into a page of an event and press “Save”."""
    data = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0, **more}
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{name}": value for name, value in row.items()}
    return person.post(url(event, page), data)


def row_errors(response) -> dict:
    """Return every message of rows that were refused, by the name of its box."""
    assert response.status_code == 200, response
    formset = response.context["rows"]
    return {
        form.add_prefix(name): [str(each) for each in texts]
        for form in formset
        for name, texts in form.errors.items()
    }
