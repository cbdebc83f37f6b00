"""The size of the JPEG of a picture, which previews of links show: WeChat reads no WebP."""

LONGEST = 1200


def preview_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size of the JPEG of a picture of that size, with no side above ``LONGEST``."""
    scale = min(1, LONGEST / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
