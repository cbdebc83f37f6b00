"""Files as people upload them, and as they should not."""

import itertools
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

_numbers = itertools.count(1)


def pdf(
    *objects: bytes, catalog: bytes = b"", trailer: bytes = b"", pages: int = 1, text: str = ""
) -> bytes:
    """A small PDF, each a little different; ``objects`` follow on those it needs, from 100 on."""
    kids = b" ".join(b"%d 0 R" % (10 + number) for number in range(pages))
    said = (text or f"Document {next(_numbers)}").encode()
    numbered = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        3: b"<< /Title (%s) >>" % said,
    }
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    numbered |= {10 + number: page for number in range(pages)}
    numbered |= dict(enumerate(objects, 100))
    written, places = [b"%PDF-1.7\n"], {}
    at = len(written[0])
    for number, each in numbered.items():
        places[number] = at
        written.append(b"%d 0 obj\n%s\nendobj\n" % (number, each))
        at += len(written[-1])
    table = b"".join(
        b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in places.items()
    )
    size = max(numbered) + 1
    written.append(b"xref\n0 1\n0000000000 65535 f \n" + table)
    written.append(b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R %s >>\n" % (size, trailer))
    written.append(b"startxref\n%d\n%%%%EOF\n" % at)
    return b"".join(written)


def packed(*objects: bytes, padding: int = 0) -> bytes:
    """A PDF whose objects lie compressed in a stream, as most programs write them.

    ``padding`` is how many blanks follow in the stream: a few kilobytes unpack to them.
    """
    inner = [
        b"<< /Type /Catalog /Pages 3 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 595 842] >>",
        *objects,
    ]
    places, at = [], 0
    for each in inner:
        places.append(at)
        at += len(each) + 1
    header = b" ".join(b"%d %d" % (number, place) for number, place in enumerate(places, 2)) + b" "
    packer = zlib.compressobj()
    stream = packer.compress(header + b" ".join(inner) + b" ")
    for _megabyte in range(padding // 2**20):
        stream += packer.compress(b" " * 2**20)
    stream += packer.flush()
    body = b"%PDF-1.7\n"
    first = len(body)
    body += (
        b"1 0 obj\n<< /Type /ObjStm /N %d /First %d /Length %d /Filter /FlateDecode >>\n"
        b"stream\n%s\nendstream\nendobj\n" % (len(inner), len(header), len(stream), stream)
    )
    table_at, number = len(body), 2 + len(inner)
    rows = [(0, 0, 0), (1, first, 0), *((2, 1, index) for index in range(len(inner)))]
    table = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in [*rows, (1, table_at, 0)]))
    body += (
        b"%d 0 obj\n<< /Type /XRef /Size %d /Root 2 0 R /W [1 4 2] /Length %d "
        b"/Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\n"
        % (number, number + 1, len(table), table)
    )
    return body + b"startxref\n%d\n%%%%EOF\n" % table_at


def upload(data: bytes, name: str = "scan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/octet-stream")


def fetch(person, path):
    """Ask for a file, and put what came into ``bytes``."""
    response = person.get(path)
    response.bytes = b"".join(response.streaming_content) if response.streaming else b""
    return response
