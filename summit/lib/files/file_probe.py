"""What a file to keep is: a PDF, JPEG, PNG or office file, whole, that does nothing by itself.

Runs in ``summit.lib.files.limited_reader``. The codes of its refusals are worded in ``file_types``.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from summit.lib.files import office_probe
from summit.lib.files.limited_reader import Refused

# The first bytes tell which parser looks at the rest; the parser tells whether it is true.
PDF, JPEG, PNG = b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
# What a PDF must not do: archives (PDF/A) allow none of it.
ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}
ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMedia", "/RichMediaContent"}
# Annotations that play something, which may run programs or be fetched from elsewhere.
PLAYED = {"/RichMedia", "/3D", "/Movie", "/Screen", "/Sound"}
# What is done without a click: when the file is opened, a page shown, a field left. It may
# turn to another place of the file, and nothing else.
HARMLESS = {"/GoTo", "/GoToDp", "/Hide", "/Named", "/SetOCGState", "/Trans"}
MOST_ACTIONS = 1000
CARRYING_KEYS = {"/EmbeddedFiles", "/EF"}


def read(
    data: bytes, *, most_pixels: int, takes_office: bool = False
) -> tuple[dict[str, Any], bytes]:
    """Answer with the media type of ``data``."""
    return {"type": probe(data, most_pixels, takes_office=takes_office)}, b""


def probe(data: bytes, most_pixels: int, *, takes_office: bool = False) -> str:
    """Return the media type of ``data``; raise ``Refused``."""
    if data.startswith(PDF):
        return _pdf(data)
    if data.startswith(JPEG):
        return _picture(data, "JPEG", most_pixels)
    if data.startswith(PNG):
        return _picture(data, "PNG", most_pixels)
    if takes_office and data.startswith((office_probe.ZIP, office_probe.OLD_OFFICE)):
        return office_probe.probe(data)
    # Only now, since it brings Pillow.
    from summit.lib.files.picture_probe import is_heic

    raise Refused("heic" if is_heic(data) else "unknown_type")


def _pdf(data: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    # A file that breaks off has no end mark, one with another file behind it has more.
    _body, mark, rest = data.rpartition(b"%%EOF")
    if not mark or rest.strip(b"\0 \t\r\n\f"):
        raise Refused("broken")
    try:
        with _as_every_reader():
            reader = PdfReader(io.BytesIO(data))
            if reader.is_encrypted:
                raise Refused("encrypted")
            if not len(reader.pages):
                raise Refused("no_page")
            _look_at_every_object(reader)
    except (Refused, MemoryError):
        raise
    except LimitReachedError as error:
        raise Refused("too_complex") from error
    except Exception as error:
        # Some ciphers cannot even be opened here.
        raise Refused("encrypted" if b"/Encrypt" in data else "broken") from error
    return "application/pdf"


def _look_at_every_object(reader: Any) -> None:
    """Raise ``Refused`` for a PDF that runs something, opens or carries other files."""
    from pypdf.generic import IndirectObject, StreamObject

    if not isinstance(dict.get(reader.trailer, "/Root"), IndirectObject):
        # Some readers take a catalog that is no object, and is in no list of them.
        raise Refused("broken")
    numbers = [
        (number, generation)
        for generation, objects in reader.xref.items()
        for number in objects
        if number
    ]
    numbers += [(number, 0) for number in reader.xref_objStm]
    for number, generation in numbers:
        for part in _parts(IndirectObject(number, generation, reader).get_object()):
            if ACTIVE_KEYS & part.keys() or _name(part, "/S") in ACTIONS:
                raise Refused("active")
            if _name(part, "/Subtype") in PLAYED or _acts_by_itself(part):
                raise Refused("active")
            # The data of a stream, or the page that is drawn, lies in another file.
            if isinstance(part, StreamObject) and {"/F", "/Ref"} & part.keys():
                raise Refused("active")
            if CARRYING_KEYS & part.keys():
                raise Refused("carries_files")


@contextmanager
def _as_every_reader() -> Iterator[None]:
    """Refuse a dictionary of which readers read different things, and pypdf only a part.

    That is one with a key twice, of which some take the first and others the last, and one
    with something in it that pypdf cannot read, behind which it stops. It warns of both.
    """
    from pypdf.generic import _data_structures

    reader: Any = _data_structures
    warned = []
    before = reader.logger_warning
    reader.logger_warning = lambda message, **values: warned.append(message)
    try:
        yield
    finally:
        reader.logger_warning = before
    if warned:
        raise Refused("broken")


def _name(part: dict[str, Any], key: str) -> Any:
    """Return the value of a key, which can stand in an object of its own."""
    return _resolved(dict.get(part, key))


def _resolved(value: Any) -> Any:
    from pypdf.generic import IndirectObject

    return value.get_object() if isinstance(value, IndirectObject) else value


def _acts_by_itself(part: dict[str, Any]) -> bool:
    """Say whether a dictionary does more without a click than to turn to another place.

    Raises ``Refused`` for more actions than anybody needs.
    """
    waiting = []
    if "/OpenAction" in part:
        waiting.append(_name(part, "/OpenAction"))
    if "/AA" in part:
        triggers = _name(part, "/AA")
        waiting += dict.values(triggers) if isinstance(triggers, dict) else [triggers]
    looked_at = 0
    while waiting:
        looked_at += 1
        if looked_at > MOST_ACTIONS:
            raise Refused("too_complex")
        action = _resolved(waiting.pop())
        if isinstance(action, dict):
            if _name(action, "/S") not in HARMLESS:
                return True
            following = _name(action, "/Next")
            waiting += following if isinstance(following, list) else [following]
        # Anything else is a place in this file, by its name or its page.
    return False


def _parts(found: Any) -> Iterator[dict[str, Any]]:
    """Yield every dictionary that one object is made of; references lead to other objects."""
    waiting = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            # Past the dictionary's own lookup, which would follow references.
            waiting += dict.values(each)
        elif isinstance(each, list):
            waiting += list.__iter__(each)


def _picture(data: bytes, kind: str, most_pixels: int) -> str:
    from PIL import Image

    if not _ends_with_its_end(data, kind):
        raise Refused("broken")
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            if image.width * image.height > most_pixels:
                raise Refused("too_many_pixels")
            image.verify()
        # verify() does not notice a picture that breaks off in the middle; decoding does.
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            image.load()
    except Image.DecompressionBombError as error:
        raise Refused("too_many_pixels") from error
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise Refused("broken") from error
    return f"image/{kind.lower()}"


def _ends_with_its_end(data: bytes, kind: str) -> bool:
    """Say whether nothing stands behind the picture, which no decoder would notice."""
    data = data.rstrip(b"\0")
    if kind == "JPEG":
        return data.endswith(b"\xff\xd9")
    at = len(PNG)
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        at += 12 + length
        if name == b"IEND":
            # Its checksum may end in zeros, which were stripped.
            return at >= len(data)
    return False
