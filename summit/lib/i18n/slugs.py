"""Slugs, from English as it is and from Chinese through pinyin."""

import re
from typing import Any

from django.db import models
from django.utils.text import slugify
from pypinyin import Style, lazy_pinyin

MAX_LENGTH = 100


# A middle dot joins names in both languages; syllables and words must not be glued together.
_DOTS = re.compile(r"[·•・/]")


def pinyin(text: str) -> str:
    """Return Chinese as plain pinyin syllables, other text unchanged: ``王伟`` → ``wang wei``."""
    syllables = lazy_pinyin(_DOTS.sub(" ", text), style=Style.NORMAL)
    return " ".join(" ".join(syllables).lower().split())


def slug_from(*texts: str) -> str:
    """Return a slug of the first text that yields one, cut at a word, at most 100 characters."""
    for text in texts:
        plain = text if text.isascii() else pinyin(text)
        slug = slugify(_DOTS.sub(" ", plain))
        if len(slug) > MAX_LENGTH:
            slug = slug[: MAX_LENGTH + 1].rpartition("-")[0] or slug[:MAX_LENGTH]
        if slug:
            return slug
    return ""


def free_slug(rows: models.QuerySet[Any], *texts: str) -> str:
    """Return a slug that no row has yet, with ``-2``, ``-3`` … where the plain one is taken.

    Costs one query. A race for the same slug is settled by the unique column.
    """
    base = slug_from(*texts) or "x"
    taken = set(rows.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug = f"{base[: MAX_LENGTH - 4]}-{number}"
        number += 1
    return slug
