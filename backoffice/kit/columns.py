"""Columns that several lists of the admin have."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.languages import Words


def state_mark(name: str, words: Words) -> SafeString:
    """Return a state in words, in the colours that the style sheet has for its name."""
    return format_html('<span class="state state-{}">{}</span>', name, words)


@admin.display(description=_("status"), ordering="status")
def status_column(self: Any, row: Any) -> str:
    """Show the status of a row. For a page that has it as a method."""
    return state_mark(row.status, row.get_status_display())


def count_column(name: str, description: Words) -> Callable[[Any, Any], int]:
    """Return a column with a number that the page's ``get_queryset`` adds to each row."""

    @admin.display(description=description, ordering=name)
    def column(self: Any, row: Any) -> int:
        return getattr(row, name)

    return column
