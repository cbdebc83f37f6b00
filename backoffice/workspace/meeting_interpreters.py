"""The interpreters of the meetings of an event, and new ones in rows."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice.interpreter import refuse_one_language
from backoffice.kit.way_back import change_url
from backoffice.workspace.meetings import explain_no_meetings, lead_to_parts
from backoffice.workspace.page import EventPage
from backoffice.workspace.rows import Newcomers, RowForm, Rows
from events.models import Event
from meetings.domain import interpreters
from meetings.models import Interpreter
from summit.lib.i18n import clock
from summit.lib.i18n.languages import OWN_NAMES, SPOKEN, Words, listed
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.phones import PhoneField
from summit.lib.web.typed_text import LineField

_BETWEEN = re.compile(r"[\s,，、;；/–—-]+")


class LanguagesField(LineField):
    """Languages by their names in the language of the page, or by their codes: ``zh, en``."""

    def clean(self, value: Any) -> list[str]:
        names = {str(name).casefold(): code for code, name in SPOKEN}
        names |= {code: code for code, _name in SPOKEN} | _CHINESE
        found = list[str]()
        for word in filter(None, _BETWEEN.split(super().clean(value))):
            code = names.get(word.casefold())
            if code is None:
                words = _("“%(word)s” is no language that is known here.")
                raise ValidationError(words, code="unknown", params={"word": word})
            found.append(code)
        languages = list(dict.fromkeys(found))
        refuse_one_language(languages)
        return languages


# As people write them, whatever language the page is in.
_CHINESE = {
    **{"中": "zh", "中文": "zh", "汉语": "zh", "英": "en", "英文": "en", "英语": "en"},
    **{"德": "de", "德文": "de", "德语": "de", "法": "fr", "法文": "fr", "法语": "fr"},
    **{"日": "ja", "日文": "ja", "日语": "ja", "俄": "ru", "俄文": "ru", "俄语": "ru"},
    **{"韩": "ko", "韩文": "ko", "韩语": "ko", "西": "es", "西班牙语": "es"},
    **{"chinese": "zh", "english": "en", "german": "de", "french": "fr", "japanese": "ja"},
}


class InterpreterRow(RowForm):
    counted = ("name", "email", "phone", "languages")

    name = LineField(label=pgettext_lazy("person", "Name"), max_length=100)
    languages = LanguagesField(label=_("Interprets between"), max_length=200)
    email = EmailField(label=_("E-mail"), required=False)
    phone = PhoneField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(
        label=_("Language of the e-mails"), choices=OWN_NAMES.items(), initial="zh-hans"
    )

    def add(self, newcomers: Newcomers) -> None:
        given = self.cleaned_data
        named = ("name", "languages", "email", "phone", "language")
        interpreters.add_interpreter(self.event, **{name: given[name] for name in named})


ROWS = Rows(
    form=InterpreterRow,
    title=_("Add interpreters"),
    help_text=_(
        "Enter the languages with commas between them, such as “Chinese, English”. When each is "
        "there, and which sessions they interpret, is entered on their own page."
    ),
    done=ngettext_lazy(
        "%(count)d interpreter was added.", "%(count)d interpreters were added.", "count"
    ),
    permissions=("meetings.add_interpreter",),
)


def list_interpreters(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """List the interpreters with languages and times of presence. A panel: three queries."""
    rows = Interpreter.objects.filter(event=event).prefetch_related("presences", "sessions")
    return {
        "interpreters": [
            (
                row,
                change_url(row, request.path),
                listed(row.languages_in_words),
                [_span(event, each.starts_at, each.ends_at) for each in row.presences.all()],
                len(row.sessions.all()),
            )
            for row in rows
        ],
        "zone_name": clock.zone_name(event.zone, event.starts_at),
    }


def _span(event: Event, start: dt.datetime, end: dt.datetime) -> str:
    first, last = start.astimezone(event.zone), end.astimezone(event.zone)
    if first.date() == last.date():
        return f"{first:%Y-%m-%d %H:%M}–{last:%H:%M}"
    return f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}"


class InterpretersPage(EventPage):
    name = "interpreters"
    change_form_template = "backoffice/workspace/meeting_interpreters.html"
    panels = [lead_to_parts, list_interpreters]
    rows = ROWS

    def explain_none(self, event: Event) -> Words:
        return explain_no_meetings(event)
