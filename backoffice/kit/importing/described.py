"""What the columns of a resource are called and hold: for reading, writing and explaining files."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from import_export.fields import Field

from backoffice.kit.importing.headings import known_headings, pairs_of
from backoffice.kit.labels import capitalized, field_of, named_in_its_language
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words, column
from summit.lib.spreadsheets import Kind


class Described:
    """The columns of a resource, without its rows."""

    # What columns and bilingual texts are called besides their names and their labels.
    other_headings: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # The labels of columns that are no field of their model, and how to write those.
    own_labels: ClassVar[Mapping[str, Words]] = {}
    own_hints: ClassVar[Mapping[str, Words]] = {}
    # Columns that are read but not written: another column holds the same.
    only_read: ClassVar[frozenset[str]] = frozenset()
    # Columns in which merged cells stand for each of their rows.
    spread: ClassVar[frozenset[str]] = frozenset()
    # A row as somebody would fill it in, for the template, by column.
    example: ClassVar[Mapping[str, Words]] = {}
    fields: dict[str, Field]
    _meta: Any

    @classmethod
    def order(cls) -> list[str]:
        """Return the names of the columns as ``Meta`` has them."""
        return list(cls._meta.fields)

    @classmethod
    def columns(cls) -> list[tuple[str, str, str]]:
        """Return (column, meaning, how to write it) of all columns, in their order."""
        return [(name, cls.label(name), cls.hint(name)) for name in cls.order()]

    @classmethod
    def label(cls, name: str) -> str:
        """Return what a column, or a bilingual text, is called in the current language."""
        if name in cls.own_labels:
            return capitalized(str(cls.own_labels[name]))
        if name in cls.fields:
            return capitalized(named_in_its_language(field_of(cls.meant(name), name)))
        first = column(name, CONTENT_LANGUAGES[0])
        return capitalized(str(field_of(cls.meant(first), first).verbose_name))

    @classmethod
    def hint(cls, name: str) -> str:
        if name in cls.own_hints:
            return str(cls.own_hints[name])
        hint = getattr(cls.fields[name].widget, "hint", "")
        return str(hint or getattr(cls._field(name), "help_text", ""))

    @classmethod
    def _field(cls, name: str) -> models.Field | None:
        return None if name in cls.own_labels else field_of(cls.meant(name), name)

    @classmethod
    def needed(cls) -> set[str]:
        """Return the columns and texts of which a file has at least one, to name its rows."""
        texts = cls._meta.model.required_texts
        return {*texts, *(column(text, each) for text in texts for each in CONTENT_LANGUAGES)} | {
            "slug",
            *getattr(cls, "identifiers", ()),
        }

    @classmethod
    def has_lines(cls, name: str) -> bool:
        """Whether a column, or a bilingual text, holds a long text or a list."""
        each = name if name in cls.fields else column(name, CONTENT_LANGUAGES[0])
        is_list = getattr(cls.fields[each].widget, "is_list", False)
        return is_list or isinstance(cls._field(each), models.TextField)

    @classmethod
    def texts(cls) -> list[str]:
        """Return the bilingual texts, each of which may stand in one column for both languages."""
        return [base for base in pairs_of(cls.order()) if base not in cls.fields]

    @classmethod
    def headings(cls) -> dict[str, str]:
        """Return the column of each heading under which a file may bring it, in any language.

        Headings are those of ``plain_heading``. One that could be of two columns is left out.
        """
        labels: dict[str, list[str]] = {}
        for name in (*cls.order(), *cls.texts()):
            labels[name] = [name]
            for language in CONTENT_LANGUAGES:
                with translation.override(language):
                    labels[name].append(cls.label(name))
        return known_headings(labels, cls.other_headings)

    @classmethod
    def meant(cls, column: str) -> type[models.Model]:
        """Return the model whose field a column fills."""
        return cls._meta.model

    @classmethod
    def options(cls) -> dict[str, forms.Field]:
        """Return what is asked beside the file; the answers are given to the resource."""
        return {}

    @classmethod
    def identified_by(cls) -> str:
        """Say by what a row of a file is known to be one that exists."""
        return _(
            "A row with an existing slug updates what is stored, and an empty cell leaves it "
            "as it is. A row without a slug is added."
        )

    @classmethod
    def written(cls) -> list[str]:
        """Return the columns of an export, in their order."""
        return [name for name in cls.order() if name not in cls.only_read]

    @classmethod
    def header(cls) -> list[str]:
        """Return the headings of an export in the current language, each of which is known."""
        return [cls.label(name) for name in cls.written()]

    @classmethod
    def kinds(cls) -> list[Kind]:
        """Return what each column of an export holds."""
        kinds = (getattr(cls.fields[name].widget, "kind", Kind.TEXT) for name in cls.written())
        return list(kinds)
