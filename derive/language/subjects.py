r"""The names in a declaration's formulas: ``s, t > 0``, ``X_1, \ldots, X_n``, ``f : \mathbb{R} \to \mathbb{R}``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from derive.language.ast import CONDITIONAL, Node, base_and_index, conditional, spelled
from derive.language.scope import Scope

COMPARISONS = frozenset({"<", "<=", ">", ">=", "!="})


@dataclass(eq=False, repr=False)
class Subject:
    """A name as a declaration writes it, and what stands beside it in the formula."""

    name: str
    node: Node
    count: Node | None = None  # of a family X_1, …, X_n: the last index
    letters: tuple[str, ...] = ()  # of $X_{jk}$: its indices
    set: Node | None = None  # behind \in
    law: Node | None = None  # behind \sim
    iid: bool = False
    takes: tuple[Node, ...] | None = None  # of f : A \times B \to C
    gives: Node | None = None
    equals: Node | None = None
    compared: list[Node] = field(default_factory=list)  # the relations it stands in

    @property
    def latex(self) -> str:
        return self.node.source


def identity_size(node: Node, scope: Scope) -> Node | None:
    """``n`` in ``I_n``, where nothing else is called so."""
    if node.kind != "sub" or spelled(node.children[0]) != "I" or scope.lookup("I") is not None:
        return None
    return node.children[1] if scope.lookup(spelled(node) or "") is None else None


def undeclared(node: Node, scope: Scope) -> Iterator[tuple[str, Node]]:
    """The names in a formula that nobody declared, once each."""
    seen: set[str] = set()

    def walk(n: Node) -> Iterator[tuple[str, Node]]:
        name = spelled(n)
        if identity_size(n, scope) is not None:
            return
        if name is not None:
            if scope.lookup(name) is not None:
                return
            if (split := base_and_index(n)) and scope.lookup(split[0]) is not None:
                for i in split[1]:
                    yield from walk(i)
                return
            if name not in seen and name not in ("e", "pi", "I") and n.kind in ("name", "sub"):
                seen.add(name)
                yield name, n
            return
        for c in n.children:
            yield from walk(c)

    yield from walk(node)


def subjects(node: Node, scope: Scope) -> list[Subject]:
    """The names that a formula of a declaration declares, with what stands beside each."""
    if node.kind == "list" and any(c.kind in ("rel", "map") for c in node.children):
        return [s for c in node.children for s in subjects(c, scope)]
    if node.kind == "map":
        heads = [_subject(p) for p in _members(node.children[0])]
        for s in heads:
            s.takes, s.gives = tuple(node.children[1:-1]), node.children[-1]
        return heads
    if node.kind == "rel":
        return _related(node, scope)
    return [_subject(p) for p in _members(node)]


def _members(node: Node) -> Iterator[Node | Subject]:
    return families(node.children if node.kind == "list" else (node,))


def _related(node: Node, scope: Scope) -> list[Subject]:
    relations = node.text.split()
    first, rest = node.children[0], node.children[1:]
    heads = [_subject(p) for p in _members(first) if _is_name(p)]
    if relations[0] in ("in", "sim", "iid", "=") and len(relations) == 1:
        if not heads:
            raise first.error("a declaration begins with a name", ("$x$", r"$x \in \mathbb{R}^n$"))
        for s in heads:
            if relations[0] == "in":
                s.set = rest[0]
            elif relations[0] == "=":
                s.equals = rest[0]
            else:
                s.law, s.iid = rest[0], relations[0] == "iid"
        return heads
    if all(r in COMPARISONS for r in relations):
        if first.kind == "list":
            for s in heads:
                s.compared = [Node("rel", (s.node, *rest), node.text, s.node.start, node.end, node.where)]
            return heads
        named = [_subject(c) for c in node.children if _is_name(c) and scope.lookup(spelled(c) or "") is None]
        named = named or [_subject(c) for c in node.children if _is_name(c)][:1]
        if named:
            named[0].compared = [node]
            return named
    raise node.error(
        "this declaration is not understood", ("$x > 0$", r"$x \in \mathbb{R}^n$", r"$x \sim \mathcal{N}(0, 1)$")
    )


def _is_name(part: Node | Subject) -> bool:
    return isinstance(part, Subject) or (part.kind in ("name", "sub") and spelled(part) is not None)


def _subject(part: Node | Subject) -> Subject:
    if isinstance(part, Subject):
        return part
    name = spelled(part) if part.kind in ("name", "sub") else None
    if name is None and (value := conditional(part)) is not None:
        raise part.error(f"a name is needed here; {CONDITIONAL}", (r"Let $\pi$ be a probability mass function on $\{1, \ldots, n\}$.", rf"$\pi({value})$"))
    if name is None:
        raise part.error("a name is needed here", ("$x$", "$W$", r"$X_1, \ldots, X_n$"))
    return Subject(name, part)


def families(parts: tuple[Node, ...]) -> Iterator[Node | Subject]:
    """The members of a list, with ``X_1, \\ldots, X_n`` as one."""
    i = 0
    while i < len(parts):
        dots = next((k for k in range(i + 1, len(parts)) if parts[k].kind == "dots"), None)
        first = base_and_index(parts[i])
        if dots is not None and first and dots + 1 < len(parts):
            last = base_and_index(parts[dots + 1])
            if (
                last
                and last[0] == first[0]
                and len(last[1]) == 1
                and all((b := base_and_index(p)) and b[0] == first[0] for p in parts[i:dots])
            ):
                base = parts[i].children[0]
                yield Subject(first[0], base, count=last[1][0])
                i = dots + 2
                continue
        if parts[i].kind == "dots":
            raise parts[i].error(r"dots stand between the first and the last of a family", (r"$X_1, \ldots, X_n$",))
        yield parts[i]
        i += 1
