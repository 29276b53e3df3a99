"""The values that stand for what is random, as frames: combinations of the values of each thing drawn, with weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee.evaluate import MAX_CASES
from derive.referee.laws import Need, nodes
from derive.referee.touch import touched
from derive.referee.weights import root, weighted
from derive.referee.world import Atom, BeyondReach, Frame, Source
from derive.terms import Term

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
COARSE = 2_000  # a grid over all entries of all arrays named is taken up to here


class Grid:
    """The values of some random symbols, with weights, as a frame."""

    def __init__(self, frame: Frame, weights: Array) -> None:
        self.frame, self.weights = frame, weights  # weights: (cases of the parent or 1, n)

    def average(self, v: Array) -> Array:
        if len(v) == 1:
            return v
        w = self.weights
        if v.ndim == 1 and w.shape[0] == 1 and w.size == len(v):
            return w @ v
        g, n = w.shape
        if g == 1:
            return (w @ v.reshape(-1, n, v[0].size)).reshape(-1, *v.shape[1:])
        return np.einsum("gh...,gh->g...", v.reshape(-1, n, *v.shape[1:]), w)


def grid(ev: Evaluator, bodies: Iterable[Term], frame: Frame, fixed: frozenset[str] = frozenset()) -> Grid | None:
    """The values of everything random in ``bodies`` but what is ``fixed``; None where nothing is."""
    bodies = tuple(bodies)
    known = ev.grids.get((bodies, fixed))
    if known is None:
        known = ev.grids[bodies, fixed] = _known(ev, bodies, fixed)
    names, atoms, n, laws = known
    if not names:
        return None
    if ev.drawn is not None:
        kept = bound(frame, names)
        return Grid(ev.drawn.frame.inside(kept), ev.drawn.weights) if kept else ev.drawn
    if n > COARSE:
        fine = frozenset().union(*(touched(ev, b, frame) for b in bodies))
        atoms = fine & atoms if fine else atoms
        n = _points(ev, atoms, names)
    moving = bool(laws) and any(frame.lookup(m) is not None for m in laws)
    if n * frame.batch > MAX_CASES:
        raise BeyondReach("too many combinations of values")
    if frame.batch > 1 or moving:
        return _build(ev, names, sorted(atoms), frame, moving)
    key = (names, atoms)
    if key not in ev.grids:
        ev.grids[key] = _build(ev, names, sorted(atoms), ev.base, False)
    shared: Grid = ev.grids[key]
    if frame is ev.base:
        return shared
    if frame.index and frame.parent is ev.base:
        return Grid(shared.frame.indexed(frame.index), shared.weights)
    kept = bound(frame, names)
    return Grid(shared.frame.inside(kept), shared.weights) if kept else shared


def _known(ev: Evaluator, bodies: tuple[Term, ...], fixed: frozenset[str]) -> tuple[frozenset[str], frozenset[int], int, frozenset[str]]:
    """What is random in expressions: the names, what is drawn, how many combinations of values, and the names in the laws."""
    names = frozenset(frozenset().union(*(ev.world.depends(b) for b in bodies)) & ev.world.sources.keys()) - fixed
    atoms = frozenset(a for s in names for a in ev.world.sources[s].atoms)
    n = _points(ev, atoms, names) if ev.drawn is None else 0
    return names, atoms, n, frozenset().union(*(ev.world.law_names(s) for s in names))


def bound(frame: Frame, averaged: frozenset[str]) -> dict[str, Any]:
    """The names bound in a frame and around it that are not averaged over."""
    out: dict[str, Any] = {}
    at: Frame | None = frame
    while at is not None:
        for name, v in at.names.items():
            if name not in averaged:
                out.setdefault(name, v)
        at = at.parent
    return out


def _points(ev: Evaluator, atoms: Iterable[int], names: frozenset[str]) -> int:
    out = 1
    for a in atoms:
        out *= len(atom_nodes(ev, a, names)[1])
        if out > MAX_CASES:
            break
    return out


def _build(ev: Evaluator, names: frozenset[str], atoms: list[int], frame: Frame, moving: bool) -> Grid:
    tables = [_moving(ev, a, frame, names) if moving else tuple(x[None] for x in atom_nodes(ev, a, names)) for a in atoms]
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
        if not s.plain:
            flat = _placed(ev, s, flat, frame, moving)
        if cases > 1 and len(flat) == 1:
            flat = np.repeat(flat, cases, axis=0)
        values[name] = flat.reshape(flat.shape[0] * n, *s.shape)
        ev.spent(flat.size)
    return Grid(Frame(frame, values, n), w)


def _placed(ev: Evaluator, s: Source, z: Array, frame: Frame, moving: bool) -> Array:
    """The entries at what is drawn (cases or 1, n, draws); ``moving``: names in the laws may be bound in ``frame``."""
    if not moving or not s.laws:
        return s.placed(z)
    inner = [(law, Frame(frame, dict(index)) if index else frame) for law, index in s.laws]
    means, covs = ([ev.value(law.args[k], f) for law, f in inner] for k in (0, 1))
    cases = max(len(v) for v in (*means, *covs))
    mean, cov = (np.stack([np.broadcast_to(v, (cases, *v.shape[1:])) for v in part], axis=1) for part in (means, covs))
    return s.placed(z, mean[:, None], root(cov))


def atom_nodes(ev: Evaluator, a: int, names: frozenset[str]) -> tuple[Array, Array]:
    """The values (n, places) and weights of one atom, as far as the random symbols ``names`` see it."""
    atom = ev.world.atoms[a]
    users = [s for s in ev.world.memo["users"][a] if s in names]
    key = ("atom", a, *users)
    got = ev.grids.get(key)
    if got is not None:
        return got
    need = ev.need(users[0])
    for s in users[1:]:
        need = need | ev.need(s)
    used = sorted({place for s in users for b, place in ev.world.sources[s].entries if b == a})
    if atom.table is not None:
        got = atom.table
    elif len(used) == 1:  # its own law is all that matters of it
        x, w = nodes(atom.laws[used[0]], need)
        values = np.full((len(x), len(atom.laws)), np.nan)
        values[:, used[0]] = x
        got = values, w
    else:
        x, w = coupled(atom, need, used)
        values = np.full((len(x), len(atom.laws)), np.nan)
        values[:, used] = x
        got = values, w
    ev.grids[key] = got
    return got


def _moving(ev: Evaluator, a: int, frame: Frame, names: frozenset[str]) -> tuple[Array, Array]:
    """The same where names in the laws may be bound in ``frame``: (cases or 1, n, places) and weights."""
    atom = ev.world.atoms[a]
    if not any(frame.lookup(m) is not None for m in _behind(ev, a)):
        x, w = atom_nodes(ev, a, names)
        return x[None], w[None]
    if atom.need is not None:
        assert atom.terms[0][0] is not None
        x, w = weighted(ev, atom.terms[0][0], atom.need, frame)
        return x.reshape(*x.shape[:2], -1), w
    users = [s for s in ev.world.memo["users"][a] if s in names]
    used = sorted({place for s in users for b, place in ev.world.sources[s].entries if b == a})
    if len(used) != 1 or not atom.terms or atom.terms[used[0]][0] is None:
        raise BeyondReach("how what is drawn together, or with a law that is not given, moves with a parameter")
    term, index = atom.terms[used[0]]
    assert term is not None
    need = ev.need(users[0])
    for s in users[1:]:
        need = need | ev.need(s)
    x, w = weighted(ev, term, need, Frame(frame, dict(index)) if index else frame)
    values = np.full((*x.shape, len(atom.laws)), np.nan)
    values[..., used[0]] = x
    return values, w


def _behind(ev: Evaluator, a: int) -> frozenset[str]:
    """The names in what is said of the laws of an atom."""
    atom = ev.world.atoms[a]
    return atom.moved.union(*(ev.world.depends(t) - {n for n, _ in index} for t, index in atom.terms if t is not None))


def coupled(atom: Atom, need: Need, used: list[int] | None = None) -> tuple[Array, Array]:
    """Several numbers drawn together, each with its own law: alike, opposed, or apart, with the atom's weights.

    Of only some of them (``used``) it is what is left when the others are summed out.
    """
    places = list(range(len(atom.laws))) if used is None else used
    rules = [nodes(atom.laws[k], need) for k in places]
    alike, opposed, apart = atom.mixture
    values, weights = [], []
    for share, signs in ((alike, [1] * len(rules)), (opposed, [1 if k % 2 == 0 else -1 for k in places])):
        if share > 0:
            x, w = _along(rules, signs)
            values.append(x)
            weights.append(share * w)
    if apart > 0:
        index = np.indices([len(x) for x, _ in rules]).reshape(len(rules), -1)
        values.append(np.stack([x[i] for (x, _), i in zip(rules, index, strict=True)], axis=-1))
        weights.append(apart * np.prod([w[i] for (_, w), i in zip(rules, index, strict=True)], axis=0))
    return np.concatenate(values), np.concatenate(weights)


def _along(rules: list[tuple[Array, Array]], signs: list[int]) -> tuple[Array, Array]:
    """One number between 0 and 1 drives all, upwards or downwards: each keeps its own law."""
    sorted_rules = []
    for (x, w), s in zip(rules, signs, strict=True):
        order = np.argsort(x)[::s]
        sorted_rules.append((x[order], np.cumsum(w[order]) / w.sum()))
    cuts = np.unique(np.concatenate([[0.0], *(c for _, c in sorted_rules)]))
    cuts = cuts[np.concatenate([[True], np.diff(cuts) > 1e-16])]
    middle = (cuts[1:] + cuts[:-1]) / 2
    values = np.stack([x[np.minimum(np.searchsorted(c, middle), len(x) - 1)] for x, c in sorted_rules], axis=-1)
    return values, np.diff(cuts)
