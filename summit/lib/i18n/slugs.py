"""Slugs, from English as it is and from Chinese through pinyin."""

import re
from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin

from summit.lib.i18n.bilingual import Bilingual, bilingual, in_both

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


class Slugged(Bilingual):
    """A bilingual model that is called by its first required text, and whose page by a slug of it.

    ``clean()`` makes the slug where it is empty.
    """

    slug: "models.SlugField[Any, Any]"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, self.required_texts[0]))

    def clean(self) -> None:
        super().clean()
        texts = in_both(self, self.required_texts[0]).values()
        self.slug = self.slug or free_slug(self.rows_beside().exclude(pk=self.pk), *texts)

    def rows_beside(self) -> models.QuerySet[Any]:
        """Return the rows of which no two have the same slug."""
        return type(self)._base_manager.all()


class Titled(Slugged):
    """A model whose rows have a title."""

    title = bilingual(models.CharField(_("title"), max_length=200, blank=True))
    title_en: str
    title_zh_hans: str
    slug = models.SlugField(
        _("slug"),
        max_length=MAX_LENGTH,
        unique=True,
        blank=True,
        help_text=_("The last part of the page's address. Left empty, it is made from the title."),
    )

    class Meta:
        abstract = True
