"""What is said where a row like the one that is written exists already."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

# The rows that somebody was told of, as the form brings them back.
FIELD = "_alike"
# More are not named one by one.
MOST = 5


def link_to(row: Model) -> SafeString:
    """Return the name of a row with a link to its page, which leaves what was typed open."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>', reverse(name, args=[row.pk]), row
    )


def told_of(rows: Iterable[Model], sent: Any) -> bool:
    """Whether a form that is sent again knows of all these rows."""
    return {str(row.pk) for row in rows} <= set(str(sent or "").split(","))


def keys_of(rows: Iterable[Model]) -> str:
    return ",".join(str(row.pk) for row in rows)


def explain(rows: list[Any]) -> SafeString:
    """Name the rows, with links, and say that saving again goes on."""
    return format_html(
        ngettext(
            "{links} exists already. If this is another one, save again.",
            "{links} exist already. If this is another one, save again.",
            len(rows),
        ),
        links=format_html_join(", ", "{}", ((link_to(row),) for row in rows[:MOST])),
    )
