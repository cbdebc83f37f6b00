"""The boxes of rows: a text in both languages, and the sessions of the event."""

from typing import Any

from django import forms
from django.db.models import Model

from backoffice.kit.labels import capitalized, field_of, in_language
from events.models import Event, Session
from summit.lib.given import given
from summit.lib.i18n.bilingual import other
from summit.lib.i18n.languages import TAGS, Words, column, current
from summit.lib.web.typed_text import LineField


def both_lines(
    model: type[Model], name: str, *, label: Words | None = None
) -> dict[str, LineField]:
    """Return a box for each language of a bilingual line, the language of the page first.

    They are named as the field is, or by ``label``.
    """
    languages = (current(), other(current()))
    return {column(name, each): _line(model, name, each, label) for each in languages}


def _line(model: type[Model], name: str, language: str, label: Words | None) -> LineField:
    field = field_of(model, column(name, language))
    return LineField(
        label=capitalized(in_language(label or field.verbose_name, language)),
        max_length=given(field.max_length),
        required=False,
        widget=forms.TextInput({"lang": TAGS[language]}),
    )


class SessionField(forms.ModelChoiceField):
    """One of the sessions of an event, of one kind if it is given; or none.

    Costs no query for the choices where the event has its sessions prefetched.
    """

    def __init__(self, event: Event, *, label: Words, kind: str = "", **kwargs: Any) -> None:
        super().__init__(Session.objects.filter(event=event), label=label, required=False, **kwargs)
        offered = [each for each in event.sessions.all() if kind in ("", each.kind)]
        self.widget.choices = [
            ("", "---------"),
            *((each.pk, each.title_and_start) for each in offered),
        ]
