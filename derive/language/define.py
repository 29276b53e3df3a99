r"""`Define` sentences: names for expressions, entry by entry (``Z_j = |x_j|``), and functions (``F(\mu) = …``)."""

from __future__ import annotations

from derive.language import elaborate, forms
from derive.language.ast import CONDITIONAL, Node, base_and_index, conditional, spelled
from derive.language.forms import Form, items
from derive.language.model import ReadError, Role, Symbol
from derive.language.notation import law_shape
from derive.language.reader import Reader
from derive.language.sentences import Sentence
from derive.language.subjects import subjects
from derive.terms import ONE, Term, call, shape, sym

Shape = tuple[Term, ...]
DEFINE_FORMS = (
    Form("{x:list}", lambda: None, "="),
    Form("{x:list} for [(all|every|each)] {t:list}", lambda: None, "for"),
    Form("{e} by {x}", lambda: None, "by"),
    Form("{x} (as|to be) {e}", lambda: None, "as"),
    Form("{x} for {e}", lambda: None, "as"),
    Form("by {x} {e}", lambda: None, "as"),
)


def read_define(reader: Reader, s: Sentence, start: int, stop: int) -> None:
    """Read what stands behind ``Define``, from token ``start`` to ``stop``."""
    part = Sentence(s.tokens[:stop], s.start, s.end, s.document, s.block, s.question)
    furthest = start
    for form in DEFINE_FORMS:
        found, reached = forms.match(form, part, start)
        furthest = max(furthest, reached)
        if found is None:
            continue
        if "e" in found:
            x, e = (reader.maths.node(items(s, found[k])[0], s) for k in "xe")
            read_equation(reader, s, Node("rel", (x, e), "=", x.start, x.end, x.where))
            return
        nodes = [p for t in items(s, found["x"]) for p in reader.maths.parts(t, s)]
        if any(n.kind != "rel" or n.text != "=" for n in nodes):
            continue
        spaces: dict[str, Shape] = {}
        for t in items(s, found["t"]) if "t" in found else ():
            for subject in subjects(reader.maths.node(t, s), reader.scope):
                if subject.set is not None:
                    spaces[subject.name] = reader.maths.space(subject.set).shape
        for node in nodes:
            read_equation(reader, s, node, spaces)
        return
    raise s.error("this definition is not understood", min(furthest, len(s.tokens) - 1), ("Define $y = …$.",))


def read_equation(reader: Reader, s: Sentence, node: Node, spaces: dict[str, Shape] | None = None) -> None:
    """``name = body``, ``name_j = body``, ``F(x) = body``."""
    if node.kind != "rel" or set(node.text.split()) != {"="} or len(node.children) != 2:
        raise node.error("a definition is one equation", ("Define $y = W x$.",))
    left, right = node.children
    if left.kind == "product" and len(left.children) == 2 and left.children[1].kind == "group":
        _function(reader, s, left, right, spaces or {})
        return
    if (name := spelled(left)) is None or left.kind not in ("name", "sub"):
        raise left.error("a definition begins with the new name", ("$y$", "$Z_j$", r"$F(\mu)$"))
    split = base_and_index(left)
    if split and reader.scope.lookup(split[0]) is None and all(i.kind == "name" for i in split[1]):
        letters = [i.text for i in split[1]]
        reader.maths.forget()
        if not any(x in reader.scope.symbols for x in letters):
            body = reader.maths.expression(right)
            ranges = reader.maths.scope.indices
            if all(ranges.get(x) is not None for x in letters):
                _entries(reader, s, left, split[0], letters, body)
                return
    _define(reader, s, left, name, reader.maths.expression(right))


def _define(reader: Reader, s: Sentence, left: Node, name: str, body: Term, symbol: Term | None = None,
            params: tuple[Term, ...] = (), index: tuple[Term, ...] = (), role: Role = "defined", family: bool = False) -> None:  # fmt: skip
    reader.define(left, s, symbol or sym(name, shape(body)), body, params, role, index=index, family=family)


def _entries(reader: Reader, s: Sentence, left: Node, base: str, letters: list[str], body: Term) -> None:
    """``Z_j = …``: an array whose index runs over the arrays inside; ``A_l = I + W_l``: a family of arrays."""
    ranges = reader.maths.scope.indices
    sizes = []
    for x in letters:
        found = ranges[x]
        assert found is not None
        if found[0] != ONE:
            raise left.error(f"the index {x} does not start at 1")
        sizes.append(found[1])
    if shape(body) and len(letters) > 1:
        raise left.error("an entry is a number, and this is an array")
    symbol = sym(base, (*sizes, *shape(body)))
    _define(reader, s, left.children[0], base, body, symbol, index=tuple(sym(x) for x in letters), family=bool(shape(body)))


def _function(reader: Reader, s: Sentence, left: Node, right: Node, spaces: dict[str, Shape]) -> None:
    r"""``F(\mu) = …``, ``p_\mu(x) = …``; an argument that nobody declared has the one shape that fits."""
    head, group = left.children
    name = spelled(head)
    if name is None:
        raise head.error("a definition begins with the new name", ("$y$", r"$F(\mu)$"))
    if name in reader.scope.symbols:
        raise head.error(f"`{head.source}` is declared already, on line {reader.scope.symbols[name].line}")
    names = [spelled(a) for a in group.children]
    for a, n in zip(group.children, names, strict=True):
        if n is None:
            given = conditional(a)
            raise a.error("the argument of a definition is a name" + (f"; {CONDITIONAL}" if given else ""), (rf"$\pi({given}) = …$",) if given else ())
    below = _parameter(reader, head, right)
    all_names = [n for n in (*names, below) if n]
    new = [n for n in all_names if reader.scope.lookup(n) is None]
    params, body = _fitted(reader, right, all_names, new, spaces)
    # A family's members depend visibly on its parameter: $s_\\theta(x)$ is $s(\\theta, x)$.
    family = params[len(names) :]
    params = params[: len(names)]
    if len(params) == 1 and not shape(body) and reader.drawn_from(head):
        symbol = sym(name, params[0].sort.shape, tuple(p.sort.shape for p in family) or None)
        _define(reader, s, head, name, body, symbol, (*family, *params), role="density")
        return
    symbol = sym(name, shape(body), tuple(p.sort.shape for p in (*family, *params)))
    _define(reader, s, head, name, body, symbol, (*family, *params))


def _parameter(reader: Reader, head: Node, right: Node) -> str | None:
    r"""The name below ``p_\mu``, where it is declared or stands in what the function is: its parameter."""
    split = base_and_index(head)
    if not split or len(split[1]) != 1 or split[1][0].kind != "name":
        return None
    name = split[1][0].text
    used = any(spelled(n) == name for n in right.walk())
    return name if used or reader.scope.lookup(name) is not None else None


def _fitted(reader: Reader, right: Node, names: list[str], new: list[str], spaces: dict[str, Shape]
            ) -> tuple[tuple[Term, ...], Term]:  # fmt: skip
    """The parameters with their shapes, and the body read with them."""
    if told := _told(reader, right, new):
        spaces = {**told, **spaces}
    candidates: list[Shape] = [()]
    for s in reader.scope.symbols.values():
        if s.term.sort.shape not in candidates and s.term.sort.takes is None:
            candidates.append(s.term.sort.shape)
        for taken in s.term.sort.takes or ():
            if taken not in candidates:
                candidates.append(taken)
    problem: ReadError | None = None
    for candidate in candidates if new else [()]:
        with reader.maths.local() as scope:
            params = []
            for n in names:
                known = reader.scope.lookup(n)
                p = known if known is not None and n not in new else sym(n, spaces.get(n, candidate))
                params.append(p)
                scope.bound[n] = p
            try:
                return tuple(params), reader.maths.expression(right)
            except ReadError as error:
                problem = problem or error
    assert problem is not None
    raise problem


def _told(reader: Reader, right: Node, new: list[str]) -> dict[str, Shape]:
    """The shapes of new arguments that declared functions and densities take in the body."""
    if not new:
        return {}
    reader.maths.forget()
    try:
        reader.maths.expression(right)
    except ReadError:
        pass
    found = {n: x.sort.shape for n, x in reader.maths.scope.arguments.items() if n in new}
    reader.maths.forget()
    return found


def unknown_map(reader: Reader, s: Sentence, span: tuple[int, int], claim: tuple[int, int]) -> Term:
    r"""``Find $g$ and $p$ such that $g(z, \mu) \sim D$ when $z \sim p$``: a function and a law that nobody declared.

    The function's value has the shape of ``D``'s values, and so has ``z``: a law on another space would be declared.
    """
    found: dict[str, Node] = {}
    for token in items(s, span):
        for subject in subjects(reader.maths.node(token, s), reader.scope):
            found[subject.name] = subject.node
    relations = [reader.maths.node(t, s) for t in items(s, claim)]
    target = next(
        (r for r in relations if r.kind == "rel" and r.text == "sim" and r.children[0].kind == "product"), None
    )
    if target is None:
        raise s.error("a map is sought by its distribution", claim[0], (r"$g(z, \mu) \sim D$ when $z \sim p$",))
    out: Shape = law_shape(elaborate.law(target.children[1], reader.scope))
    head, group = target.children[0].children[0], target.children[0].children[-1]
    out_terms = []
    for name, node in found.items():
        known = reader.scope.lookup(name)
        if known is not None:
            out_terms.append(known)
            continue
        if spelled(head) == name and group.kind == "group":
            takes = []
            for a in group.children:
                argument = reader.scope.lookup(spelled(a) or "")
                takes.append(argument.sort.shape if argument is not None else out)
            symbol = Symbol(sym(name, out, tuple(takes)), "unknown", s.line, node.source)
        else:
            symbol = Symbol(sym(name, out), "density", s.line, node.source)
        reader.scope.declare(symbol)
        out_terms.append(symbol.term)
    return out_terms[0] if len(out_terms) == 1 else call("Tuple", *out_terms)
