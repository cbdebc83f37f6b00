"""Markdown that organizers write, as safe HTML."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from summit.lib.web import chinese_markdown

_PARSER = chinese_markdown.enable(
    MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
)
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "ul", "ol", "li", "strong", "em", "code", "pre"),
    *("blockquote", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


@lru_cache(maxsize=2000)
def render(text: str, top: int = 3) -> SafeString:
    """Return ``text`` as HTML without scripts, pictures, styles or unknown link schemes.

    Headings start at the level ``top``, since the page's own stand above them, and
    none is skipped on the way down, however the text was marked up.
    """
    tokens = _PARSER.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    levels = sorted({token.tag for token in headings})
    above = top - 1
    for token in headings:
        if token.type == "heading_open":
            above = min(top + levels.index(token.tag), above + 1, 5)
        token.tag = f"h{above}"
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return mark_safe(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            link_rel="noopener nofollow",
        )
    )
