"""Numbers that anybody can send."""


def is_number(text: str) -> bool:
    """Whether a text can be a key of a row: digits, and no more than a database can hold.

    Python refuses to read thousands of them as an ``int``, and reads those of other scripts.
    """
    return len(text) <= 18 and text.isascii() and text.isdecimal()
