r"""Relations: ``=``, order, membership, ``\sim`` (a law, or growth), ``\approx`` beside a decimal, and their chains."""

from __future__ import annotations

from collections.abc import Sequence

from derive.language.ast import Node, spelled, unbracketed
from derive.language.elaborate_laws import drawn, drawn_law, is_law, law_shape
from derive.language.elaborate_session import Session, shown
from derive.language.scope import Scope
from derive.language.vocabulary import GROWTH, HEADS, LOGIC_HEADS
from derive.terms import Term, call, contains, num

FORMS = ("a = b", r"a \le b", r"x \sim p")


def statement(s: Session, node: Node, scope: Scope) -> Term:
    """What a relation, a chain or a list of relations says."""
    node = unbracketed(node)
    said = relations(s, node, scope)
    return said[0] if len(said) == 1 else call("And", *map(s.fix, said))


def relations(s: Session, node: Node, scope: Scope, first: Term | None = None) -> list[Term]:
    """The relations of a chain or list, in order."""
    node = unbracketed(node)
    if node.kind == "list":
        return [r for c in node.children for r in relations(s, c, scope)]
    if node.kind == "logic":
        return _logic(s, node, scope, first)
    if node.kind == "given":
        raise node.error(r"`\mid` stands only inside E, Var, Cov and Pr")
    if node.kind != "rel":
        raise node.error(f"`{node.source}` states nothing: a relation is needed here", FORMS)
    left = node.children[0]
    if left.kind == "list":
        out = []
        for part in left.children:
            whole = Node("rel", (part, *node.children[1:]), node.text, part.start, node.end, node.where)
            out += relations(s, whole, scope, first)
        return out
    if left.kind == "none" and first is None:
        raise node.error("nothing stands before the relation", FORMS)
    return _chain(s, node, scope, first)


def _logic(s: Session, node: Node, scope: Scope, first: Term | None) -> list[Term]:
    r"""``A \iff B \iff C``: what is said of each two neighbours."""
    said: list[Term] = []
    for c in node.children:
        if c.kind == "rel" and c.text == "sim" and _is_new(c.children[0], scope) and is_law(c.children[1], scope):
            variable, law = drawn(s, c, scope)  # `z \\sim D \\implies …`: what follows speaks of it
            scope = scope.child(variable)
            said.append(call("Dist", variable, law))
        elif c.kind != "none":
            said.append(statement(s, c, scope))
        elif first is not None:
            said.append(first)
        else:
            raise node.error("nothing stands before the sign", FORMS)
    pairs = zip(node.text.split(), said, said[1:], strict=False)
    return [call(LOGIC_HEADS[sign], s.fix(a), s.fix(b)) for sign, a, b in pairs]


def _is_new(node: Node, scope: Scope) -> bool:
    name = spelled(node)
    return name is not None and scope.lookup(name) is None


def _chain(s: Session, node: Node, scope: Scope, first: Term | None) -> list[Term]:
    operands, signs = node.children, node.text.split()
    if "to" in signs:
        raise node.error(r"`\to` stands only in a function's declaration", (r"f : \mathbb{R} \to \mathbb{R}",))
    terms: dict[int, Term] = {}
    plain: list[int] = []
    for i, n in enumerate(operands):
        if i == 0 and n.kind == "none":
            assert first is not None
            terms[i] = first
            plain.append(i)
            continue
        before = signs[i - 1] if i else ""
        growth = _growth(n, scope)
        if growth is not None and before == "=":
            terms[i] = call(growth[0], s.number(s.value(growth[1], scope), growth[1]))
        elif before in ("sim", "iid") and is_law(n, scope):
            terms[i] = drawn_law(s, n, scope, terms[i - 1], operands[i - 1])
        elif before == "in":
            terms[i] = call("True")  # the set is read below
        else:
            terms[i] = s.value(n, scope)
            plain.append(i)
    if len(plain) > 1:
        agreed = s.agree(
            [terms[i] for i in plain], [_shown_node(operands[i], node) for i in plain],
            "the two sides of a relation must have one shape",
        )  # fmt: skip
        terms |= dict(zip(plain, agreed, strict=True))
    out = []
    for i, sign in enumerate(signs):
        a, b = s.fix(terms[i]), s.fix(terms[i + 1])
        out.append(_related(s, sign, a, b, operands[i], operands[i + 1], scope, i + 1 in plain))
    return out


def _shown_node(n: Node, whole: Node) -> Node:
    return whole if n.kind == "none" else n


def _growth(node: Node, scope: Scope) -> tuple[str, Node] | None:
    r"""``\Theta(e)``, ``O(e)``, ``\Omega(e)``, unless the letter is declared."""
    node = unbracketed(node)
    if node.kind != "product" or len(node.children) != 2:
        return None
    head, group = node.children
    name = spelled(head)
    if name not in GROWTH or group.kind != "group" or len(group.children) != 1 or scope.lookup(name) is not None:
        return None
    return GROWTH[name], group.children[0]


def _related(
    s: Session, sign: str, a: Term, b: Term, left: Node, right: Node, scope: Scope, expression: bool
) -> Term:
    if sign in ("sim", "iid"):
        if expression:
            return call("Asym", s.number(a, left), s.number(b, right))
        return call("Dist", a if law_shape(s, b) else s.loosened(a), b)
    if sign == "in":
        return membership(s, a, left, right, scope)
    if sign == "approx":
        return _about(s, a, b, left, right)
    if sign in ("<", "<=", ">", ">="):
        a, b = s.number(a, left) if left.kind != "none" else a, s.number(b, right)
    return call(HEADS[sign], a, b)


def _about(s: Session, a: Term, b: Term, left: Node, right: Node) -> Term:
    r"""``x \approx 0.798``: within half of the last digit written."""
    number = right.children[0] if right.kind == "neg" else right
    if number.kind != "num" or "." not in number.text:
        raise right.error(r"`\approx` stands only beside a decimal", (r"x \approx 0.798",))
    half = num(1).value / (2 * 10 ** len(number.text.split(".")[1]))
    value = s.number(a, left)
    return call("And", call("Le", num(b.value - half), value), call("Le", value, num(b.value + half)))


def membership(s: Session, a: Term, left: Node, right: Node, scope: Scope) -> Term:
    r"""``a \in`` a set of numbers: ``\mathbb{R}``, ``\{1, \ldots, n\}``, ``[0, 1]``."""
    def number(n: Node) -> Term:
        return s.number(s.value(n, scope), n)

    if right.kind == "space":
        if right.children:
            shape = tuple(number(d) for d in right.children)
            if not s.fit(s.shape(a, left), shape):
                raise left.error(f"`{left.source}` {shown(s.shape(a))}; here it {shown(shape)}")
            return call("In", a, call("Reals"))
        a = s.number(a, left)
        table = {"R": "Reals", "N": "Naturals", "Z": "Integers"}
        if right.text in table:
            return call("In", a, call(table[right.text]))
        if right.text == "R+":
            return call("Gt", a, num(0))
        if right.text == "N0":
            return call("And", call("In", a, call("Integers")), call("Ge", a, num(0)))
        raise right.error("this set is not known", (r"\mathbb{R}", r"\mathbb{N}", r"\mathbb{Z}"))
    a = s.number(a, left)
    if right.kind == "set":
        parts = right.children
        if len(parts) == 3 and parts[1].kind == "dots":
            return call("In", a, call("IndexRange", number(parts[0]), number(parts[2])))
        if any(p.kind == "dots" for p in parts):
            raise right.error("this set is not understood", (r"\{1, \ldots, n\}",))
        return call("Or", *(call("Eq", a, number(p)) for p in parts))
    if right.kind == "group" and len(right.children) == 2:
        lo, hi = (number(p) for p in right.children)
        opens, closes = (right.text + right.text)[:1], right.text[-1]
        closed = opens == "[", closes in ("[", "]") and right.text in ("[", "(]")
        if all(closed):
            return call("In", a, call("Interval", lo, hi))
        said = []
        if not contains(lo, "Infinity"):
            said.append(call("Le" if closed[0] else "Lt", lo, a))
        if not contains(hi, "Infinity"):
            said.append(call("Le" if closed[1] else "Lt", a, hi))
        return said[0] if len(said) == 1 else call("And", *said)
    raise right.error(f"`{right.source}` is not a set of numbers", (r"\mathbb{R}", r"\{1, \ldots, n\}", "[0, 1]"))


__all__: Sequence[str] = ("membership", "relations", "statement")
