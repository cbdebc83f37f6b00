"""What a browser must fetch to show a page, read from the page itself."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

# What a link element makes a browser fetch; the others only point somewhere.
FETCHED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
_CSS = re.compile(r"""@import\s+(?:url\()?["']?([^"')\s;]+)|url\(\s*["']?([^"')]+)""")
_IMPORT = re.compile(r"""(?:^|[;\s])(?:import|from)\s*\(?\s*["']([^"']+)["']""")

Fetch = Callable[[str], bytes]


@dataclass
class Weight:
    """``fetched`` has the compressed size of the page and of each CSS, JS and drawing by URL.

    ``photographs`` are pictures that staff uploaded; they have no part in the weight.
    """

    fetched: dict[str, int] = field(default_factory=dict)
    photographs: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)

    @property
    def bytes(self) -> int:
        return sum(self.fetched.values())

    @property
    def requests(self) -> int:
        return len(self.fetched)


def weigh(url: str, html: str, fetch: Fetch, *, media: str) -> Weight:
    """Follow everything that ``html`` at the absolute ``url`` makes a browser fetch.

    ``fetch`` returns the uncompressed bytes of a path of this host; sizes are
    those of gzip at its usual level. ``media`` is the path under which photographs are.
    """
    weight = Weight({url: _compressed(html.encode())})
    parser = _Resources()
    parser.feed(html)
    waiting = [urljoin(url, found) for found in parser.found]
    while waiting:
        found = waiting.pop()
        parts = urlsplit(found)
        if parts.scheme == "data" or found in weight.fetched:
            continue
        if parts.netloc != urlsplit(url).netloc:
            weight.elsewhere.add(found)
        elif parts.path.startswith(media):
            weight.photographs.add(found)
        else:
            content = fetch(parts.path)
            weight.fetched[found] = _compressed(content)
            waiting += [urljoin(found, each) for each in _named_in(parts.path, content)]
    return weight


def _compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def _named_in(path: str, content: bytes) -> list[str]:
    text = content.decode(errors="replace")
    if path.endswith(".css"):
        return [a or b for a, b in _CSS.findall(text) if not (a or b).startswith("#")]
    return _IMPORT.findall(text) if path.endswith((".js", ".mjs")) else []


class _Resources(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "link" and FETCHED_LINKS & set((attributes.get("rel") or "").split()):
            self.found.append(attributes.get("href") or "")
        elif tag in {"script", "img", "iframe", "embed", "source", "video", "audio", "input"}:
            source = attributes.get("src")
            self.found += [source] if source else []
            # A browser takes one of a set; all are looked at, for where they lead.
            sets = (attributes.get("srcset") or "").split(",")
            self.found += [each.split()[0] for each in sets if each.strip()]
        elif tag in {"use", "image"}:
            href = attributes.get("href") or attributes.get("xlink:href") or "#"
            self.found += [] if href.startswith("#") else [href.partition("#")[0]]
