"""What somebody types is looked through once: a long text of blanks holds no worker.

A child reads texts for which going back and forth would take from minutes to hours.
"""

import os
import subprocess
import sys

# In seconds; all of it takes a small part of that.
DEADLINE = 120
CHILD = """
import django

django.setup()

from contextlib import suppress

from backoffice.amounts import Amount
from backoffice.kit.importing import headings, lists, rows, times
from backoffice.kit.importing.columns import Day
from backoffice.programme_people import _named
from events.domain import organization
from registrations.domain import message
from summit.lib.files import sheet_headings

MANY = 100_000
for begun in ("", "{", "王"):
    for repeated in (" ", "{", "(", ",", "\\n", "1", "王", "/", "　"):
        text = f"{begun}{repeated * MANY}x"
        message.placeholders_in(text)
        headings.by_letters(text)
        lists.split(text)
        _named(text)
        organization._BOTH.split(text)
        rows.PERSONAL_TITLES.sub("", text)
        rows._WITH_MORE.fullmatch(text)
        sheet_headings.columns_in([text], {})
        sheet_headings.is_number(text)
        sheet_headings.mark_of(text)
        for read in (Amount().clean, times.read_hours, Day().clean):
            with suppress(ValueError):
                read(text)
        with suppress(ValueError):
            times.read_day(text, [])
print("read")
"""


def test_texts_are_read_in_one_pass():
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )

    assert done.stdout == "read\n", done.stderr
