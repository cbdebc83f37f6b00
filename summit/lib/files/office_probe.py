"""What an office file is: slides, a Word document or a workbook that does nothing by itself.

Runs in ``summit.lib.files.limited_reader``. The codes of its refusals are worded in ``file_types``.
Such a file is a ZIP archive of parts: ``[Content_Types].xml`` says what each is, and beside each
stand its relationships to others. (ECMA-376, part 2; ISO/IEC 29500.)
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from summit.lib.files.limited_reader import Refused

ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Under a password, an office file lies inside of a file of the old kind, under this name.
UNDER_PASSWORD = "EncryptedPackage".encode("utf-16-le")
# The end of an archive with no comment behind it.
END, LENGTH_OF_END = b"PK\x05\x06", 22

KINDS = SLIDES, TEXT, WORKBOOK = (
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
# What lies in the archives of OpenDocument, Keynote, Pages and Numbers.
OTHER_OFFICE = {"mimetype", "index.zip", "index/document.iwa"}
CHARTS = {
    "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
    "application/vnd.ms-office.chartex+xml",
}
MACROS = ("macroenabled", "vbaproject", "macrosheet")
# The last words of relationships, in small letters: to programs, to what lies elsewhere, and to
# what somebody else's program opens.
TO_MACROS = {"vbaproject", "xlmacrosheet", "xlintlmacrosheet"}
TO_ELSEWHERE = {"attachedtemplate", "externallink", "connections"}
TO_CARRIED = {"oleobject", "control", "activexcontrolbinary", "afchunk"}
# What programs, other archives and old office files begin with, and how scripts are called.
CARRIED = (OLD_OFFICE, b"PK", b"MZ", b"\x7fELF")
PROGRAMS = (
    *(".exe", ".dll", ".com", ".scr", ".msi", ".jar", ".lnk", ".hta"),
    *(".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf"),
)
# What a click or the pointer on a slide may not do.
STARTED = ("ppaction://program", "ppaction://macro")

MOST_PARTS = 10_000
MOST_UNPACKED = 200 * 1024 * 1024
PIECE = 256 * 1024

type See = Callable[[str, dict[str, str]], None]


def probe(data: bytes) -> str:
    """Return the media type of an office file; raise ``Refused``."""
    if data.startswith(OLD_OFFICE):
        raise Refused("office_password" if UNDER_PASSWORD in data else "old_office")
    try:
        return _Package(data).look_at_every_part()
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError) as error:
        raise Refused("broken") from error


class _Package:
    """The parts of an office file, by their names in small letters, as programs compare them.

    ``outer`` is the file that carries this one: the workbook behind a chart.
    """

    def __init__(self, data: bytes, outer: "_Package | None" = None) -> None:
        self.is_inside = outer is not None
        self.archive = _open(data)
        self.parts: dict[str, zipfile.ZipInfo] = {}
        for entry in self.archive.infolist():
            name = entry.filename.lower()
            # Of two parts of one name, some programs take the first and others the last.
            if name in self.parts:
                raise Refused("broken")
            if entry.flag_bits & 1:
                raise Refused("office_password")
            # Office programs write no others, which take as much memory as the file wants.
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refused("broken")
            if not entry.is_dir():
                self.parts[name] = entry
        self.most_parts: int = outer.most_parts if outer else MOST_PARTS
        self.most_unpacked: int = outer.most_unpacked if outer else MOST_UNPACKED
        self.most_parts -= len(self.parts)
        self.most_unpacked -= sum(entry.file_size for entry in self.parts.values())
        if self.most_parts < 0 or self.most_unpacked < 0:
            raise Refused("unpacks")
        self.defaults: dict[str, str] = {}
        self.overrides: dict[str, str] = {}
        self.main = ""
        self.workbooks: set[str] = set()

    def look_at_every_part(self) -> str:
        """Return the media type. What is said of the parts comes before what is in them."""
        if "[content_types].xml" not in self.parts:
            raise Refused("other_office" if OTHER_OFFICE & self.parts.keys() else "unknown_type")
        self._read_xml("[content_types].xml", self._take_type)
        for name in self.parts:
            if name.endswith(".rels"):
                self._read_relationships(name)
        kind = self._kind()
        for name in self.parts:
            if name == "[content_types].xml" or name.endswith(".rels"):
                continue
            if self._is_xml(name):
                self._read_xml(name, _refuse_starting if kind == SLIDES else None)
            elif name in self.workbooks:
                self._look_inside(name)
            else:
                self._look_at_bytes(name)
        return kind

    def _take_type(self, tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").lower()
        if tag == "Default":
            self.defaults[attributes.get("Extension", "").lower()] = kind
        elif tag == "Override":
            self.overrides[attributes.get("PartName", "").lstrip("/").lower()] = kind

    def _type_of(self, name: str) -> str:
        return self.overrides.get(name) or self.defaults.get(name.rpartition(".")[2], "")

    def _kind(self) -> str:
        """Return the media type of the file, which is said by the type of its main part."""
        main = self._type_of(self.main)
        if "binary" in main:
            # Excel calls those with macros and those without alike.
            raise Refused("other_office")
        types = [*self.defaults.values(), *self.overrides.values()]
        if any(word in each for each in types for word in MACROS):
            raise Refused("macros")
        kind = main.removesuffix(".main+xml")
        if self.main in self.parts and kind in KINDS:
            return kind
        raise Refused("other_office" if main else "unknown_type")

    def _read_relationships(self, name: str) -> None:
        folder, _rels, base = name.rpartition("_rels/")
        source = folder + base.removesuffix(".rels")

        def see(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship":
                kind = attributes.get("Type", "").rpartition("/")[2].lower()
                is_outside = attributes.get("TargetMode", "").lower() == "external"
                target = posixpath.join("/", folder, attributes.get("Target", ""))
                self._take_relationship(source, kind, _plain(target), is_outside=is_outside)

        self._read_xml(name, see)

    def _take_relationship(self, source: str, kind: str, target: str, *, is_outside: bool) -> None:
        if kind in TO_MACROS:
            raise Refused("macros")
        # A link that is clicked is harmless; everything else is fetched when the file is opened.
        if kind in TO_ELSEWHERE or (is_outside and kind != "hyperlink"):
            raise Refused("fetches")
        if kind in TO_CARRIED:
            raise Refused("carries_objects")
        if kind == "package":
            if self.is_inside or self._type_of(source) not in CHARTS:
                raise Refused("carries_objects")
            self.workbooks.add(target)
        if kind == "officedocument" and not source:
            if self.main not in ("", target):
                raise Refused("broken")
            self.main = target

    def _is_xml(self, name: str) -> bool:
        kind = self._type_of(name)
        return name.endswith(".xml") or (kind.startswith("application/") and kind.endswith("xml"))

    def _read_xml(self, name: str, see: See | None = None) -> None:
        """Read a part to its end, and let ``see`` have the elements: their names, attributes."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse_doctype
        if see is not None:
            parser.StartElementHandler = lambda tag, attributes: see(
                tag.rpartition(" ")[2], attributes
            )
        for piece in self._pieces(name):
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _look_at_bytes(self, name: str) -> None:
        pieces = self._pieces(name)
        beginning = next(pieces, b"")
        if beginning.startswith(CARRIED) or name.endswith(PROGRAMS):
            raise Refused("carries_objects")
        for _piece in pieces:
            pass

    def _look_inside(self, name: str) -> None:
        """Look at the workbook behind a chart, as at a file of its own."""
        inner = _Package(b"".join(self._pieces(name)), self)
        if inner.look_at_every_part() != WORKBOOK:
            raise Refused("carries_objects")
        self.most_parts, self.most_unpacked = inner.most_parts, inner.most_unpacked

    def _pieces(self, name: str) -> Iterator[bytes]:
        stream: IO[bytes]
        # Read to its end, so that its checksum is compared.
        with self.archive.open(self.parts[name]) as stream:
            while piece := stream.read(PIECE):
                yield piece


def _open(data: bytes) -> zipfile.ZipFile:
    """Open the archive, in front of and behind which nothing stands."""
    if not data.startswith(ZIP) or not data[-LENGTH_OF_END:].startswith(END):
        raise Refused("broken")
    archive = zipfile.ZipFile(io.BytesIO(data))
    if min((entry.header_offset for entry in archive.infolist()), default=1):
        raise Refused("broken")
    return archive


def _plain(path: str) -> str:
    return posixpath.normpath(path).lstrip("/").lower()


def _refuse_doctype(*_declared: object) -> None:
    # No office program writes one; with it a few bytes can stand for gigabytes.
    raise Refused("doctype")


def _refuse_starting(_tag: str, attributes: dict[str, str]) -> None:
    if attributes.get("action", "").lower().startswith(STARTED):
        raise Refused("macros")
