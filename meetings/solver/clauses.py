"""Clauses, and how counts are written as clauses.

A counter is a totalizer (Bailleux and Boufkhad, 2003): a balanced tree of sorted unary numbers.
"""

import contextlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import combinations

# Beyond so many, a chain of helping variables takes fewer clauses than all pairs.
_PAIRS_AT_MOST = 12


class Clauses:
    """Clauses over numbered variables. A negative number is a variable that is false.

    Each clause goes to ``take`` as it is made, so that none is held twice. What is said within
    ``under(rule)`` holds only while the literal ``rules[rule]`` is true, if rules are kept apart.
    """

    def __init__(self, take: Callable[[list[int]], object], *, with_rules: bool = False) -> None:
        self.top = 0
        self.take = take
        self.with_rules = with_rules
        self.rules: dict[Hashable, int] = {}
        self._rule: list[int] = []

    def new(self) -> int:
        self.top += 1
        return self.top

    @contextlib.contextmanager
    def under(self, *rule: Hashable) -> Iterator[None]:
        if not self.with_rules:
            yield
            return
        if rule not in self.rules:
            self.rules[rule] = self.new()
        self._rule = [-self.rules[rule]]
        yield
        self._rule = []

    def add(self, *literals: int) -> None:
        """Add a rule."""
        self.take([*literals, *self._rule])

    def define(self, *literals: int) -> None:
        """Add what a helping variable means, which no rule can be without."""
        self.take(list(literals))

    def at_most_one(self, literals: Sequence[int]) -> None:
        if len(literals) <= _PAIRS_AT_MOST:
            for one, other in combinations(literals, 2):
                self.add(-one, -other)
            return
        before = 0
        for literal in literals:
            some = self.new()
            self.define(-literal, some)
            if before:
                self.define(-before, some)
                self.add(-before, -literal)
            before = some

    def either(self, literals: Sequence[int]) -> int:
        """Return a literal that is true if and only if one of these is."""
        if len(literals) == 1:
            return literals[0]
        made = self.new()
        for each in literals:
            self.define(-each, made)
        self.define(-made, *literals)
        return made

    def count(
        self, literals: Sequence[int], *, most: int, up: bool = True, down: bool = False
    ) -> list[int]:
        """Return o with o[j]: "at least j + 1 of them", for at most ``most`` of them.

        ``up`` makes an output true where that many are; ``down`` false where they are fewer.
        """
        if not literals:
            return []
        if len(literals) == 1:
            return [literals[0]]
        half = len(literals) // 2
        one = self.count(literals[:half], most=most, up=up, down=down)
        other = self.count(literals[half:], most=most, up=up, down=down)
        return self.merge(one, other, most=most, up=up, down=down)

    def merge(
        self,
        one: Sequence[int],
        other: Sequence[int],
        *,
        most: int,
        up: bool = True,
        down: bool = False,
    ) -> list[int]:
        """Return the sum of two counts."""
        if not one or not other:
            return list(one or other)
        number = min(len(one) + len(other), most)
        out = [self.new() for _ in range(number)]
        for i in range(len(one) + 1):
            for j in range(len(other) + 1):
                if up and i + j > 0:
                    target = out[min(i + j, number) - 1]
                    given = [-one[i - 1]] if i else []
                    given += [-other[j - 1]] if j else []
                    self.define(target, *given)
                if down and i + j < number:
                    missing = [one[i]] if i < len(one) else []
                    missing += [other[j]] if j < len(other) else []
                    self.define(-out[i + j], *missing)
        return out

    def at_most(self, literals: Sequence[int], number: int) -> None:
        """No more than so many of them are true."""
        if number >= len(literals):
            return
        if number == 0:
            for each in literals:
                self.add(-each)
            return
        self.add(-self.count(literals, most=number + 1)[number])

    def at_least(self, literals: Sequence[int], number: int) -> None:
        """So many of them are true at least; more than there are cannot be."""
        if number <= 0:
            return
        if number > len(literals):
            self.add()
            return
        if number == 1:
            self.add(*literals)
            return
        self.add(self.count(literals, most=number, up=False, down=True)[number - 1])
