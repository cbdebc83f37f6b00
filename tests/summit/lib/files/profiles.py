"""Colour profiles of the ICC, as cameras, phones and printers put them into pictures."""

import struct


def fixed(*numbers):
    return b"".join(struct.pack(">i", round(number * 65_536)) for number in numbers)


def profile(kind, space, connection, tags):
    """A profile of version 2 with these tags."""
    table, body = struct.pack(">I", len(tags)), b""
    at = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = 128 + len(table) + len(body)
    header = struct.pack(">I4sI", size, b"\0" * 4, 0x02400000) + kind + space + connection
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    header += fixed(0.9642, 1, 0.8249)
    return header.ljust(128, b"\0") + table + body


def xyz(*numbers):
    return b"XYZ \0\0\0\0" + fixed(*numbers)


def gamma(number):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(number * 256))


def linear(value):
    """From a value of sRGB to light."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


SRGB_CURVE = (
    b"curv\0\0\0\0"
    + struct.pack(">I", 1024)
    + b"".join(struct.pack(">H", round(65_535 * linear(each / 1023))) for each in range(1024))
)
WHITE = xyz(0.9642, 1, 0.8249)


def colours(red, green, blue, curve):
    tags = {b"rXYZ": xyz(*red), b"gXYZ": xyz(*green), b"bXYZ": xyz(*blue), b"wtpt": WHITE}
    return profile(
        b"mntr", b"RGB ", b"XYZ ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    )


DISPLAY_P3 = colours(
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
    SRGB_CURVE,
)
ADOBE_RGB = colours(
    (0.60974, 0.31111, 0.01947),
    (0.20528, 0.62567, 0.06087),
    (0.14919, 0.06322, 0.74457),
    gamma(2.19921875),
)
LINEAR_GREY = profile(b"mntr", b"GRAY", b"XYZ ", {b"wtpt": WHITE, b"kTRC": gamma(1)})


def cmyk(lab):
    """A profile of a printer whose inks give this colour, alone or some of them together."""
    lightness, a, b = lab
    colour = bytes([round(lightness * 2.55), a + 128, b + 128])
    white, black = bytes([255, 128, 128]), bytes([0, 128, 128])
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table += bytes(range(256)) * 4 + white + colour * 14 + black + bytes(range(256)) * 3
    return profile(b"prtr", b"CMYK", b"Lab ", {b"wtpt": WHITE, b"A2B0": table})
