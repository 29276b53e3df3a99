"""Averages: sums over the values that stand for what is random."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from derive.referee import heads
from derive.referee.evaluate import MAX_CASES
from derive.referee.laws import FINE, Law, Need, nodes
from derive.referee.touch import touched
from derive.referee.weights import density_value, root, thinned, weighted
from derive.referee.world import Atom, BeyondReach, Frame
from derive.terms import Term, add, binder, call, mul, num, shape, sym

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
DEFAULT = Need(4)
COARSE = 2_000  # a grid over all entries of all arrays named is taken up to here


class Grid:
    """The values of some random symbols, with weights, as a frame."""

    def __init__(self, frame: Frame, weights: Array) -> None:
        self.frame, self.weights = frame, weights  # weights: (cases of the parent or 1, n)

    def average(self, v: Array) -> Array:
        import numpy as np

        g, n = len(self.weights), self.weights.shape[1]
        if len(v) == 1:
            return v
        v = v.reshape(-1, n, *v.shape[1:])
        if g == 1:
            return np.tensordot(v, self.weights[0], axes=(1, 0))
        return np.einsum("gh...,gh->g...", v, self.weights)


def grid(ev: Evaluator, bodies: Iterable[Term], frame: Frame) -> Grid | None:
    """The values of everything random in ``bodies``; None where nothing is."""
    bodies = tuple(bodies)
    names = frozenset(frozenset().union(*(ev.world.depends(b) for b in bodies)) & ev.world.sources.keys())
    if not names:
        return None
    if ev.drawn is not None:
        bound = _bound(frame, names)
        return Grid(Frame(ev.drawn.frame, bound), ev.drawn.weights) if bound else ev.drawn
    atoms = frozenset(a for s in names for a in ev.world.sources[s].atoms)
    if _points(ev, atoms) > COARSE:
        fine = frozenset().union(*(touched(ev, b, frame) for b in bodies))
        atoms = fine & atoms if fine else atoms
    n = _points(ev, atoms)
    moving = any(frame.lookup(m) is not None for s in names for m in ev.world.law_names(s))
    if n * frame.batch > MAX_CASES:
        raise BeyondReach("too many combinations of values")
    if frame.batch > 1 or moving:
        return _build(ev, names, sorted(atoms), frame, moving)
    key = (names, atoms)
    if key not in ev.grids:
        ev.grids[key] = _build(ev, names, sorted(atoms), ev.base, False)
    shared = ev.grids[key]
    bound = _bound(frame, names)
    return Grid(Frame(shared.frame, bound), shared.weights) if bound else shared


def _bound(frame: Frame, averaged: frozenset[str]) -> dict[str, Any]:
    """The names bound in a frame and around it that are not averaged over."""
    out: dict[str, Any] = {}
    at: Frame | None = frame
    while at is not None:
        for name, v in at.names.items():
            if name not in averaged:
                out.setdefault(name, v)
        at = at.parent
    return out


def _points(ev: Evaluator, atoms: Iterable[int]) -> int:
    out = 1
    for a in atoms:
        out *= len(atom_nodes(ev, a)[1])
        if out > MAX_CASES:
            break
    return out


def _build(ev: Evaluator, names: frozenset[str], atoms: list[int], frame: Frame, moving: bool) -> Grid:
    import numpy as np

    tables = [_moving(ev, a, frame) if moving else tuple(x[None] for x in atom_nodes(ev, a)) for a in atoms]
    index = np.indices([t[1].shape[1] for t in tables]).reshape(len(tables), -1) if tables else np.zeros((0, 1), int)
    w = np.ones((1, index.shape[1]))
    for i, t in zip(index, tables, strict=True):
        w = w * t[1][:, i]
    keep = (w > 0).any(axis=0)
    index, w = index[:, keep], w[:, keep]
    drawn = {a: t[0][:, i] for a, i, t in zip(atoms, index, tables, strict=True)}  # (g, n, places)
    values: dict[str, Array] = {}
    cases, n = frame.batch, w.shape[1]
    for name in names:
        s = ev.world.sources[name]
        g = max((len(drawn[a]) for a, _ in s.entries if a in drawn), default=1)
        flat = np.full((g, n, len(s.entries)), np.nan)
        for k, (a, place) in enumerate(s.entries):
            if a in drawn:
                flat[:, :, k] = drawn[a][:, :, place]
        if s.mean is not None:
            flat = _placed(ev, s, flat, frame, moving)
        if cases > 1 and len(flat) == 1:
            flat = np.repeat(flat, cases, axis=0)
        values[name] = flat.reshape(flat.shape[0] * n, *s.shape)
    return Grid(Frame(frame, values, n), w)


def _placed(ev: Evaluator, s: Any, z: Array, frame: Frame, moving: bool) -> Array:
    if moving and s.law is not None:
        mean, cov = ev.value(s.law.args[0], frame), ev.value(s.law.args[1], frame)
        return mean[:, None] + z @ root(cov).swapaxes(1, 2)
    return s.mean + z @ s.root.T


def atom_nodes(ev: Evaluator, a: int) -> tuple[Array, Array]:
    """The values (n, places) and weights of one atom."""
    key = ("atom", a)
    got = ev.grids.get(key)
    if got is None:
        atom = ev.world.atoms[a]
        needs = [ev.plan.get(s, DEFAULT) for s in ev.world.memo["users"][a]]
        need = needs[0]
        for other in needs[1:]:
            need = need | other
        if atom.table is not None:
            got = atom.table
        elif len(atom.laws) == 1:
            x, w = nodes(atom.laws[0], need)
            got = x[:, None], w
        else:
            got = coupled(atom, need)
        ev.grids[key] = got
    return got


def _moving(ev: Evaluator, a: int, frame: Frame) -> tuple[Array, Array]:
    atom = ev.world.atoms[a]
    if atom.term is None or len(atom.laws) > 1:
        x, w = atom_nodes(ev, a)
        return x[None], w[None]
    need = ev.plan.get(ev.world.memo["users"][a][0], DEFAULT)
    inner = Frame(frame, dict(atom.index)) if atom.index else frame
    x, w = weighted(ev, atom.term, need, inner)
    return x[..., None], w


def coupled(atom: Atom, need: Need) -> tuple[Array, Array]:
    """Several numbers drawn together, each with its own law: alike, opposed, or apart, with the atom's weights."""
    import numpy as np

    rules = [nodes(law, need) for law in atom.laws]
    alike, opposed, apart = atom.mixture
    values, weights = [], []
    for share, signs in ((alike, [1] * len(rules)), (opposed, [1 if k % 2 == 0 else -1 for k in range(len(rules))])):
        if share > 0:
            x, w = _along(rules, signs)
            values.append(x)
            weights.append(share * w)
    if apart > 0:
        total = int(np.prod([len(x) for x, _ in rules]))
        if total > 5_000:
            x, w = _along(rules, [1 if k % 2 == 0 else -1 for k in range(len(rules))])
            values.append(x)
            weights.append(apart * w)
        else:
            index = np.indices([len(x) for x, _ in rules]).reshape(len(rules), -1)
            values.append(np.stack([x[i] for (x, _), i in zip(rules, index, strict=True)], axis=-1))
            weights.append(apart * np.prod([w[i] for (_, w), i in zip(rules, index, strict=True)], axis=0))
    return np.concatenate(values), np.concatenate(weights)


def _along(rules: list[tuple[Array, Array]], signs: list[int]) -> tuple[Array, Array]:
    """One number between 0 and 1 drives all, upwards or downwards: each keeps its own law."""
    import numpy as np

    sorted_rules = []
    for (x, w), s in zip(rules, signs, strict=True):
        order = np.argsort(x)[::s]
        sorted_rules.append((x[order], np.cumsum(w[order]) / w.sum()))
    cuts = np.unique(np.round(np.concatenate([[0.0], *(c for _, c in sorted_rules)]), 13))
    middle = (cuts[1:] + cuts[:-1]) / 2
    values = np.stack([x[np.minimum(np.searchsorted(c, middle), len(x) - 1)] for x, c in sorted_rules], axis=-1)
    return values, np.diff(cuts)


# -- heads


def _expect(ev: Evaluator, t: Term, frame: Frame) -> Array:
    body = t.args[0]
    if body.head == "Given":
        return _conditional(ev, body, frame, _mean)
    return expectation(ev, body, frame)


def expectation(ev: Evaluator, body: Term, frame: Frame) -> Array:
    try:
        g = grid(ev, (body,), frame)
    except BeyondReach as reason:
        return _apart(ev, body, frame, reason)
    return ev.value(body, frame) if g is None else g.average(ev.value(body, g.frame))


def _apart(ev: Evaluator, body: Term, frame: Frame, reason: BeyondReach) -> Array:
    """Where too many values would be combined: sums are averaged term by term, products by groups drawn apart."""
    if body.head == "Add":
        return _fold(heads.add, [expectation(ev, a, frame) for a in body.args])
    if body.head == "Sum":
        terms = [expectation(ev, body.body, Frame(frame, {body.var.name: k})) for k in ev.range(body, frame)]
        return _fold(heads.add, terms)
    if body.head == "Mul":
        groups: list[tuple[frozenset[int], list[Term]]] = []
        for a in body.args:
            atoms = touched(ev, a, frame)
            joined = [g for g in groups if g[0] & atoms]
            groups = [g for g in groups if not g[0] & atoms]
            new = frozenset(atoms).union(*(g[0] for g in joined)), [*(x for g in joined for x in g[1]), a]
            groups.append(new)
        if len(groups) > 1:
            return _fold(heads.mul, [expectation(ev, mul(*g[1]), frame) for g in groups])
    raise reason


def _fold(f: Callable[[Array, Array], Array], parts: list[Array]) -> Array:
    out = parts[0]
    for p in parts[1:]:
        out = f(out, p)
    return out


def _mean(v: Array, w: Array) -> Array:
    import numpy as np

    return np.tensordot(w, v, axes=(0, 0)) / w.sum()


def _variance(v: Array, w: Array) -> Array:
    gap = v - _mean(v, w)
    return _mean(heads.outer(gap, gap), w)


def _conditional(ev: Evaluator, t: Term, frame: Frame, of: Callable[[Array, Array], Array]) -> Array:
    """E or Var given something: over the combinations of values that agree with it."""
    import numpy as np

    body, known = t.args
    knowns = known.args if known.head == "Group" else (known,)
    g = grid(ev, (body, *knowns), ev.base)
    if g is None:
        return ev.value(body, frame)
    n = g.weights.shape[1]
    v = ev.value(body, g.frame)
    v = np.broadcast_to(v, (n, *v.shape[1:]))

    def rows(f: Frame, size: int) -> Array:
        parts = [ev.value(k, f) for k in knowns]
        return np.concatenate([np.broadcast_to(p.reshape(len(p), -1), (size, p[0].size)) for p in parts], axis=1)

    inside, here = rows(g.frame, n), rows(frame, frame.batch)
    stacked = np.round(np.concatenate([inside, here]), 9) + 0.0
    label = np.unique(stacked, axis=0, return_inverse=True)[1].reshape(-1)
    out = {}
    w = g.weights[0]
    for k in set(label[n:].tolist()):
        mine = label[:n] == k
        if not mine.any():
            raise BeyondReach("what is known has no value with weight here")
        out[k] = of(v[mine], w[mine])
    return np.stack([out[k] for k in label[n:].tolist()])


def _var(ev: Evaluator, t: Term, frame: Frame) -> Array:
    body = t.args[0]
    if body.head == "Given":
        return _conditional(ev, body, frame, _variance)
    return covariance(ev, body, body, frame)


def covariance(ev: Evaluator, a: Term, b: Term, frame: Frame) -> Array:
    try:
        g = grid(ev, (a, b), frame)
    except BeyondReach:
        if shape(a) or shape(b):
            raise
        apart = expectation(ev, mul(a, b), frame) - expectation(ev, a, frame) * expectation(ev, b, frame)
        return apart
    if g is None:
        return heads.outer(ev.value(a, frame), ev.value(b, frame)) * 0.0
    n = g.weights.shape[1]
    gaps = []
    for x in (a, b):
        v = ev.value(x, g.frame)
        mean = g.average(v)
        gaps.append(v - (mean if len(mean) == 1 else mean.repeat(n, axis=0)))
    return g.average(heads.outer(*gaps))


def _cov(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return covariance(ev, t.args[0], t.args[1], frame)


def _prob(ev: Evaluator, t: Term, frame: Frame) -> Array:
    event = t.args[0]
    if event.head == "Given":
        return _conditional(ev, call("Given", call("Indicator", event.args[0]), event.args[1]), frame, _mean)
    return expectation(ev, call("Indicator", event), frame)


def over(ev: Evaluator, var: Term, law: Term, frame: Frame, body: Term) -> Grid:
    """The values of a variable that has a law, as a frame."""
    import numpy as np

    x, w = weighted(ev, law, ev.plan.get("~" + var.name, DEFAULT), frame)
    n = x.shape[1]
    if n * frame.batch > 2 * MAX_CASES:
        raise BeyondReach("too many combinations of values")
    x = np.broadcast_to(x, (frame.batch, *x.shape[1:]))
    flat = x.reshape(-1, *x.shape[2:])
    if var.sort.shape and flat.ndim == 1:
        flat = flat[:, None]
    elif not var.sort.shape and flat.ndim == 2:
        flat = flat[:, 0]
    return Grid(Frame(frame, {var.name: flat}, n), w)


def _expect_over(ev: Evaluator, t: Term, frame: Frame) -> Array:
    import numpy as np

    body = call("Indicator", t.body) if t.head == "ProbOver" else t.body
    g = over(ev, t.var, t.domain[0], frame, body)
    v = ev.value(body, g.frame)
    if len(v) > 1:
        return g.average(v)
    return v * np.sum(g.weights, axis=1)[(..., *(None,) * (v.ndim - 1))]


def _density(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return density_value(ev, t.args[0], ev.value(t.args[1], frame), frame)


def law_shape(law: Term) -> tuple[Term, ...]:
    if law.head == "Normal":
        return shape(law.args[0])
    symbol = law.args[0] if law.head == "Apply" else law
    return symbol.sort.shape if symbol.head == "Sym" else ()


def _divergence(ev: Evaluator, t: Term, frame: Frame) -> Array:
    p = t.args[0]
    x = sym("x_of_law", law_shape(p))
    body = call("Ln", call("Density", p, x))
    if t.head == "Entropy":
        body = mul(num(-1), body)
    else:
        body = add(body, mul(num(-1), call("Ln", call("Density", t.args[1], x))))
    ev.plan = {**ev.plan, "~x_of_law": thinned(Need(FINE, fineness=40), 1)}
    return ev.value(binder("ExpectOver", x, body, p), frame)


HEADS = {
    "Expect": _expect, "Mean": _expect, "Var": _var, "Cov": _cov, "Prob": _prob, "ExpectOver": _expect_over,
    "ProbOver": _expect_over, "Density": _density, "KL": _divergence, "Entropy": _divergence,
}  # fmt: skip

__all__ = ["HEADS", "Law", "Grid", "grid", "coupled", "over"]
