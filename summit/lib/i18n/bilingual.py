"""Content in English and Simplified Chinese, side by side, with an honest fallback.

``bilingual(field)`` gives a model two columns, ``title_en`` and ``title_zh_hans``,
and an attribute ``title`` that reads the current language and falls back to the
other. What it returns is a ``Text``: a string that knows its own language.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self, overload

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from translated_fields import TranslatedField

from summit.lib.i18n.languages import CONTENT_LANGUAGES, TAGS, column, current
from summit.lib.i18n.likeness import key


class Text(str):
    """A string in a known language: ``<h1{{ event.title.lang_attr }}>{{ event.title }}</h1>``."""

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, text: str, lang: str) -> Self:
        self = super().__new__(cls, text)
        self.lang = lang
        return self

    @property
    def lang_attr(self) -> SafeString:
        """`` lang="…"`` where the text is not in the page's language, otherwise nothing."""
        if not self or self.lang == current():
            return SafeString("")
        return format_html(' lang="{}"', TAGS[self.lang])

    @property
    def in_span(self) -> SafeString:
        """The text, or a dash where it is empty, in a ``<span>`` that names its language."""
        return format_html("<span{}>{}</span>", self.lang_attr, self or "—")


def other(language: str) -> str:
    return CONTENT_LANGUAGES[1 - CONTENT_LANGUAGES.index(language)]


def text_in(obj: object, name: str, language: str) -> Text:
    """Return the bilingual text in one language, without any fallback."""
    return Text(getattr(obj, column(name, language)) or "", language)


def in_both(obj: object, name: str) -> dict[str, str]:
    """Return ``{"en": …, "zh-hans": …}`` as it stands, empty where it is missing."""
    return {language: str(text_in(obj, name, language)) for language in CONTENT_LANGUAGES}


def pick(texts: dict[str, str]) -> Text:
    """Return the current language's text of ``in_both``, or the other one's."""
    language = current()
    chosen = language if texts.get(language) else other(language)
    return Text(texts.get(chosen) or "", chosen if texts.get(chosen) else language)


def text_of(row: Mapping[str, Any], name: str) -> Text:
    """Return a bilingual text of a row of ``values()`` as an object would."""
    return pick({language: row[column(name, language)] for language in CONTENT_LANGUAGES})


def _with_fallback(name: str, field: TranslatedField) -> Callable[[models.Model], Text]:
    attributes = {language: column(name, language) for language in field.languages}

    def get(self: models.Model) -> Text:
        language = current()
        text = getattr(self, attributes[language])
        if not text:
            language = other(language)
            text = getattr(self, attributes[language])
            if not text:
                return Text("", current())
        return Text(text, language)

    return get


class BilingualField(TranslatedField):
    """What ``bilingual()`` makes of a field: two columns, and a ``Text`` of a row."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, obj: None, objtype: object = None) -> Self: ...
        @overload
        def __get__(self, obj: models.Model, objtype: object = None) -> Text: ...
        def __get__(self, obj: models.Model | None, objtype: object = None) -> Self | Text: ...


def bilingual(field: "models.Field[Any, Any]") -> BilingualField:
    return BilingualField(field, attrgetter=_with_fallback)


class BilingualQuerySet[Row: "Bilingual"](models.QuerySet[Row]):
    def lacking_translation(self, language: str | None = None) -> Self:
        """Rows in which a text stands in the other language but not in ``language`` (or either)."""
        wanted = [language] if language else list(CONTENT_LANGUAGES)
        lacking = models.Q()
        for code in wanted:
            for name in self.model.bilingual_names():
                lacking |= models.Q(**{column(name, code): ""}) & ~models.Q(
                    **{column(name, other(code)): ""}
                )
        return self.filter(lacking)

    def alike(self, *texts: str) -> list[Row]:
        """Return the rows that a text names, or one like it: see ``likeness.fold``.

        Compared with the ``known_by`` of the model. Costs one query, which reads ``search_text``
        of every row; none for texts without a letter.
        """
        keys = {key(text) for text in texts} - {""}
        lines = models.Q(
            *[("search_text__contains", f"\n{each}\n") for each in sorted(keys)],
            _connector=models.Q.OR,
        )
        # A line may be a reading, by which rows are found but are not alike.
        found = self.filter(lines).order_by("pk") if keys else []
        return [row for row in found if not keys.isdisjoint(row.likeness_keys())]

    def doubles(self) -> list[list[int]]:
        """Return the keys of the rows that look alike, in groups that share a name.

        Compared as ``alike`` does. Costs one query, which reads the names of every row, and
        about 50 microseconds a row.
        """
        by_key: dict[str, list[int]] = {}
        for row in self.order_by("pk").only(*self.model.likeness_columns()):
            for each in row.likeness_keys():
                by_key.setdefault(each, []).append(row.pk)
        groups = {tuple(keys): name for name, keys in by_key.items() if len(keys) > 1}
        return [list(keys) for keys, _name in sorted(groups.items(), key=lambda item: item[1])]

    def outdated_translation(self) -> Self:
        """Rows in which one language was edited after the other, and the other not since."""
        return self.exclude(outdated_language="")


class Bilingual(models.Model):
    """A model with bilingual texts, at least one language of each required one.

    ``outdated_language`` names the language whose texts are older than their
    source: it is set when only the other one is rewritten, and cleared when both
    are edited, or when the older one catches up. It is kept by ``clean()``, which
    every write goes through.
    """

    required_texts: tuple[str, ...] = ("title",)
    # The names by which people would notice that a row exists already, for a model that has a
    # ``search_text`` with them. None where rows are meant to have the same, as events of a series.
    known_by: tuple[str, ...] = ()

    outdated_language = models.CharField(
        _("translation to update"),
        max_length=10,
        blank=True,
        editable=False,
        default="",
        choices=[
            ("en", pgettext_lazy("text", "English")),
            ("zh-hans", pgettext_lazy("text", "Chinese")),
        ],
    )
    outdated_since = models.DateTimeField(
        _("translation outdated since"), null=True, blank=True, editable=False
    )

    class Meta:
        abstract = True

    @classmethod
    def bilingual_names(cls) -> list[str]:
        """The names of the bilingual fields, in the order of their declaration."""
        ending = "_" + CONTENT_LANGUAGES[0]
        return [
            field.name.removesuffix(ending)
            for field in cls._meta.concrete_fields
            if getattr(field, "_translated_field_language_code", None) == CONTENT_LANGUAGES[0]
        ]

    @classmethod
    def likeness_columns(cls) -> list[str]:
        """Return the columns that ``likeness_keys`` reads."""
        return [column(name, language) for name in cls.known_by for language in CONTENT_LANGUAGES]

    def likeness_keys(self) -> set[str]:
        """Return what the names of the row are compared by, in both languages."""
        texts = (text_in(self, name, each) for name in self.known_by for each in CONTENT_LANGUAGES)
        return {key(text) for text in texts} - {""}

    def clean(self) -> None:
        super().clean()
        missing = {
            column(name, current()): ValidationError(
                _("Fill this in, in English or in Chinese."), code="no_language"
            )
            for name in self.required_texts
            if not any(text_in(self, name, language).strip() for language in CONTENT_LANGUAGES)
        }
        if missing:
            raise ValidationError(missing)
        self._note_edited_languages()

    def _note_edited_languages(self) -> None:
        columns = {
            language: [column(name, language) for name in self.bilingual_names()]
            for language in CONTENT_LANGUAGES
        }
        before = (
            type(self)
            ._base_manager.filter(pk=self.pk)
            .values(*columns["en"], *columns["zh-hans"])
            .first()
            if self.pk
            else None
        )
        if before is None:
            return
        # Filling in what was empty is translating; rewriting what stood there is
        # a new source, which leaves the other language behind.
        touched, rewritten = set(), set()
        for language, names in columns.items():
            for name in names:
                if before[name] != getattr(self, name):
                    touched.add(language)
                    if before[name]:
                        rewritten.add(language)
        if self.outdated_language in touched or len(touched) == len(CONTENT_LANGUAGES):
            self.mark_translated()
        elif rewritten and not self.outdated_language:
            lagging = other(rewritten.pop())
            if any(getattr(self, name) for name in columns[lagging]):
                self.outdated_language, self.outdated_since = lagging, timezone.now()

    def mark_translated(self) -> None:
        """Say that both languages tell the same again. Saves nothing."""
        self.outdated_language, self.outdated_since = "", None
