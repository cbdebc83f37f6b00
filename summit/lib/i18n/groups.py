"""The groups that staff are put into, and what pages call them.

The names are stored, asked for and audited as they are, whatever the language.
"""

from django.utils.translation import pgettext_lazy

ORGANIZER = "Organizer"
AUDITOR = "Auditor"
DESK = "Desk"
IN_WORDS = {
    ORGANIZER: pgettext_lazy("group of staff", "Organizer"),
    AUDITOR: pgettext_lazy("group of staff", "Auditor"),
    DESK: pgettext_lazy("group of staff", "Desk"),
}


def group_in_words(name: str) -> str:
    """Return the name of a group in the current language; one that was added keeps its own."""
    return str(IN_WORDS.get(name, name))
