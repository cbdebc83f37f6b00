"""What is in a PDF that Chromium wrote: its pages, their size, and the text on each.

Only as much of ISO 32000-1 as Chromium uses: plain objects, compressed streams,
fonts with a ToUnicode map, and ActualText where that map is not enough.
"""

import re
import zlib
from dataclasses import dataclass

MM = 25.4 / 72
_TOKEN = re.compile(
    r"/ActualText <(?P<actual>[0-9A-F]*)>|(?P<end>\bEMC\b)|/F(?P<font>\d+) [\d.]+ Tf"
    r"|<(?P<codes>[0-9A-F]+)>(?=[^<>]*?(?:Tj|TJ))"
)


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    text: str


def pages(pdf: bytes) -> list[Page]:
    """Return the pages in their order, sizes in millimetres, text without its spaces."""
    objects = {
        int(found[1]): found[2] for found in re.finditer(rb"(?s)\n(\d+) 0 obj\n(.*?)\nendobj", pdf)
    }
    leaves = [each for each in objects.values() if re.search(rb"/Type /Page\b", each)]
    return [_page(leaf, objects) for leaf in leaves]


def _page(leaf: bytes, objects: dict[int, bytes]) -> Page:
    box = [float(value) for value in re.search(rb"/MediaBox \[([^\]]+)\]", leaf)[1].split()]
    content = _stream(objects[int(re.search(rb"/Contents (\d+) 0 R", leaf)[1])])
    text = _text(content, objects)
    return Page(round((box[2] - box[0]) * MM, 1), round((box[3] - box[1]) * MM, 1), text)


def _stream(body: bytes) -> str:
    data = body[body.index(b"stream\n") + len(b"stream\n") :]
    return zlib.decompressobj().decompress(data).decode("latin-1")


def _text(content: str, objects: dict[int, bytes]) -> str:
    maps: dict[int, dict[str, str]] = {}
    shown, font, is_told = [], 0, False
    for token in _TOKEN.finditer(content):
        if token["actual"] is not None:
            shown.append(bytes.fromhex(token["actual"].removeprefix("FEFF")).decode("utf-16-be"))
            is_told = True
        elif token["end"]:
            is_told = False
        elif token["font"]:
            font = int(token["font"])
            maps.setdefault(font, _characters(objects[font], objects))
        elif not is_told:
            codes, known = token["codes"], maps[font]
            size = len(next(iter(known), "0000"))
            pieces = (codes[at : at + size] for at in range(0, len(codes), size))
            shown.extend(known.get(piece, "") for piece in pieces)
    return "".join("".join(shown).split())


def _characters(font: bytes, objects: dict[int, bytes]) -> dict[str, str]:
    """Return the characters that a font's codes stand for."""
    cmap = _stream(objects[int(re.search(rb"/ToUnicode (\d+) 0 R", font)[1])])
    found = {}
    for block in re.findall(r"(?s)beginbfchar(.*?)endbfchar", cmap):
        for code, value in re.findall(r"<([0-9A-F]+)> <([0-9A-F]+)>", block):
            found[code] = bytes.fromhex(value).decode("utf-16-be")
    for block in re.findall(r"(?s)beginbfrange(.*?)endbfrange", cmap):
        for first, last, value in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", block):
            for number in range(int(first, 16), int(last, 16) + 1):
                code = f"{number:0{len(first)}X}"
                found[code] = chr(int(value, 16) + number - int(first, 16))
    return found
