"""Reads the pages of an event's workspace, and types into their rows."""

import re
from html.parser import HTMLParser

from django.db import connection
from django.test.utils import CaptureQueriesContext

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


class _Form(HTMLParser):
    """Reads what a browser would send of the form of a page if nothing were typed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str | list[str]] = {}
        self.depth = 0
        self.select: tuple[str, bool] | None = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.depth += tag == "template"
        if self.depth:
            return
        name, value = given.get("name"), given.get("value") or ""
        if tag == "input" and name and given.get("type") not in ("submit", "file"):
            if given.get("type") not in ("checkbox", "radio"):
                self.sent[name] = value
            elif "checked" in given:
                self.sent[name] = value or "on"
        if tag == "select" and name:
            self.select = (name, "multiple" in given)
            if "multiple" in given:
                self.sent[name] = []
        if tag == "option" and self.select:
            name, is_multiple = self.select
            if is_multiple and "selected" in given:
                self.sent[name].append(value)
            elif not is_multiple and ("selected" in given or name not in self.sent):
                self.sent[name] = value

    def handle_endtag(self, tag):
        self.depth -= tag == "template"
        if tag == "select":
            self.select = None


def typed_in(page) -> dict:
    """Return what a browser would send of a page's form if nothing were typed."""
    form = _Form()
    form.feed(page.text[page.text.index('id="content-main"') :])
    return form.sent


# The programme


def row(number: int, people: list[dict] | None = None, **fields) -> dict:
    """Return what is typed in a row of the table, with people below it."""
    prefix = f"sessions-{number}"
    typed = {"day": "2020-10-29", "kind": "keynote", "title_en": "Blood"} | fields
    found = {f"{prefix}-{name}": value for name, value in typed.items()}
    found |= {
        f"{prefix}-people-TOTAL_FORMS": len(people or ()),
        f"{prefix}-people-INITIAL_FORMS": 0,
    }
    for place, person in enumerate(people or ()):
        given = {"role": "host"} | person
        found |= {f"{prefix}-people-{place}-{name}": value for name, value in given.items()}
    return found


def new_rows(*rows: dict, initial: int = 0) -> dict:
    """Return rows that are added below the ``initial`` ones."""
    found = {"sessions-TOTAL_FORMS": initial + len(rows), "sessions-INITIAL_FORMS": initial}
    for number, each in enumerate(rows, initial):
        found |= row(number, **each)
    return found


def program(person, event, **changes):
    """Save the programme of an event with some of it changed."""
    address = url(event, "programme")
    return person.post(address, {**typed_in(person.get(address)), **changes, "_save": "Save"})


def cost(person, address) -> int:
    """Return how many queries a page costs which has been shown before."""
    person.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert person.get(address).status_code == 200
    return len(queries)
