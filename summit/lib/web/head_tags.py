"""What stands in the head of a page, and what previews of a link to it show.

Head       ``{% page_meta title description image kind event %}``
Foot       ``{% page_address %}``
"""

from dataclasses import dataclass
from typing import Protocol

from django import template
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from summit.lib.files.pictures import PictureFile
from summit.lib.i18n.bilingual import Text, other
from summit.lib.i18n.languages import CONTENT_LANGUAGES, TAGS, current
from summit.lib.web.template_tags import Gathering, in_language, when_days

register = template.Library()

# Of a query string only what makes another page stays in the canonical address.
CANONICAL_QUERY = ("when", "page")
LOCALES = {"en": "en_GB", "zh-hans": "zh_CN"}


class Shared(Gathering, Protocol):
    """An event as the head of its pages tells of it."""

    @property
    def title(self) -> Text: ...

    @property
    def city(self) -> Text: ...


class SharedPicture(Protocol):
    """A JPEG or PNG: WeChat shows no other."""

    @property
    def url(self) -> str: ...

    @property
    def pixel_width(self) -> int: ...

    @property
    def pixel_height(self) -> int: ...

    @property
    def alt(self) -> str: ...


@dataclass(frozen=True)
class SitePicture:
    """What is shown of a page without a picture of its own."""

    alt: str
    pixel_width: int = 1200
    pixel_height: int = 630

    @property
    def url(self) -> str:
        return static("share.png")


@register.simple_tag(takes_context=True)
def page_meta(
    context: Context,
    title: str = "",
    description: str = "",
    image: SharedPicture | PictureFile | None = None,
    kind: str = "website",
    event: Shared | None = None,
) -> SafeString:
    """Return title, description, canonical and alternate addresses, and Open Graph.

    Without a title it is the site's own page, and without an image it has that of the site.
    Of a stored picture it is the JPEG.
    What belongs to an ``event`` names it in its title, and its days and city in its
    description. Works without a request, then without addresses.
    """
    site = context.get("site")
    site_name = str(getattr(site, "site_name", "") or "Summit")
    heading = str(title) or site_name
    about = str(description or getattr(site, "tagline", ""))
    if event:
        heading = heading if heading == event.title else f"{heading} · {event.title}"
        about = _of_event(event, str(description))
    text = Truncator(about).chars(200)
    full = f"{heading} · {site_name}" if title else site_name
    head = [
        # Escaped in any case: words that a template marked as safe are not safe in an attribute.
        format_html("<title>{}</title>", escape(full)),
        format_html('<meta name="description" content="{}">', escape(text)),
        _addresses(context),
        *(
            format_html('<meta property="og:{}" content="{}">', name, escape(content))
            for name, content in (
                ("title", heading),
                ("description", text),
                ("type", kind),
                ("site_name", site_name),
                ("locale", LOCALES[current()]),
                ("locale:alternate", LOCALES[other(current())]),
                *_open_graph_image(context, _shared(image, heading) or SitePicture(site_name)),
            )
            if content
        ),
    ]
    return mark_safe("\n".join(head))


def _shared(image: SharedPicture | PictureFile | None, alt: str) -> SharedPicture | None:
    return image.preview(alt) if isinstance(image, PictureFile) else image


def _of_event(event: Shared, description: str) -> str:
    """Return a description that begins with the days and the city of the event."""
    about = "" if description == event.title else description
    parts = [strip_tags(when_days(event)), str(event.city), about]
    return " · ".join(part for part in parts if part)


@register.simple_tag(takes_context=True)
def page_address(context: Context) -> str:
    """Return the canonical address of this page, nothing where it has none."""
    request = context.get("request")
    if request is None or request.resolver_match is None:
        return ""
    return f"{context.get('SITE_URL', '')}{request.path}{_canonical_query(request)}"


def _canonical_query(request: HttpRequest) -> str:
    query = "&".join(
        f"{name}={request.GET[name]}"
        for name in CANONICAL_QUERY
        if request.GET.get(name, "").isalnum() and request.GET[name] != "1"
    )
    return f"?{query}" if query else ""


def _addresses(context: Context) -> SafeString:
    request = context.get("request")
    if request is None or request.resolver_match is None:
        return SafeString("")
    base, ending = context.get("SITE_URL", ""), _canonical_query(request)
    alternates = [(TAGS[code], in_language(request.path, code)) for code in CONTENT_LANGUAGES]
    # The root chooses by the browser's language; deeper pages default to English.
    home = request.resolver_match.url_name == "home"
    alternates.append(("x-default", "/" if home else alternates[0][1]))
    return format_html(
        '<link rel="canonical" href="{0}{1}{2}">{3}<meta property="og:url" content="{0}{1}{2}">',
        base,
        request.path,
        ending,
        format_html_join(
            "",
            '<link rel="alternate" hreflang="{}" href="{}{}{}">',
            ((tag, base, path, ending) for tag, path in alternates),
        ),
    )


def _open_graph_image(context: Context, image: SharedPicture) -> list[tuple[str, object]]:
    url = image.url if "://" in image.url else f"{context.get('SITE_URL', '')}{image.url}"
    return [
        ("image", url),
        ("image:width", image.pixel_width),
        ("image:height", image.pixel_height),
        ("image:alt", image.alt),
    ]
