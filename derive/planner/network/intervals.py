"""The interval of storing that makes a network's total time least."""

from __future__ import annotations

from dataclasses import replace

from derive.kernel.algebra import equal
from derive.kernel.apply import Refused
from derive.kernel.least import Tried, best, between, by_least, tried
from derive.kernel.step import Checked, Step
from derive.language.model import Given
from derive.planner.desk import Desk
from derive.planner.network.networks import METHOD, TAKES, untold, value
from derive.planner.network.schedule import Comparison, IntervalRow, network_of, schedule
from derive.planner.refereeing import refereed
from derive.planner.solution import Answer
from derive.terms import Term, add, call, free, fresh, mul, names, num, subst

TOTAL = call("TotalTime")
MOST_COMPARED = 40  # rows of a table that still helps


def least_interval(desk: Desk) -> Answer:
    """The total time for any interval by the rules, then the interval that makes it least, all of them tried."""
    t, facts = desk.task, desk.facts
    found = network_of(facts)
    assert found is not None and t.unknown is not None
    layers, k = facts.seen(found[0]), t.unknown
    if t.direction == "maximises" or t.objects != (TOTAL,):
        return Answer(t, "refused", reason="Only the interval with the least total time is sought here.")
    missing = untold(desk, TOTAL)
    if missing:
        return Answer(t, "refused", reason=missing, missing=missing)
    if k.head != "Sym" or k != found[1] and any(k in free(g.prop) for g in facts.givens if g.prop.head in TAKES):
        return Answer(t, "refused", reason=f"{facts.tex(k)} is no interval by itself.")
    if layers.head != "Num":
        said = f"Which interval is best depends on {facts.tex(layers)}, the number of layers."
        there = for_any(desk, layers, k)
        known = value(there, TOTAL)
        if not isinstance(known, Answer) and known and refereed(tuple(known), there)[1] is None:
            said += f" For an interval {facts.tex(k)} the total time is {facts.tex(known[-1].after)}."
        return Answer(t, "refused", reason=said, missing=f"the number {facts.tex(layers)} of layers")
    any_interval = for_any(desk, layers, k)
    time = value(any_interval, TOTAL)
    if isinstance(time, Answer):
        return replace(time, task=t)
    looked_at, broken = refereed(tuple(time), any_interval)
    if broken is not None:
        return Answer(t, "refused", reason=f"A step by {broken.rule} is contradicted by numbers.")
    formula = time[-1].after
    i = fresh(Term("Sym", ("i", k.sort)), facts.symbols.keys() | names([formula]))
    of_i = subst(formula, {k: i})
    try:
        step = by_least(k, of_i, i, any_interval.facts)
        values = tried(of_i, i)
    except Refused as r:
        said = f"Which interval is best was not found: {r.why}."
        return Answer(t, "refused", reason=said, missing=r.missing or _open(desk, free(formula) - {k}))
    step = step.shown(why=_why(values, step, desk), checked=simulated(desk, int(layers.value), values))
    if step.checked.how == "contradicted":
        return Answer(t, "refused", reason="Running the backward passes contradicts the formula.")
    after = step.after
    result = after.args[1] if after.head == "Eq" else after
    steps = (*(s.shown(part=1) for s in looked_at), step.shown(part=2))
    return Answer(t, "solved", result, steps, METHOD, note=_note(after, desk), schedule=compared(desk, int(layers.value), values))


def for_any(desk: Desk, layers: Term, k: Term) -> Desk:
    """The same task where the network stores at any interval ``k``: what the task varies is no longer given."""
    t = desk.task
    givens = tuple(
        g if g.prop.head != "Network" or g.prop.args[1] == k else Given(call("Network", layers, k), t.line, t.text, "task")
        for g in desk.problem.givens
    )
    problem = replace(desk.problem, givens=givens)
    shared = {name: x for name, x in desk.shared.items() if name == "library"}
    return Desk(problem, desk.rulebook, t, (), False, shared)


def _open(desk: Desk, symbols: frozenset[Term]) -> str:
    return "the values of " + ", ".join(sorted(desk.facts.tex(s) for s in symbols)) if symbols else ""


def _why(values: Tried, step: Step, desk: Desk) -> str:
    n = len(values.values)
    tex = desk.facts.tex
    if values.parameter is None:
        least = min(values.line(m)[0] for m in range(n))
        return (f"The total time is calculated for each interval from $1$ to ${n}$; every larger one gives what ${n}$ gives, since nothing is "
                f"stored then. The least of these values is {tex(num(least))}.")  # fmt: skip
    return (f"The total time is calculated for each interval from $1$ to ${n}$; every larger one gives what ${n}$ gives, since nothing is stored "
            f"then. Each is a straight line in {tex(values.parameter)}, and the least of straight lines changes only where two of them cross.")  # fmt: skip


def _note(after: Term, desk: Desk) -> str:
    tex = desk.facts.tex
    parts = after.args if after.head == "Or" else (after,)
    beyond = next((f"{tex(a)} means that no activation is stored." for a in parts if a.head == "Ge"), "")
    if after.head in ("Ge", "Or"):
        return " ".join(filter(None, ("These take equally long." if after.head == "Or" else "", beyond)))
    if after.head == "And":
        return "Between two neighbouring ranges, at the break-even point, both take equally long."
    return ""


def compared(desk: Desk, layers: int, values: Tried) -> Comparison | None:
    """The table of all intervals."""
    n = len(values.values)
    if n > MOST_COMPARED:
        return None
    pieces = best(values)
    winners = {m: (lo, hi) for lo, hi, ms in pieces for m in ms}
    rows = []
    for m, v in enumerate(values.values):
        s = schedule(layers, m + 1)
        when = between(values.parameter, *winners[m]) if m in winners and values.parameter is not None and len(pieces) > 1 else None
        rows.append(IntervalRow(m + 1, s.forwards, s.loads, len(s.stored), v, m in winners, m == n - 1, when))
    return Comparison(layers, tuple(rows), desk.problem.unit)


def storing(costs: dict[str, Term], stored: tuple[int, ...]) -> Term:
    """What it costs to store the activations of these layers."""
    each = costs.get("LayerStorageCost")
    if each is None:
        return mul(costs["StorageCost"], num(len(stored)))
    return add(*(subst(each.body, {each.var: num(n)}) for n in stored))


def simulated(desk: Desk, layers: int, values: Tried) -> Checked:
    """Every interval's backward pass run on the referee's machine, and its time added up."""
    from derive.referee.machine import run
    from derive.referee.world import BeyondReach

    costs = {g.prop.head: desk.facts.seen(g.prop.args[0]) for g in desk.facts.givens if g.prop.head in TAKES}
    try:
        some = {m for m in range(len(values.values)) if m < MOST_COMPARED or m + 2 >= len(values.values)}
        some |= {m + d for _, _, ms in best(values) for m in ms for d in (-1, 0, 1)} & set(range(len(values.values)))
        for m in sorted(some):
            v = values.values[m]
            for interval in (m + 1,) if m + 1 < len(values.values) else (m + 1, m + 2, 2 * m + 3):
                done = run(layers, interval)
                time = add(mul(costs["ForwardCost"], num(done.forwards)), mul(costs["LoadCost"], num(done.loads)), storing(costs, done.kept))
                if not equal(time, v)[0]:
                    return Checked("contradicted")
    except BeyondReach as e:
        return Checked("not evaluated", because=e.reason)
    return Checked("simulated backward passes", len(some) + 2)


__all__ = ["least_interval"]
