"""QR codes as drawings within the page, and as pictures to be kept."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr(text: str) -> SafeString:
    """Return a QR code as ``<svg>`` without inline style, black, with its quiet zone.

    Never a Micro QR code, which short texts would get by default and which neither
    phones nor browsers read.
    """
    code = segno.make_qr(text, error="m")
    # The drawing holds nothing of the text but squares, so it is safe as it is.
    return mark_safe(code.svg_inline(border=4, omitsize=True))


def qr_picture(text: str) -> bytes:
    """Return the same code as a PNG, large enough to be held before a camera."""
    buffer = io.BytesIO()
    segno.make_qr(text, error="m").save(buffer, kind="png", scale=12, border=4)
    return buffer.getvalue()
