"""Slugs, from English as it is and from Chinese through pinyin."""

import itertools
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from anyascii import anyascii
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin

from summit.lib.database.former_slugs import slugs_of_others
from summit.lib.i18n.bilingual import Bilingual, bilingual, in_both
from summit.lib.i18n.likeness import HAN, romanized, simplified, visible

MAX_LENGTH = 100


# A middle dot joins names in both languages; syllables and words must not be glued together.
_DOTS = re.compile(r"[·•・/‧．–—‐‑―]")
_HAN = re.compile(f"[{HAN}]")
# 1.5, 4.0
_POINT = re.compile(r"(?<=\d)[.．](?=\d)")
# What ``pinyin`` leaves is glued to its neighbours: い in おいしい, 𠮷 among characters.
_KANA = re.compile(r"([\u3041-\u30ff]+)")


def pinyin(text: str) -> str:
    """Return Chinese as plain pinyin syllables, other text unchanged: ``王伟`` → ``wang wei``."""
    plain = simplified(visible(text))
    syllables = " ".join(lazy_pinyin(_DOTS.sub(" ", plain), style=Style.NORMAL))
    # What has no reading in pinyin has another one, such as 𠮷.
    rest = _HAN.sub(lambda found: f" {anyascii(found[0])} ", syllables)
    return " ".join(rest.lower().split())


def slug_from(*texts: str, ending: str = "") -> str:
    """Return a slug of the first text that yields one, at most 100 characters with its ending.

    Letters of every alphabet are written as Latin ones. A long text is cut at a word, which
    leaves room for ``ending``, such as ``-2027-05-20``. Empty where no text has a letter or a
    digit.
    """
    for text in texts:
        slug = _cut(slugify(_plain(text)).strip("-_"), MAX_LENGTH - len(ending))
        if slug:
            return slug + ending
    return ""


def free_slug(
    row: models.Model,
    *texts: str,
    ending: str = "",
    within: Mapping[str, object] | None = None,
) -> str:
    """Return a slug that no other row has or had, with ``-2``, ``-3`` … where the plain one is.

    A slug that another row had before still leads to that row. ``within`` says where the slug
    is unique, such as in which event. Room for the number is made before the text is cut, so
    that any number of rows can have one title. Costs two queries, and two more for each thousand
    numbers that are taken. A race for the same slug is settled by the unique column.
    """
    candidates, numbers = [slug_from(*texts, ending=ending) or f"x{ending}"], itertools.count(2)
    while True:
        taken = slugs_of_others(row, candidates, **(within or {}))
        if free := next((each for each in candidates if each not in taken), None):
            return free
        candidates = [
            slug_from(*texts, ending=f"{ending}-{number}") or f"x{ending}-{number}"
            for number in itertools.islice(numbers, 20 if len(candidates) == 1 else 1000)
        ]


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
        self.slug = self.slug or free_slug(self, *texts, within=self.slug_within())

    def slug_within(self) -> dict[str, object]:
        """Return where no two rows have the same slug, such as in which event."""
        return {}


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


def _plain(text: str) -> str:
    """Return the text in ASCII, words and syllables set apart."""
    if text.isascii():
        return _POINT.sub("-", _DOTS.sub(" ", text))
    compatible = unicodedata.normalize("NFKC", visible(text))
    apart = _KANA.sub(r" \1 ", _POINT.sub("-", _DOTS.sub(" ", compatible)))
    return romanized(pinyin(apart))


def _cut(slug: str, length: int) -> str:
    if len(slug) > length:
        slug = slug[: length + 1].rpartition("-")[0] or slug[:length]
    return slug.rstrip("-_")
