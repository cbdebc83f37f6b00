"""Several things in one cell: names below each other, with commas or with other signs between."""

from collections.abc import Callable, Iterable, Iterator

from backoffice.kit.importing.headings import language_of
from summit.lib.i18n.likeness import one_line

SEPARATORS = frozenset(",;，；、|｜\r\n\v\f\x85\u2028\u2029")
# These are between the two languages of one name as well: 市医院 / City Hospital.
STROKES = frozenset("/／")
_OPENING, _CLOSING = frozenset("(（"), frozenset(")）")


def split(text: str, is_one: Callable[[str], object] = lambda name: False) -> list[str]:
    """Return what a cell lists, each on one line, in its order.

    Brackets keep what is in them together: 王芳（局长、书记）. A stroke separates as well, unless
    it is between the two languages of one name, which comes back as ``王伟 / Wang Wei``. What
    ``is_one`` knows stays as it is. The work grows with the length of the text.
    """
    whole = one_line(text)
    if is_one(whole):
        return [whole]
    return [name for part in _divided(text, SEPARATORS) for name in _names(part, is_one)]


def is_one_item(name: str) -> bool:
    """Whether a name is read as one where it is in a list."""
    brackets = [sign for sign in name if sign in _OPENING | _CLOSING]
    is_balanced = 2 * len(_pairs(name)) == len(brackets)
    return is_balanced and len(list(_divided(name, SEPARATORS))) == 1


def _names(part: str, is_one: Callable[[str], object]) -> Iterable[str]:
    whole = one_line(part)
    if not whole or is_one(whole):
        return [whole] if whole else []
    names = [name for each in _divided(part, STROKES) if (name := one_line(each))]
    if len(set(map(language_of, names))) == len(names) == 2 and not all(map(is_one, names)):
        return [" / ".join(names)]
    return names


def _divided(text: str, signs: frozenset[str]) -> Iterator[str]:
    """Yield the parts of a text between these signs, except those within brackets."""
    closing = _pairs(text)
    begun = place = 0
    while place < len(text):
        if text[place] in signs:
            yield text[begun:place]
            begun = place + 1
        place = closing.get(place, place) + 1
    yield text[begun:]


def _pairs(text: str) -> dict[int, int]:
    """Return where each bracket is closed. One that never is keeps nothing together."""
    opened: list[int] = []
    closing: dict[int, int] = {}
    for place, sign in enumerate(text):
        if sign in _OPENING:
            opened.append(place)
        elif sign in _CLOSING and opened:
            closing[opened.pop()] = place
    return closing
