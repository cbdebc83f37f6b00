"""A few keywords in one column: typed with any signs between them, kept in one form."""

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from summit.lib.i18n.likeness import HAN, key, one_line

MOST = 5
# Of each, in letters; in Chinese characters where it has any.
LONGEST, LONGEST_CHINESE = 40, 10

_SIGNS = re.compile(r"[,;，；、|｜\r\n\v\f\x85\u2028\u2029]")
_CHINESE = re.compile(f"[{HAN}]")

if TYPE_CHECKING:
    _Base = models.CharField[Any, Any]
else:
    _Base = models.CharField


def split_keywords(text: str) -> list[str]:
    """Return the keywords of a text, each once, in their order: likenesses count as the same."""
    found = {key(word) or word: word for word in map(one_line, _SIGNS.split(text)) if word}
    return list(found.values())


def join_keywords(words: list[str]) -> str:
    """Return the one form in which keywords are kept: ``血液检测、POCT``, ``blood, POCT``."""
    return ("、" if any(map(_CHINESE.search, words)) else ", ").join(words)


class KeywordsField(_Base):
    """At most five keywords. ``clean`` brings them into their one form, or refuses them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # As many letters as five long keywords have, with room for how they are typed.
        kwargs = {"max_length": 300, "blank": True, "default": "", "db_default": "", **kwargs}
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        words = split_keywords(super().clean(value, model_instance))
        if len(words) > MOST:
            raise ValidationError(
                _("Enter at most %(most)d keywords; these are %(count)d.")
                % {"most": MOST, "count": len(words)},
                code="too_many_keywords",
            )
        for word in words:
            if len(word) > (LONGEST_CHINESE if _CHINESE.search(word) else LONGEST):
                raise ValidationError(
                    _("“%(word)s” is too long: at most 10 Chinese characters or 40 letters.")
                    % {"word": word},
                    code="long_keyword",
                )
        return join_keywords(words)

    def deconstruct(self) -> Any:
        # The column itself is a plain one, so that no migration needs to know of this class.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
