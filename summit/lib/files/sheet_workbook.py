"""The lines of an XLSX workbook, and what about its cells a table does not show.

Of a workbook nothing is read but the list of sheets, the beginnings of the sheets, all of the one
that is taken, the strings that they share, and which formats are of dates. Each part is read as
a stream, of which no tree is built. (ECMA-376; parts are found by their relations.)
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from xml.etree.ElementTree import ParseError, XMLParser

from summit.lib.files.limited_reader import Refused
from summit.lib.files.sheet_headings import LOOKED_THROUGH, Line, find_headings
from summit.lib.files.sheet_parts import (
    BookPart,
    Oddities,
    Part,
    Relations,
    Sheet,
    SheetEntry,
    Strings,
    Styles,
)

# What the parts that are read unpack to, in bytes; elements of each part, of which a cell
# has one to four.
MOST_UNPACKED = 60 * 1024 * 1024
MOST_ELEMENTS = 1_000_000
# Of more sheets than these nothing is looked at.
MOST_SHEETS = 20
STRICT = "http://purl.oclc.org/ooxml/"
# What else lies in a ZIP file and holds tables: OpenDocument, binary Excel, Numbers.
OTHER_KINDS = {"mimetype", "xl/workbook.bin", "Index.zip", "Index/Document.iwa"}


@dataclass
class Book:
    """A workbook that is open: its ``lines`` come as they are read, the oddities with them."""

    lines: Iterator[Line]
    oddities: Oddities
    sheet: str
    unread: list[str]
    concealed: list[str]
    is_strict: bool


def open_workbook(data: bytes, headings: Mapping[str, str]) -> Book:
    """Return the visible sheet that names most columns, the first of them in doubt.

    Raises ``Refused``.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    if OTHER_KINDS & archive.NameToInfo.keys():
        raise Refused("other_kind")
    package = _Package(archive)
    (name, is_strict), *_more = [
        (at, kind.startswith(STRICT))
        for _key, kind, at in package.relations("")
        if kind.endswith("/officeDocument")
    ]
    book = package.read(name, BookPart())
    relations = [(key, kind.rpartition("/")[2], at) for key, kind, at in package.relations(name)]
    places = {key: at for key, kind, at in relations if kind == "worksheet"}
    shared = {kind: at for _key, kind, at in relations}
    strings, styles = Strings(), Styles()
    for kind, part in (("sharedStrings", strings), ("styles", styles)):
        if kind in shared:
            package.read(shared[kind], part)

    def sheet(key: str) -> Sheet:
        return Sheet(strings.found, styles, is_from_1904=book.is_from_1904)

    sheets = [each for each in book.sheets if each.key in places]
    seen = [each for each in sheets if not each.is_hidden] or sheets
    chosen, beginnings = seen[0], {}
    if len(sheets) > 1:
        for each in sheets[:MOST_SHEETS]:
            lines = package.lines(places[each.key], sheet(each.key))
            # Whatever is wrong with a sheet matters only if it is the one to read.
            with suppress(Refused, ParseError, KeyError, ValueError, IndexError):
                beginnings[each.key] = list(islice(lines, LOOKED_THROUGH))

        def fits(each: SheetEntry) -> tuple[int, bool]:
            lines = beginnings.get(each.key, [])
            return find_headings(lines, headings)[1], bool(lines)

        chosen = max(seen, key=fits)
    taken = sheet(chosen.key)
    left = [each for each in sheets if each is not chosen and beginnings.get(each.key, True)]
    return Book(
        lines=package.lines(places[chosen.key], taken),
        oddities=taken.oddities,
        sheet=chosen.name,
        unread=[each.name for each in left],
        concealed=[each.name for each in left if each.is_hidden],
        is_strict=is_strict,
    )


class _Package:
    """The parts of a workbook, which together may unpack to so much."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.left = MOST_UNPACKED

    def read[P: Part](self, name: str, part: P) -> P:
        for _chunk in self.chunks(name, part):
            pass
        return part

    def chunks(self, name: str, part: "Part") -> Iterator[None]:
        entry = self.archive.getinfo(name)
        if entry.flag_bits & 1:
            raise Refused("encrypted")
        # What spreadsheets write; others take as much memory as the file wants.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("broken")
        parser = XMLParser(target=part)  # noqa: S314 - within limits, and a DOCTYPE is refused
        with self.archive.open(entry) as stream:
            while chunk := stream.read(64 * 1024):
                self.left -= len(chunk)
                if self.left < 0:
                    raise Refused("unpacks")
                parser.feed(chunk)
                if part.elements > MOST_ELEMENTS:
                    raise Refused("unpacks")
                yield
        parser.close()
        yield

    def lines(self, name: str, sheet: "Sheet") -> Iterator[Line]:
        for _chunk in self.chunks(name, sheet):
            yield from sheet.finished()

    def relations(self, name: str) -> list[tuple[str, str, str]]:
        """Return id, kind and name of each part that one refers to; ``""`` is the whole."""
        folder, base = posixpath.split(name)
        at = posixpath.join(folder, "_rels", f"{base}.rels")
        if at not in self.archive.NameToInfo:
            return []
        return [
            (key, kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
            for key, kind, target in self.read(at, Relations()).found
        ]
