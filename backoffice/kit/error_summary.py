"""What is wrong with a form, listed above it: each line leads to its field."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib.admin.helpers import AdminForm, InlineAdminFormSet
from django.contrib.admin.utils import flatten
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from summit.lib.i18n.languages import Words


class ErrorLine(NamedTuple):
    """One thing that is wrong: where, in words, and the ``id`` of what to look at."""

    section: Words
    label: Words
    message: Words
    target: str


def summarize_errors(
    adminform: AdminForm, inlines: Iterable[InlineAdminFormSet] = ()
) -> list[ErrorLine]:
    """Return what is wrong with the page of a row, in the order in which the page shows it.

    What is wrong with the form as a whole is left out: it stands above the list already.
    """
    lines = list(_of_form(adminform.form, _sections(adminform)))
    for inline in inlines:
        lines += _of_inline(inline)
    return lines


def summarize_form(form: forms.BaseForm) -> list[ErrorLine]:
    """Return what is wrong with the fields of a form without fieldsets, in their order."""
    return list(_of_form(form, {}))


def summarize_rows(formset: forms.BaseFormSet, heading: Words) -> list[ErrorLine]:
    """Return what is wrong with each of the rows of a page."""
    return list(_of_rows(formset, heading))


def _sections(adminform: AdminForm) -> dict[str, Words]:
    """Return the heading under which each field stands, in the order of the page."""
    return {
        name: heading or ""
        for heading, options in adminform.fieldsets
        for name in flatten([*options["fields"]])
        if isinstance(name, str)
    }


def _of_form(form: forms.BaseForm, sections: dict[str, Words]) -> Iterator[ErrorLine]:
    named = [name for name in sections if name in form.errors]
    # A field that no fieldset shows, such as a hidden one, comes last.
    others = [name for name in form.errors if name in form.fields and name not in sections]
    for name in (*named, *others):
        yield from _of_field(form[name], sections.get(name, ""))


def _of_inline(inline: InlineAdminFormSet) -> Iterator[ErrorLine]:
    formset = inline.formset
    heading = capfirst(str(inline.opts.verbose_name_plural))
    for message in formset.non_form_errors():
        yield ErrorLine(heading, "", message, f"{formset.prefix}-group")
    yield from _of_rows(formset, heading)


def _of_rows(formset: forms.BaseFormSet, heading: Words) -> Iterator[ErrorLine]:
    for number, form in enumerate(formset.forms):
        if not form.errors:
            continue
        section = _name_row(formset, form) or _("%(section)s, row %(number)d") % {
            "section": heading,
            "number": number + 1,
        }
        for message in form.non_field_errors():
            yield ErrorLine(section, "", str(message), f"{formset.prefix}-{number}")
        for name in form.fields:
            yield from _of_field(form[name], section)


def _name_row(formset: Any, form: forms.BaseForm) -> Words:
    """Return what a formset calls a row that it does not show by its number."""
    name_row = getattr(formset, "name_row", None)
    return name_row(form) if name_row else ""


def _of_field(field: BoundField, section: Words) -> Iterator[ErrorLine]:
    for message in field.errors:
        yield ErrorLine(section, capfirst(field.label), str(message), _target(field))


def _target(field: BoundField) -> str:
    """Return the ``id`` of the first box of a field; nothing where it has none to see."""
    widget: Any = field.field.widget
    if field.is_hidden or not field.auto_id:
        return ""
    # Day and time are two boxes in one field, which has none of its own.
    return f"{field.auto_id}_0" if isinstance(widget, forms.MultiWidget) else str(field.auto_id)
