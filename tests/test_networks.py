"""Networks that recompute activations: counts, times, the best interval; each value against going through the layers."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from problems.expected import backward, costs

from derive.facts.facts import Facts
from derive.kernel.apply import Refused
from derive.kernel.least import by_least
from derive.language.model import ReadError
from derive.language.reading import read_problem
from derive.planner.network.schedule import Comparison, Pattern, schedule
from derive.planner.solve import solve
from derive.referee.machine import run
from derive.rendering.build import page
from derive.rendering.html import html
from derive.rendering.latex import latex
from derive.rendering.markdown import markdown
from derive.rendering.text import text
from derive.rendering.trace import trace
from derive.rulebook.load import load
from derive.terms import Term, call, mul, num, power, sym

SCHEMA = Path(__file__).parent.parent / "derive" / "trace.schema.json"


def answers(*sentences: str, rules=None):
    return solve(read_problem("\n".join(sentences) + "\n"), rules or load())


def network(layers: str, interval: str) -> str:
    return f"Consider a network of ${layers}$ layers that stores the activation of every ${interval}$th layer."


@pytest.mark.parametrize("layers", [1, 2, 3, 7, 12, 30])
@pytest.mark.parametrize("interval", [1, 2, 3, 5, 12, 31])
def test_the_machine_the_schedule_and_the_walk_agree(layers: int, interval: int):
    walked = backward(layers, interval)
    done, table = run(layers, interval), schedule(layers, interval)
    assert (done.forwards, done.loads, done.stored) == walked
    assert (table.forwards, table.loads, len(table.stored)) == walked
    assert [r.layer for r in table.rows] == list(range(layers, 0, -1))
    for r in table.rows:
        assert r.start in {0, *table.stored} and list(r.recomputed) == list(range(r.start + 1, r.layer + 1))


@pytest.mark.parametrize(("layers", "interval"), [(1, 1), (5, 2), (13, 4), (23, 6), (24, 24), (25, 7), (60, 7), (90, 13), (100, 1)])
def test_counts(layers: int, interval: int):
    got = answers(network(str(layers), str(interval)), "", "1. Find the number of forward operations.", "2. Find the number of memory loads.")
    assert [a.result for a in got.answers] == [num(n) for n in backward(layers, interval)[:2]]


def test_the_sum_is_written_out_term_by_term():
    got = answers(network("7", "3"), "", "1. Find the number of forward operations.")[1]
    assert [[a.value for a in s.after.args] for s in got.steps if s.rule == "numbers"] == [[1, 2, 0, 1, 2, 0, 1]]


def best(layers: int, a: Fraction, b: Fraction, c: Fraction) -> set[int]:
    times = {k: costs(layers, k, a, b, c) for k in range(1, layers + 3)}
    return {k for k, t in times.items() if t == min(times.values())}


def meets(p: Term, values: dict[str, Fraction]) -> bool:
    if p.head in ("And", "Or"):
        return (all if p.head == "And" else any)(meets(a, values) for a in p.args)
    if p.head == "Implies":
        return not meets(p.args[0], values) or meets(p.args[1], values)
    x, y = (a.value if a.head == "Num" else values[a.name] for a in p.args)
    return {"Eq": x == y, "Ge": x >= y, "Lt": x < y}[p.head]


@pytest.mark.parametrize(
    ("layers", "a", "b", "c"),
    [(10, 20, 10, 70), (10, 20, 10, 20), (10, 20, 10, 2000), (9, 1, 5, 9), (1, 3, 1, 2), (1, 3, 1, 3), (17, 2, 0, 11), (30, 5, 1, 240)],
)
def test_the_best_interval(layers: int, a: int, b: int, c: int):
    got = answers(
        network(str(layers), "k"), f"Let a forward operation take ${a}$ and a memory load ${b}$.", f"Let storing an activation cost ${c}$.",
        "", "1. Find the interval that minimises the total time.", "2. Find $k$ that minimises the total time.",
    )  # fmt: skip
    assert got[1].result == got[2].result
    got = got[1]
    assert got.status == "solved", got.reason
    said = got.result if got.result.head != "Num" else call("Eq", sym("k"), got.result)
    assert {k for k in range(1, layers + 3) if meets(said, {"k": Fraction(k)})} == best(layers, a, b, c)
    assert got.steps[-1].checked.cases > layers
    assert isinstance(got.schedule, Comparison)
    assert {r.interval for r in got.schedule.rows if r.least} == {k for k in best(layers, a, b, c) if k <= layers + 1}


@pytest.mark.parametrize("layers", [1, 6, 10, 21])
def test_break_even_points(layers: int):
    got = answers(
        network(str(layers), "2"), "Let a forward operation take $20$ ns and a memory load $10$ ns.", "Let storing an activation cost $c$ ns.",
        "", "1. Find the interval that minimises the total time.",
    )[1]  # fmt: skip
    assert got.status == "solved", got.reason
    edges = {a.value for p in got.result.args for q in (p.args[0].args if p.args[0].head == "And" else (p.args[0],))
             for a in q.args if a.head == "Num"}  # fmt: skip
    for c in [Fraction(n, 2) for n in range(1, 60 * layers, 3)]:
        if c in edges:
            continue
        winners = {k for k in range(1, layers + 3) if meets(got.result, {"k": Fraction(k), "c": c})}
        assert winners == best(layers, 20, 10, c), c


def test_a_cost_that_stands_alone_may_be_anything():
    got = answers(
        network("6", "2"), "Let a forward operation take $a$ and a memory load $b$.", "Let storing an activation cost $c$.", "",
        "1. Find the interval that minimises the total time.",
    )[1]  # fmt: skip
    assert got.status == "refused" and "several symbols" in got.reason and "$a$" in got.missing


def test_whole_numbers_that_are_not_tried():
    symbols = read_problem("Let $k, L \\in \\mathbb{N}$.\nLet $x \\in \\mathbb{R}$.\n\n1. Find $k$ such that $k = 1$.\n")
    facts = Facts.of(symbols)
    i, k, x = sym("i"), sym("k"), sym("x")
    floor = call("Floor", mul(num(5), power(i, num(-1))))
    assert by_least(k, floor, i, facts).after == call("Ge", k, num(6))
    for sought, t in (
        (x, floor),  # not known to be a whole number
        (k, i),  # never settles
        (k, mul(i, floor, sym("L"), k)),  # what is sought stands in it
        (k, call("Floor", mul(num(5), i))),  # not a quotient by the index
        (k, call("Floor", mul(num(50000), power(i, num(-1))))),  # too many
        (k, mul(floor, sym("L"), sym("L"))),  # not linear
    ):
        with pytest.raises(Refused):
            by_least(sought, t, i, facts)


def test_a_wrong_rule_is_caught_by_the_machine():
    rules = dict(load())
    loads = rules["network.memory_loads"]
    fewer = call("Sum", loads.claim.args[1].var, num(1), num(1), mul(num(2), loads.names["L"].term))
    rules["network.memory_loads"] = replace(loads, claim=call("Eq", loads.claim.args[0], fewer))
    got = answers(network("10", "5"), "", "1. Find the number of memory loads.", rules=rules)[1]
    assert got.status == "refused" and "contradict" in got.reason


def test_a_claim_that_stored_activations_are_not_fetched():
    got = answers(network("10", "5"), "", "1. Is it true that the number of memory loads is $4 + 4$?")
    assert got[1].status == "refuted"
    assert (got[1].evidence.left, got[1].evidence.right) == (10, 8)
    assert got[1].steps[-1].after == num(10)
    shown = text(page(got))
    assert "itself, which is stored" in shown and "together" in shown


def test_an_unknown_is_a_value_that_it_may_have():
    got = answers(
        network("4", "2"), "Let a forward operation take $a$ ns and a memory load $10$ ns.", "",
        "1. Find $a$ such that the time of the backward pass is $30$ ns.", "2. Find $c > 0$ such that $2 c = -4$.",
        "3. Find $a$ such that the time of the backward pass is $60$ ns.",
    )  # fmt: skip
    assert [a.status for a in got.answers] == ["refused", "refused", "solved"]
    assert all("no solution" in got[n].reason for n in (1, 2))
    assert got[3].result == call("Unit", num(10), sym("ns"))


def test_units():
    with pytest.raises(ReadError, match="another unit"):
        answers(network("4", "2"), "Let a forward operation take $1$ ns and a memory load $1$ ns.", "",
                "1. Is it true that the time of the backward pass is $6$ us?")  # fmt: skip


def test_earlier_tasks_are_used_and_named():
    got = answers(
        network("10", "5"), "Let a forward operation take $20$ ns, a memory load $10$ ns and a disk load $t$.", "",
        "1. Find the number of forward operations.", "2. Find the time of the backward pass.",
        "3. Find the disk load time $t$ at which loading every activation from disk takes as long.",
    )  # fmt: skip
    assert [a.result for a in got.answers] == [num(20), call("Unit", num(500), sym("ns")), call("Unit", num(50), sym("ns"))]
    assert "found in task 1" in {c.because for s in got[2].steps for c in s.conditions}
    assert "found in task 2" in {c.because for s in got[3].steps for c in s.conditions}


@pytest.mark.parametrize(
    ("layers", "interval", "given"),
    [("10", "5", ""), ("L", "k", ""), ("m k + r", "k", "Let $m, k, r \\in \\mathbb{N}$. Assume $r < k$.\n")],
)
def test_pages(layers: str, interval: str, given: str):
    got = answers(
        given + network(layers, interval), "Let a forward operation take $2$ us and a memory load $1$ us.", "Let storing an activation cost $c$ us.",
        "", "1. Find the number of forward operations.", "2. Find the total time.", "3. Find the interval that minimises the total time.",
    )  # fmt: skip
    shown = page(got)
    for out in (text(shown), markdown(shown), html(shown), latex(shown)):
        assert "starts from" in out and "itself, which is stored" in out
    assert html(shown).count("<thead>") == 1 + (got[3].status == "solved")  # one schedule for all tasks
    data = trace(got)
    jsonschema.validate(json.loads(json.dumps(data)), json.loads(SCHEMA.read_text()))
    assert "schedule" in data["tasks"][0]
    if layers == "10":
        assert data["tasks"][0]["schedule"]["rows"][1] == {
            "layer": 9, "stored": False, "start": 5, "recomputed": [6, 7, 8, 9], "forwards": 4, "loads": 1,
        }  # fmt: skip
        assert len(data["tasks"][2]["schedule"]["intervals"]) == 11
    else:
        assert isinstance(got[1].schedule, Pattern)
        assert got[3].status == "refused"


def test_counts_in_formulas_are_read_as_they_are_written():
    from derive.language.writer import latex as write

    said = "1. Show that $\\text{the time of the backward pass} = a \\cdot \\text{the number of forward operations} + b L$.\n"
    problem = read_problem(network("L", "k") + "\nLet a forward operation take $a$ and a memory load $b$.\n\n" + said)
    claim = problem.tasks[0].objects[0]
    assert claim.args[1].args[0].args[1] == call("ForwardOperations")
    assert f"${write(claim, problem.symbols)}$" in said
    assert solve(problem, load())[1].status == "shown"
