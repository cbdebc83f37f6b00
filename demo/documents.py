"""Documents of the demo: small files that are what they claim, and say that they are invented."""

from demo.source import DATA

_A4 = (595, 842)


def pdf(lines: list[tuple[str, str]]) -> bytes:
    """Return one page with an English and a Chinese line for each pair, written by hand.

    Its fonts are those that readers of PDF bring along, so that it stays a few kilobytes.
    """
    text, y = [], 760
    for number, (english, chinese) in enumerate(lines):
        size = 15 if number == 0 else 11
        text.append(_shown("F1", size, y, english.encode("cp1252", "replace").hex()))
        text.append(_shown("F2", size, y - 20, chinese.encode("utf-16-be").hex()))
        y -= 54
    content = "\n".join(text).encode()
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R" % _A4
            + b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            b" /DescendantFonts [7 0 R] >>",
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
            b" /FontDescriptor 8 0 R >>",
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0"
            b" /FontBBox [-25 -254 1000 880] /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        ]
    )


def _shown(font: str, size: int, y: int, codes: str) -> str:
    return f"BT /{font} {size} Tf 72 {y} Td <{codes}> Tj ET"


def _file(objects: list[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def scan() -> bytes:
    """Return the picture of a signed sheet. It bears marks, and no words but what it is."""
    return (DATA / "scan.jpg").read_bytes()
