"""The version of everything that public pages show.

Why a page kept under a version is never stale. The version is the set of tokens in
``ContentVersion``. Every transaction that writes to a watched table adds a fresh
random token in that same transaction (see ``triggers``), so that content and version
become visible in one moment, the commit, and a version that has gone never comes
back, not after a rollback or a restored backup either. A reader takes the version
first, then renders, then keeps the page under that version. What it rendered may be
newer than the version, where somebody commits in between, but never older; and if it
is newer, the version that it was kept under is gone already and nobody will ask for
it again. So whoever finds a page under the version of this moment finds what this
moment would render.

The row with number 1 is the base. It is taken away before a migration and put back,
fresh, when all triggers stand (see ``triggers``). Without it there is no version and
nothing is kept: after a migration that failed half-way pages are slower, not wrong.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models
from simple_history.models import HistoricalChanges

from website.models import ContentVersion

BASE = 1
TABLE = ContentVersion._meta.db_table


def watched_models() -> list[type[models.Model]]:
    """All models whose rows public pages may show, with the tables of many-to-many relations."""
    return [model for model in _public_apps_models() if not _is_unwatched(model)]


def unwatched_models() -> list[type[models.Model]]:
    """The models of the same apps that say, or are known, not to be on public pages."""
    return [model for model in _public_apps_models() if _is_unwatched(model)]


def version() -> str | None:
    """Return the version of the content, or None when nothing may be kept. One query.

    Inside a transaction there is none: it sees its own uncommitted rows, which
    nobody else may be shown, and has one token however often it writes.
    """
    if connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, token FROM {TABLE} ORDER BY id")  # noqa: S608 - our own name
        rows = cursor.fetchall()
    if not rows or rows[0][0] != BASE:
        return None
    return " ".join(token for _id, token in rows)


def _public_apps_models() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if getattr(config, "shown_on_public_pages", False):
            for model in config.get_models(include_auto_created=True):
                if model._meta.managed and not model._meta.proxy:
                    yield model


def _is_unwatched(model: type[models.Model]) -> bool:
    # Nothing on a public page is read from the history.
    return issubclass(model, HistoricalChanges) or not getattr(model, "shown_on_public_pages", True)
