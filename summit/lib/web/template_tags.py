"""Tags and filters that every template has without ``{% load %}``.

Text       ``{{ text|markdown }}``, ``{{ text|markdown:2 }}`` right below the page's title
           ``{{ number|grouped }}``
Head       ``{% json_ld data %}``; more of it in ``head_tags``
People     ``{{ user|staff_name }}``
Languages  ``{% language_link %}``  ``{% page_lang %}``
           ``{% language_note text below %}`` above a text that may fall back
Pictures   ``{% picture file sizes alt eager %}``  ``{% cover obj sizes eager %}``
           ``{% portrait expert %}``  ``{% seal reference state %}``
Time       ``{% when obj %}``  ``{% when_days event %}``  ``{% slot_time session %}``
           ``{% on_moment moment event %}``
           ``{% on_date day %}``  ``{% on_day day %}``
"""

import datetime as dt
import json
import zoneinfo
from typing import Any, Protocol

from django import template
from django.contrib.auth.models import User
from django.db.models.fields.files import ImageFieldFile
from django.template import Context
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from summit.lib.drawing import drawings
from summit.lib.files.pictures import PictureFile
from summit.lib.i18n import clock, names
from summit.lib.i18n.bilingual import Text, other, text_in
from summit.lib.i18n.clock import Span
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, TAGS, current
from summit.lib.web import markdown as markdown_text

register = template.Library()


class Drawn(Protocol):
    """What has a drawing of its own: an event, a series, a project."""

    slug: str


class Portrayed(Protocol):
    """An expert."""

    slug: str
    photo: ImageFieldFile

    @property
    def name(self) -> Text: ...


class Happening(Protocol):
    """An event or a session."""

    starts_at: dt.datetime
    ends_at: dt.datetime


class Gathering(Happening, Protocol):
    """An event."""

    @property
    def zone(self) -> zoneinfo.ZoneInfo: ...

    @property
    def second_zone(self) -> zoneinfo.ZoneInfo | None: ...

    @property
    def is_postponed(self) -> bool: ...


class Slot(Happening, Protocol):
    """A session."""

    @property
    def event(self) -> Gathering: ...


@register.filter
def markdown(text: str, top: int = 3) -> SafeString:
    return markdown_text.render(str(text), top)


@register.filter
def staff_name(user: User) -> str:
    return names.staff_name(user)


@register.filter
def grouped(number: int | float | None) -> str:
    """Return a number with its thousands set apart: ``12,345``; "" without one."""
    return "" if number is None else number_format(number, force_grouping=True)


@register.simple_tag
def page_lang() -> str:
    return TAGS[current()]


def in_language(path: str, language: str) -> str:
    """Return the same page's path in another language; the home page for paths without one."""
    for code in CONTENT_LANGUAGES:
        if path.startswith(f"/{code}/"):
            return f"/{language}/{path[len(code) + 2 :]}"
    return f"/{language}/"


@register.simple_tag(takes_context=True)
def language_link(context: Context) -> SafeString:
    """Return the link to this page, its query string included, in the other language.

    Where the context names a ``kept_form``, it is a button that sends that form along as
    ``again``, so that what was typed is kept, in no address. Enter presses the first button of a
    form, which this would be: so one that nobody sees stands before it, and sends the form.
    """
    language = other(current())
    request = context.get("request")
    if request and context.get("kept_form"):
        return format_html(
            '<button class="trap" form="{}" tabindex="-1" aria-hidden="true"></button>'
            '<button class="language" form="{}" formaction="{}" formnovalidate name="again" '
            'value="1" lang="{}">{}</button>',
            context["kept_form"],
            context["kept_form"],
            in_language(request.path, language),
            TAGS[language],
            OWN_NAMES[language],
        )
    return format_html(
        '<a class="language" href="{}" hreflang="{}" lang="{}">{}</a>',
        in_language(request.get_full_path() if request else "/", language),
        TAGS[language],
        TAGS[language],
        OWN_NAMES[language],
    )


@register.simple_tag
def language_note(text: Text, below: Text | None = None) -> SafeString:
    """Return the line above a block of text that exists in the other language only.

    Nothing where the text is in the page's language, or where it stands right ``below``
    another such block, whose line is there already.
    """
    if not _falls_back(text) or (below is not None and _falls_back(below)):
        return SafeString("")
    if text.lang == "en":
        words = gettext("This text is available in English only.")
    else:
        words = gettext("This text is available in Chinese only.")
    return format_html('<p class="language-note">{}</p>', words)


def _falls_back(text: Text) -> bool:
    return bool(text) and text.lang != current()


_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data: dict[str, Any] | None) -> SafeString:
    """Return schema.org data as a block that no browser executes, or nothing."""
    if not data:
        return SafeString("")
    text = json.dumps(data, ensure_ascii=False).translate(_JSON_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


@register.simple_tag
def picture(
    file: PictureFile, sizes: str = "100vw", alt: str = "", eager: bool = False
) -> SafeString:
    """Return an ``<img>`` in the width that fits, its room kept while it loads."""
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{}>',
        file.url,
        file.srcset,
        sizes,
        file.pixel_width or "",
        file.pixel_height or "",
        alt,
        SafeString("" if eager else ' loading="lazy" decoding="async"'),
    )


@register.simple_tag
def cover(obj: Drawn, sizes: str = "100vw", eager: bool = False) -> SafeString:
    """Return the cover or picture of an event, series or project, else a drawing.

    It decorates: the text beside it names the thing. An event's drawing is kin
    to its series', so load the series with the event.
    """
    file = getattr(obj, "cover", None) or getattr(obj, "picture", None)
    if file:
        return picture(file, sizes, "", eager)
    series = getattr(obj, "series", None)
    return drawings.cover(obj.slug, series.slug if series else "")


@register.simple_tag
def portrait(expert: Portrayed, sizes: str = "4rem") -> SafeString:
    """Return the expert's photo, else a monogram. The name stands beside it as text."""
    photo = expert.photo
    if photo and isinstance(photo, PictureFile):
        return picture(photo, sizes)
    name = text_in(expert, "name", current()) or expert.name
    return drawings.monogram(str(name), expert.slug)


@register.simple_tag
def seal(reference: str, state: str = "signed") -> SafeString:
    """Return the vermilion stamp of a signed intention, a pale one of one that has ended."""
    return drawings.seal(
        reference, gettext("Seal of %(reference)s") % {"reference": reference}, state
    )


@register.simple_tag
def when(obj: Gathering | Slot) -> SafeString:
    """Return an event's or session's day and times in both zones, as two lines that may join.

    Of an event that is postponed without a new date it says so instead. A session keeps its
    times, and its page says that they are those of before.
    """
    event = obj.event if hasattr(obj, "event") else obj
    if event.is_postponed and event is obj:
        return format_html("<span>{}</span>", gettext("The new date will be announced"))
    span = Span.of(obj.starts_at, obj.ends_at, event.zone)
    here = format_html("<span>{}</span>", clock.in_zone(span, event.zone))
    return _in_both_zones("when", event, span, here)


def _in_both_zones(name: str, event: Gathering, span: Span, here: SafeString) -> SafeString:
    """Return a time with that of the event's second zone, where it has one, beside it.

    A script adds the visitor's own.
    """
    zone, second = event.zone, event.second_zone
    there = SafeString("")
    if second:
        there = format_html(" <span>{}</span>", clock.in_second_zone(span, second))
    return format_html(
        '<span class="{}" data-when data-zones="{} {}">{}{}</span>',
        *(name, zone.key, second.key if second else "", here, there),
    )


@register.simple_tag
def when_days(event: Gathering) -> SafeString:
    """Return the event's days without times, as cards and lists show them."""
    if event.is_postponed:
        return format_html("<span>{}</span>", gettext("New date to be announced"))
    span = Span.of(event.starts_at, event.ends_at, event.zone)
    return clock.days_tag(span)


@register.simple_tag
def slot_time(session: Slot, on: dt.date | None = None) -> SafeString:
    """Return a session's times below its first day, in both zones of its event.

    Below a later day ``on`` the event's own zone is enough.
    """
    event = session.event
    span = Span.of(session.starts_at, session.ends_at, event.zone)
    here = format_html("<b>{}</b>", clock.times(span, on))
    if on:
        return format_html('<span class="slot-times">{}</span>', here)
    return _in_both_zones("slot-times", event, span, here)


@register.simple_tag
def on_day(day: dt.date) -> SafeString:
    """Return a day with its weekday: ``29 October 2020 (Thu)``."""
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), clock.day(day))


@register.simple_tag
def on_date(day: dt.date | None) -> SafeString:
    """Return ``<time datetime="2020-10-29">29 October 2020</time>``, nothing without a day."""
    if day is None:
        return SafeString("")
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), clock.date(day))


@register.simple_tag
def on_moment(moment: dt.datetime, event: Gathering) -> SafeString:
    """Return one moment in the zone of an event."""
    return clock.moment(moment, event.zone)
