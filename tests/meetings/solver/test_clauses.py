import itertools

import pytest

from meetings.solver.clauses import Clauses

Solver = pytest.importorskip("pysat.solvers").Solver


def allowed(number, say):
    """Return the sets of true inputs that are possible, of ``number`` of them."""
    with Solver("cadical195") as solver:
        clauses = Clauses(solver.add_clause)
        inputs = [clauses.new() for _ in range(number)]
        say(clauses, inputs)
        found = set()
        for chosen in itertools.product([True, False], repeat=number):
            assumed = [each if on else -each for each, on in zip(inputs, chosen, strict=True)]
            if solver.solve(assumptions=assumed):
                found.add(chosen)
        return found


def of_sizes(number, *sizes):
    return {each for each in itertools.product([True, False], repeat=number) if sum(each) in sizes}


@pytest.mark.parametrize("most", range(6))
def test_at_most_allows_up_to_so_many(most):
    assert allowed(5, lambda c, inputs: c.at_most(inputs, most)) == of_sizes(5, *range(most + 1))


@pytest.mark.parametrize("least", range(7))
def test_at_least_allows_from_so_many_on(least):
    assert allowed(5, lambda c, inputs: c.at_least(inputs, least)) == of_sizes(5, *range(least, 6))


@pytest.mark.parametrize("number", [1, 4, 14])
def test_at_most_one_allows_none_or_one_of_few_and_of_many(number):
    assert allowed(number, lambda c, inputs: c.at_most_one(inputs)) == of_sizes(number, 0, 1)


def test_rule_that_is_switched_off_allows_everything():
    with Solver("cadical195") as solver:
        clauses = Clauses(solver.add_clause, with_rules=True)
        inputs = [clauses.new() for _ in range(3)]
        with clauses.under("tables", 1):
            clauses.at_most(inputs, 1)

        assert solver.solve(assumptions=inputs)
        assert not solver.solve(assumptions=[*inputs, clauses.rules["tables", 1]])
