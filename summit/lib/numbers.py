"""Numbers that anybody can send."""


def is_number(text: str) -> bool:
    """Whether a text can be a key of a row: digits, and no more than a database can hold.

    Python refuses to read thousands of them as an ``int``.
    """
    return len(text) <= 18 and text.isdecimal()
