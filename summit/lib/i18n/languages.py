"""The languages of the content, and those that people speak."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# A text of the interface, translated at once or only where it is shown.
type Words = str | StrPromise

CONTENT_LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)

# BCP 47 tags, as the lang attribute and hreflang carry them.
TAGS = {"en": "en", "zh-hans": "zh-Hans"}

# As each calls itself: the same whatever language the page is in.
OWN_NAMES = {"en": "English", "zh-hans": "中文"}

# Spoken languages by ISO 639-1 code, the likely ones first.
SPOKEN = [
    ("en", _("English")),
    ("zh", _("Chinese")),
    ("ar", _("Arabic")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("fi", _("Finnish")),
    ("fr", _("French")),
    ("he", _("Hebrew")),
    ("hi", _("Hindi")),
    ("it", _("Italian")),
    ("ja", _("Japanese")),
    ("ko", _("Korean")),
    ("nl", _("Dutch")),
    ("pl", _("Polish")),
    ("pt", _("Portuguese")),
    ("ru", _("Russian")),
    ("sv", _("Swedish")),
]


def current() -> str:
    """Return the content language of the running request, the default where it has none."""
    language = get_language() or settings.LANGUAGE_CODE
    return language if language in CONTENT_LANGUAGES else CONTENT_LANGUAGES[0]


def with_more(what: object, more: object) -> str:
    """Return ``what (more)``, in brackets of the current language: ``CN（中国）``."""
    return gettext("%(what)s (%(more)s)") % {"what": what, "more": more}


def column(name: str, language: str) -> str:
    """Return a bilingual field's column: ``title``, ``zh-hans`` → ``title_zh_hans``."""
    return f"{name}_{language.replace('-', '_')}"


def columns(*names: str) -> list[str]:
    """Return the columns of bilingual fields, in every language."""
    return [column(name, language) for name in names for language in CONTENT_LANGUAGES]


def validate_spoken(codes: list[str]) -> None:
    """Refuse anything but a list of the codes of ``SPOKEN``."""
    known = dict(SPOKEN)
    is_list = isinstance(codes, list)
    unknown = [str(code) for code in codes if str(code) not in known] if is_list else []
    if not is_list or unknown:
        raise ValidationError(
            _("Choose languages by their codes, such as en or zh. Unknown: %(codes)s"),
            code="unknown_language",
            params={"codes": ", ".join(unknown) or "?"},
        )


def spoken_names(codes: list[str]) -> list[str]:
    known = dict(SPOKEN)
    return [str(known.get(code, code)) for code in codes]


def listed(names: Iterable[object]) -> str:
    """Join names as the language does: ``a, b`` and ``a、b``."""
    return pgettext("between names", ", ").join(str(name) for name in names)


def listed_long(texts: Iterable[object]) -> str:
    """Join texts that may hold commas themselves: ``a; b`` and ``a；b``."""
    return pgettext("between texts", "; ").join(str(text) for text in texts)
