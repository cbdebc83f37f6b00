"""Proves goal by goal: a child process that raises what is proven until it meets what is found.

PySAT holds the lock of Python while it solves, and CaDiCaL cannot be interrupted: whoever starts
this kills the process at the limit of time. Nothing here knows a database.
"""

from collections.abc import Callable, Sequence
from typing import Any

from meetings.solver.clauses import Clauses
from meetings.solver.goals import Goal, Solution, measure
from meetings.solver.model import Model
from meetings.solver.task import Task

# So many outputs a counter has beyond what is proven; then it is made anew with more.
_AHEAD = 24

type Report = Callable[[int, Solution | None], None]
"""Called with what is proven at least, and with a solution that is as good, if there is one."""


class Impossible(Exception):
    """No schedule keeps all the rules, whatever is dropped."""


def prove(
    task: Task,
    goal: Goal,
    *,
    engine: Any,
    bounds: Sequence[tuple[Goal, int]],
    least: int,
    found: int | None,
    all_held: bool,
    report: Report,
) -> None:
    """Raise ``least`` until a schedule is found that has no more, or until it is ``found``.

    ``bounds`` are what the earlier goals may have at most. Raises ``Impossible``.
    """
    model = Model(task, Clauses(engine.add_clause), all_held=all_held)
    for earlier, most in bounds:
        model.clauses.at_most(model.terms(earlier), most)
    terms = model.terms(goal)
    out: list[int] = []
    while found is None or least < found:
        if least >= len(out) and least < len(terms):
            out = model.clauses.count(terms, most=least + _AHEAD)
        assumed = [-out[least]] if least < len(out) else []
        if engine.solve(assumptions=assumed):
            true = {literal for literal in engine.get_model() if literal > 0}
            solution = model.solution(true)
            report(measure(task, goal, solution), solution)
            return
        if not assumed or not engine.get_core():
            raise Impossible
        least += 1
        report(least, None)
