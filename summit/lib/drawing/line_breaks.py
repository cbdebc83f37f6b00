"""Where the lines of a large text break: balanced, in Chinese as in English.

No line begins with a closing sign or ends with an opening one (避头尾), no word and no number
with its counter is cut, and words that titles of events are made of are kept together where
there is room.
"""

import bisect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from summit.lib.drawing.fonts import is_chinese

_NEVER_FIRST = "、。，．：；？！）》」』】〕〉”’…—·•・％‰℃°～｝］々〻ー,.;:?!)\\]}%/–-"
_NEVER_LAST = "（《「『【〔〈“‘｛［(\\[{$￥€£#"
_COUNTERS = "年月日时点届号期个次家项"
# Words of Chinese titles that are ugly when cut. A line breaks within one only for want of room.
_WORDS = (
    "国际|中国|河北|石家庄|北京|上海|英国|德国|法国|美国|日本|欧洲|京津冀|生物|医药|医疗|健康|基因|细胞"
    "|治疗|前沿|人工智能|智能|先进|制造|材料|能源|环保|农业|数字|信息|产业|产学研|科技|技术|创新|成果|转化"
    "|转移|合作|交流|项目|推介会|推介|对接会|对接|洽谈会|洽谈|研讨会|研讨|座谈会|论坛|大会|峰会|路演|展览会"
    "|博览会|签约|仪式|专场|活动|企业|高校|院所|专家|人才|海外|经济|贸易|投资|发展|服务|平台|系列|城市|大学"
    "|研究院|中心|暨"
)
# Never cut: a word or number with the signs before and behind it, a Chinese word, a sign.
_PIECES = re.compile(
    rf"[{_NEVER_LAST}]*(?:\d+[{_COUNTERS}]|(?:[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
    rf"{_NEVER_FIRST}{_NEVER_LAST}]|[,.:'’/](?=\w))+|\S)(?:[—…]+|[{_NEVER_FIRST}])*"
)
_ELLIPSIS = "…"
# What it costs to break within Chinese, and within one of its words, in em by which a line is
# off the balance.
_WITHIN_CHINESE, _WITHIN_A_WORD = 0.6, 3.0

# The width of a text on one line, in em.
type Measure = Callable[[str], float]


class Piece(NamedTuple):
    """What is never cut, its width, the room before it within a line, what a break there costs."""

    text: str
    width: float
    room: float
    cost: float


def break_lines(text: str, most: float, measure: Measure) -> list[str]:
    """Return the fewest lines no wider than ``most``, of about one width each.

    Widths are in em. A word wider than a line is cut.
    """
    pieces = list(_pieces(text, most, measure))
    if not pieces:
        return []
    lines = _fewest(pieces, most)
    target = sum(piece.width + piece.room for piece in pieces) / lines
    # best[n][i]: what the pieces up to i cost in n lines, and where the last of these begins.
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _line in range(lines):
        best.append(_with_one_more(best[-1], pieces, most, target))
    ends, end = [len(pieces)], len(pieces)
    for step in reversed(best[1:]):
        end = step[end][1]
        ends.append(end)
    ends.reverse()
    return [_joined(pieces[first:last]) for first, last in itertools.pairwise(ends)]


def fit(
    text: str, sizes: Sequence[int], measure: Measure, *, box: tuple[float, float], leading: float
) -> tuple[int, list[str]]:
    """Return the largest of the sizes at which a text fits into a box, and its lines.

    At the last size, the smallest, what does not fit ends with an ellipsis.
    """
    most, height = box
    for size in sizes:
        lines = break_lines(text, most / size, measure)
        if len(lines) * size * leading <= height:
            return size, lines
    room = max(1, int(height // (size * leading)))

    def lines_until(end: int) -> list[str]:
        return break_lines(text[:end].rstrip() + _ELLIPSIS, most / size, measure)

    fitting = bisect.bisect_right(range(1, len(text)), room, key=lambda end: len(lines_until(end)))
    return size, lines_until(max(fitting, 1))


def _pieces(text: str, most: float, measure: Measure) -> Iterator[Piece]:
    """Return the text in pieces, each with the room that it adds beside the one before."""
    before, words = "", _insides(text)
    for match in _PIECES.finditer(text):
        has_space = match.start() > 0 and text[match.start() - 1].isspace()
        for part in _no_wider(match[0], most, measure):
            space = " " if has_space else ""
            room = 0.0
            if before:
                joined = measure(f"{before[-1]}{space}{part[0]}")
                room = joined - measure(before[-1]) - measure(part[0])
            cost = 0.0
            if before and is_chinese(before[-1]) and is_chinese(part[0]) and not space:
                cost = _WITHIN_A_WORD if match.start() in words else _WITHIN_CHINESE
            yield Piece(space + part, measure(part), room, cost)
            before, has_space = part, False


def _insides(text: str) -> set[int]:
    """Return the places within words."""
    found = re.finditer(_WORDS, text)
    return {place for word in found for place in range(word.start() + 1, word.end())}


def _no_wider(piece: str, most: float, measure: Measure) -> Iterator[str]:
    while measure(piece) > most and len(piece) > 1:
        fitting = next(
            n for n in range(len(piece) - 1, 0, -1) if n == 1 or measure(piece[:n]) <= most
        )
        yield piece[:fitting]
        piece = piece[fitting:]
    yield piece


def _fewest(pieces: Sequence[Piece], most: float) -> int:
    lines, used = 1, 0.0
    for piece in pieces:
        if used and used + piece.room + piece.width > most:
            lines, used = lines + 1, 0.0
        used += piece.width + (piece.room if used else 0.0)
    return lines


def _with_one_more(
    before: dict[int, tuple[float, int]],
    pieces: Sequence[Piece],
    most: float,
    target: float,
) -> dict[int, tuple[float, int]]:
    found: dict[int, tuple[float, int]] = {}
    for first, (cost, _first) in before.items():
        width = 0.0
        for last in range(first, len(pieces)):
            width += pieces[last].width + (pieces[last].room if last > first else 0.0)
            if width > most and last > first:
                break
            total = cost + (target - width) ** 2 + (pieces[first].cost ** 2 if first else 0.0)
            if last + 1 not in found or total < found[last + 1][0]:
                found[last + 1] = (total, first)
    return found


def _joined(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces).strip()
