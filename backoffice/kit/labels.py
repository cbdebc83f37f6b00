"""The names of fields, with the language where they are one half of a bilingual pair."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext

from summit.lib.i18n.bilingual import other
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, TAGS, Words, column, current


def pair(name: str) -> tuple[str, str]:
    """Return both columns of a bilingual field, to stand in one row of a fieldset."""
    first, second = (column(name, language) for language in CONTENT_LANGUAGES)
    return first, second


def own_language_first(lines: Sequence[Any]) -> list[Any]:
    """Return the lines of a fieldset with each pair begun by the language of the interface.

    A line is the name of a field, names that stand beside each other, or a function.
    """
    return _turned([_turned(line) if isinstance(line, list | tuple) else line for line in lines])


def _turned(names: Sequence[Any]) -> list[Any]:
    turned = list(names)
    first, second = (column("", language) for language in CONTENT_LANGUAGES)
    if current() == CONTENT_LANGUAGES[0]:
        return turned
    for at, (left, right) in enumerate(pairwise(names)):
        if not (isinstance(left, str) and left.endswith(first)):
            continue
        if right == left.removesuffix(first) + second:
            turned[at], turned[at + 1] = right, left
    return turned


def put_own_language_first(form: forms.BaseForm) -> None:
    """Order the fields of a form so that each pair begins with the language of the interface.

    A pair are two boxes that stand together, of which each says its language.
    """
    names = list(form.fields)
    tags = [form.fields[name].widget.attrs.get("lang") for name in names]
    wanted = [TAGS[current()], TAGS[other(current())]]
    for at in range(len(names) - 1):
        if tags[at : at + 2] == wanted[::-1]:
            names[at : at + 2] = reversed(names[at : at + 2])
            tags[at : at + 2] = wanted
    form.order_fields(names)


def language_first(form: forms.BaseForm, name: str) -> list[forms.BoundField]:
    """Return both fields of a bilingual pair, that of the interface first."""
    return [form[each] for each in own_language_first(pair(name))]


def show_languages(form: forms.BaseForm, *names: str) -> None:
    """Write into the empty boxes of bilingual pairs which language each is for, in itself."""
    for name in names:
        for language in CONTENT_LANGUAGES:
            if field := form.fields.get(column(name, language)):
                field.widget.attrs["placeholder"] = OWN_NAMES[language]


def field_of(model: type[models.Model], name: str) -> models.Field:
    """Return a field of a model. Raises ``FieldDoesNotExist`` for what only refers to it."""
    field = model._meta.get_field(name)
    if isinstance(field, models.ForeignObjectRel):
        raise FieldDoesNotExist(f"{model.__name__} has no field {name}.")
    return field


def language_of(field: models.Field) -> str | None:
    """Return the language of a bilingual column, nothing for any other field."""
    return getattr(field, "_translated_field_language_code", None)


def named_in_its_language(field: models.Field) -> str:
    return in_language(field.verbose_name, language_of(field))


def in_language(name: Words, language: str | None) -> str:
    """Return what one half of a bilingual pair is called: ``title (English)``."""
    if language == "en":
        return gettext("%(field)s (English)") % {"field": name}
    if language == "zh-hans":
        return gettext("%(field)s (Chinese)") % {"field": name}
    return str(name)


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def labels(model: type[models.Model]) -> dict[str, str]:
    """Return the labels of a model's bilingual columns, for forms and read-only pages."""
    return {
        field.name: capitalized(named_in_its_language(field))
        for field in model._meta.concrete_fields
        if language_of(field)
    }
