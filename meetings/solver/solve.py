"""Solves a task goal by goal in child processes, within a limit of time and of memory.

Two versions of CaDiCaL prove side by side, since their times vary by a factor of three; the first
to finish wins. Without the package python-sat nothing is proven but what counting proves.
"""

import contextlib
import importlib.util
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from meetings.solver.bounds import contradicts_itself, dropped_at_least
from meetings.solver.goals import Goal, Kind, Solution, goals_of, measure
from meetings.solver.improve import improve
from meetings.solver.prove import Impossible, prove
from meetings.solver.task import Task

SOLVERS = ("cadical195", "cadical153")
# Of the time that is left so much may go to one goal, so that the next ones get theirs.
SHARE = 0.5
# So many seconds for each meeting go to small moves at most, before anything is proven.
IMPROVED_FOR, IMPROVED_AT_MOST = 0.02, 15
MEMORY = 1 << 30


@dataclass(slots=True)
class Result:
    """What was found of a goal, and what is proven at least."""

    goal: Goal
    found: int
    least: int

    @property
    def is_proven(self) -> bool:
        return self.least >= self.found


@dataclass(slots=True)
class Answer:
    """The best schedule that was found, and the goals in their order.

    ``is_impossible``: no schedule keeps all the rules, such as where locks contradict each other.
    """

    solution: Solution
    results: list[Result] = field(default_factory=list)
    is_impossible: bool = False


type Report = Callable[[Answer], None]


def installed() -> Sequence[str]:
    """Return the solvers that are here: none without the package python-sat."""
    return SOLVERS if importlib.util.find_spec("pysat") else ()


def engine() -> Any:
    """Return a solver for questions that are asked one after the other."""
    from pysat.solvers import Solver

    return Solver(SOLVERS[0])


def solve(
    task: Task,
    start: Solution | None,
    *,
    seconds: float,
    report: Report = lambda _answer: None,
    solvers: Sequence[str] | None = None,
) -> Answer:
    """Return the best schedule within a limit of time, and what is proven of each goal.

    ``start`` keeps every rule; without one all jobs have to be held, as in published instances.
    ``report`` is called whenever something better is found or proven. ``solvers`` are those that
    are installed unless they are given.
    """
    names = installed() if solvers is None else solvers
    ends = time.monotonic() + seconds
    all_held = start is None
    answer = Answer(start or Solution({}))
    if contradicts_itself(task):
        answer.is_impossible = True
        return answer
    goals = goals_of(task) if not all_held else [Goal(Kind.BREAKS)]
    for goal in goals:
        left = ends - time.monotonic()
        is_last = goal == goals[-1]
        share = left if is_last else left * SHARE
        _solve_goal(task, goal, answer, share, names, all_held, report)
        report(answer)
        if answer.is_impossible:
            break
    return answer


def _solve_goal(
    task: Task,
    goal: Goal,
    answer: Answer,
    seconds: float,
    names: Sequence[str],
    all_held: bool,
    report: Report,
) -> None:
    ends = time.monotonic() + seconds
    bounds = [(each.goal, each.found) for each in answer.results]
    if all_held:
        result = Result(goal, -1, 0)
    else:
        found = measure(task, goal, answer.solution)
        result = Result(goal, found, _least(task, goal, answer))
    answer.results.append(result)
    if not all_held and not result.is_proven:
        share = min(seconds * 0.3, 5)
        for better in improve(
            task, goal, answer.solution, bounds, seconds=share, stop=result.least
        ):
            answer.solution = better
            result.found = measure(task, goal, better)
        report(answer)
    if names and (all_held or not result.is_proven):
        known = (task, goal, bounds, result.least, None if all_held else result.found, all_held)
        with _provers(names, known, seconds) as pipes:
            _listen(pipes, result, answer, ends, report)


def _least(task: Task, goal: Goal, answer: Answer) -> int:
    if goal.kind is Kind.DROPPED:
        higher = sum(each.found for each in answer.results)
        return dropped_at_least(task, goal, higher)
    return 0


def _listen(
    pipes: Sequence[Connection], result: Result, answer: Answer, ends: float, report: Report
) -> None:
    """Take what the provers send until one is done, all are gone, or the time is over."""
    open_pipes = list(pipes)
    while open_pipes and (left := ends - time.monotonic()) > 0:
        ready = wait(open_pipes, timeout=min(left, 1))
        if not ready:
            # Whoever waits for news sees that there are none.
            report(answer)
        for pipe in [each for each in open_pipes if each in ready]:
            try:
                kind, number, solution = pipe.recv()
            except EOFError:
                # It was killed, or had no memory left: the other one goes on.
                open_pipes.remove(pipe)
                continue
            if kind == "impossible":
                answer.is_impossible = True
                return
            if solution is not None:
                answer.solution, result.found, result.least = solution, number, number
                return
            result.least = max(result.least, number)
            report(answer)
            if 0 <= result.found <= result.least:
                return


@contextlib.contextmanager
def _provers(
    names: Sequence[str], known: tuple[Any, ...], seconds: float
) -> Iterator[Sequence[Connection]]:
    """Start a process for each solver; end them all in the end, whatever they are at."""
    context = multiprocessing.get_context("spawn")
    processes, pipes = [], []
    for name in names:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_prove, args=(theirs, name, seconds, *known))
        process.start()
        theirs.close()
        processes.append(process)
        pipes.append(ours)
    try:
        yield pipes
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.join()
        for pipe in pipes:
            pipe.close()


def _prove(pipe: Connection, name: str, seconds: float, task: Task, goal: Goal, *rest: Any) -> None:
    """Run in a child process: send what is proven, and a solution in the end."""
    # Here, since the site runs without this package, and this process alone needs it.
    from pysat.solvers import Solver

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Where whoever started it was killed, nobody ends it: the time of the processor does.
    most = int(seconds) + 10
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    # What the solver says as its memory ends is nobody's message: it ends the process.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    bounds, least, found, all_held = rest
    try:
        prove(
            task,
            goal,
            engine=Solver(name),
            bounds=bounds,
            least=least,
            found=found,
            all_held=all_held,
            report=lambda number, solution: pipe.send(("least", number, solution)),
        )
    except Impossible:
        pipe.send(("impossible", 0, None))
    except MemoryError:
        pass
    finally:
        pipe.close()
