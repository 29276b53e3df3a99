r"""Products: which factor takes which.

A flat product is read from the left. A declared function (or a function of the language) takes its argument, a
derivative takes the next factor; `elaborate_products` multiplies what is left.
"""

from __future__ import annotations

from derive.language import elaborate_calculus as calculus
from derive.language import elaborate_functions as functions
from derive.language.ambiguity import one_reading
from derive.language.ast import Node, indices, spelled
from derive.language.elaborate_entries import finished, reference
from derive.language.elaborate_laws import density, parts, value_apart
from derive.language.elaborate_products import Item, multiplied, spanned, undotted
from derive.language.elaborate_relations import statement
from derive.language.elaborate_session import Session, quotient
from derive.language.model import ReadError
from derive.language.scope import Scope
from derive.language.vocabulary import FUNCTIONS, GROWTH, LAWS, LETTERS, UNITS
from derive.terms import MINUS_ONE, ONE, Term, call, power, sym

MARKERS = ("div", "times", "odot", "dots")


class Cursor:
    """The factors of a product, read from the left."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self.nodes, self.pos = list(nodes), 0

    @property
    def more(self) -> bool:
        return self.pos < len(self.nodes)

    def peek(self) -> Node | None:
        return self.nodes[self.pos] if self.more else None

    def next(self) -> Node:
        node = self.nodes[self.pos]
        self.pos += 1
        return node


def peel(node: Node) -> tuple[Node, tuple[Node, ...]]:
    """A factor without its subscripts, powers and signs, and these, the innermost first."""
    posts: list[Node] = []
    while node.kind in ("sup", "sub", "transpose", "factorial"):
        posts.insert(0, node)
        node = node.children[0]
    return node, tuple(posts)


def product(s: Session, nodes: tuple[Node, ...], whole: Node, scope: Scope) -> Term:
    """The value of a flat product."""
    if len(nodes) > 1 and _is_unit(nodes[-1], scope):
        inner = product(s, nodes[:-1], whole, scope)
        return call("Unit", s.number(inner, whole, "a number of units is needed"), sym(nodes[-1].text))
    cursor = Cursor(nodes)
    segments: list[list[Item]] = [[]]
    divided: Node | None = None  # the denominator after which only a written sign may follow
    sign = ""
    while cursor.more:
        node = cursor.peek()
        assert node is not None
        if node.kind in ("times", "div", "odot"):
            cursor.next()
            sign = node.kind
            if node.kind == "odot":
                segments.append([])
                divided, sign = None, ""
            elif node.kind == "div" and divided is not None:
                raise _two_ways(whole)
            continue
        if node.kind == "dots":
            cursor.next()
            segments[-1].append(Item(ONE, node, "dots"))
            continue
        if divided is not None and not sign:
            raise _two_ways(whole)
        start = node
        term = factor(s, cursor, scope)
        item = Item(term, spanned(start, cursor.nodes[cursor.pos - 1]), sign)
        if sign == "div":
            bottom = s.number(item.term, item.node, "only a number divides")
            items = segments[-1]
            if len(items) == 1 and not s.shape(items[0].term, items[0].node):
                segments[-1] = [Item(quotient(items[0].term, bottom), spanned(items[0].node, item.node))]
            else:
                items.append(Item(power(bottom, MINUS_ONE), item.node, "div"))
            divided = node
        else:
            segments[-1].append(item)
            divided = None
        sign = ""
    values = [multiplied(s, undotted(s, seg, whole)) for seg in segments]
    if len(values) == 1:
        return values[0]
    nodes_of = [spanned(seg[0].node, seg[-1].node) for seg in segments]
    return call("Hadamard", *s.agree(values, nodes_of, r"`\odot` multiplies arrays of one shape"))


def _is_unit(node: Node, scope: Scope) -> bool:
    r"""Whether ``\mathrm{ns}`` behind a number is a unit of time (a letter alone is a name)."""
    upright = node.kind == "name" and node.text in UNITS and node.source.startswith("\\mathrm")
    return upright and scope.lookup(node.text) is None


def _two_ways(whole: Node) -> ReadError:
    return whole.error(f"`{whole.source}` can be read in two ways: use brackets", (r"\frac{a}{b}", "a/(b c)"))


def factor(
    s: Session, cursor: Cursor, scope: Scope, hold: list[Node] | None = None, argument: bool = False
) -> Term:
    r"""The next factor with all that belongs to it; a ``\top`` at its end goes into ``hold``, if that is given.

    As the ``argument`` of a function or derivative it ends before a bar with a value.
    """
    node = cursor.next()
    if node.kind in MARKERS:
        raise node.error(f"`{node.source}` is not expected here")
    if node.kind == "evalat":
        raise node.error("a bar with a value stands only behind a derivative", (r"\nabla_x f(x)\big|_{x = a}",))
    core, posts = peel(node)
    if core.kind in ("nabla", "partial"):
        begin = cursor.pos

        def take(inner: Scope, held: list[Node]) -> Term:
            cursor.pos = begin
            return factor(s, cursor, inner, held, argument=True)

        def nodes() -> tuple[tuple[Node, ...], tuple[Node, ...]]:
            return tuple(cursor.nodes[begin : cursor.pos]), tuple(cursor.nodes[cursor.pos :])

        term = calculus.derivative(s, core, posts, calculus.Next(cursor.peek(), take, nodes), scope, hold)
    elif (at := _density_of_law(s, node, core, cursor, scope)) is not None:
        term = finished(s, *at, scope, hold)
    elif core.kind == "func":
        term = _word(s, core, posts, cursor, scope, hold)
    elif core.kind == "name":
        term = _named(s, node, core, posts, cursor, scope, hold)
    else:
        term = _atom(s, core, posts, cursor, scope, hold)
    while not argument and (following := cursor.peek()) is not None and following.kind == "evalat":
        cursor.next()
        term = calculus.evaluated(s, term, following, scope)
    return s.fix(term)


def _atom(
    s: Session, core: Node, posts: tuple[Node, ...], cursor: Cursor, scope: Scope, hold: list[Node] | None
) -> Term:
    if core.kind == "one":
        following = cursor.peek()
        group, after = peel(following) if following is not None else (core, ())
        if group.kind in ("group", "set") and not posts and group.text != "(":
            cursor.next()
            inside = Node("list", group.children, "", group.start, group.end, group.where)
            s.index_depth += 1  # `\mathbf{1}[i = j]` speaks of indices
            prop = statement(s, inside if len(group.children) > 1 else group.children[0], scope)
            s.index_depth -= 1
            return finished(s, call("Indicator", prop), after, scope, hold)
        if posts and posts[0].kind == "sub":
            n = s.number(s.value(posts[0].children[1], scope), posts[0])
            return finished(s, call("Ones", n), posts[1:], scope, hold)
        return finished(s, call("Ones", s.hole(core)), posts, scope, hold)
    if core.kind == "norm" and posts and posts[0].kind == "sub":
        t = functions.norm(s, core, posts[0].children[1], scope)
        return finished(s, t, posts[1:], scope, hold)
    return finished(s, s.value(core, scope), posts, scope, hold)


def _word(
    s: Session, core: Node, posts: tuple[Node, ...], cursor: Cursor, scope: Scope, hold: list[Node] | None
) -> Term:
    """A function of the language, with its argument."""
    following = cursor.peek()
    group, after = peel(following) if following is not None else (core, ())
    below = posts[0].children[1] if posts and posts[0].kind == "sub" else None
    raised = posts[1:] if below is not None else posts
    if raised and (raised[0].kind != "sup" or len(raised) > 1):
        raise raised[0].error(f"`{raised[0].source}` is not understood")
    if raised and raised[0].children[1].kind in ("neg",):
        raise raised[0].error("the inverse of a function is not read", (f"1/{core.source}(x)",))
    if group.kind in ("group", "set") and following is not None:
        cursor.next()
        t = functions.apply_word(s, core, below, group.children, scope)
        return finished(s, finished(s, t, raised, scope, None), after, scope, hold)
    start = _bare_argument(s, core, cursor)
    if core.text == "Expect" and len(cursor.nodes) - cursor.pos == 1:
        cursor.next()
        t = functions.apply_word(s, core, below, (start,), scope)
    else:
        functions.checked(core, None if core.text in functions.AVERAGES else below)
        if core.text not in FUNCTIONS:
            raise core.error(f"`{core.source}` needs brackets", (f"{core.source}{_brackets(core.text)}",))
        begin = cursor.pos
        t = functions.of_one(s, core.text, factor(s, cursor, scope, hold, argument=True), start)
        one_reading(core, [], t, tuple(cursor.nodes[begin : cursor.pos]), tuple(cursor.nodes[cursor.pos :]), scope)
    return finished(s, t, raised, scope, hold)


def _brackets(word: str) -> str:
    return "[…]" if word in functions.AVERAGES else "(…)"


def _density_of_law(
    s: Session, node: Node, core: Node, cursor: Cursor, scope: Scope
) -> tuple[Term, tuple[Node, ...]] | None:
    r"""``\mathcal{N}(x; m, v)``, ``\mathcal{N}(m, v)(x)``: the density of a named law, and what follows it."""
    groups = [peel(n) for n in cursor.nodes[cursor.pos : cursor.pos + 2]]
    if core.text not in LAWS and core.text != "chi" or not groups or groups[0][0].kind != "group":
        return None
    first, after = groups[0]
    taken, named = 1, node
    if (apart := value_apart(first)) is not None:
        argument, given = Node("group", apart[:1], "(", first.start, first.end, first.where), apart[1]
        named = Node("product", (node, given), "", node.start, first.end, node.where)
    elif core.kind == "func" and not LAWS[core.text]:
        argument = first
    elif len(groups) == 2 and not after and groups[1][0].kind == "group":
        taken, (argument, after) = 2, groups[1]
        named = Node("product", (node, first), "", node.start, first.end, node.where)
    else:
        return None
    if parts(named, scope) is None:
        return None
    cursor.pos += taken
    return functions.density_of(s, named, argument, scope), after


def _bare_argument(s: Session, core: Node, cursor: Cursor) -> Node:
    node = cursor.peek()
    if node is None or node.kind in MARKERS or node.kind == "evalat":
        raise core.error(f"`{core.source}` needs its argument", (f"{core.source}(x)",))
    return node


def _named(
    s: Session, node: Node, core: Node, posts: tuple[Node, ...], cursor: Cursor, scope: Scope, hold: list[Node] | None
) -> Term:
    """A name: a symbol, an entry, or a declared function or density with its argument."""
    head, rest = core, posts
    if posts and posts[0].kind == "sub" and (full := spelled(posts[0])) and s.lookup(full, scope) is not None:
        head, rest = posts[0], posts[1:]
    name = spelled(head) or ""
    following = cursor.peek()
    group, after = peel(following) if following is not None else (core, ())
    bracket = group.kind == "group" and following is not None
    # p_\theta(x), also at another parameter
    as_density = head if not posts or head is posts[0] else posts[0]
    if bracket and (drawn := density(s, as_density, scope)) is not None:
        cursor.next()
        return finished(s, functions.density_at(s, drawn, group, scope), after, scope, hold)
    if name == "I" and s.lookup("I", scope) is None and posts and posts[0].kind == "sub":
        if len(indices(posts[0].children[1])) == 1:
            return finished(s, functions.identity(s, posts[0], scope), posts[1:], scope, hold)
    known = reference(s, head, scope)
    if known is not None and known.head == "Sym" and known.sort.takes is not None:
        if not bracket or rest:
            raise node.error(f"`{head.source}` is a function and needs its argument", (f"{head.source}(x)",))
        cursor.next()
        return finished(s, functions.applied(s, known, head, group, scope), after, scope, hold)
    if known is None:
        if bracket and (t := functions.letter(s, head, core, posts, group, scope)) is not None:
            cursor.next()
            return finished(s, t, after, scope, hold)
        if s.index_depth and head.kind == "name" and not posts:
            return s.record_index(name, scope, None, head)
        if core.text.startswith("Delta_") and s.lookup("Delta", scope) is not None:
            return _split_delta(s, core, posts, cursor, scope, hold)
        if head.kind == "name" and posts and posts[0].kind == "sub":
            raise s.undeclared(posts[0], scope)
        raise _unknown(s, head, group if bracket else None, scope)
    return finished(s, known, rest, scope, hold)


def _unknown(s: Session, head: Node, group: Node | None, scope: Scope) -> ReadError:
    name = spelled(head) or ""
    if name in GROWTH and group is not None:
        return head.error(f"`{head.source}(…)` stands only behind `=`", (rf"f = {head.source}(g)",))
    if name in LETTERS and group is None:
        return s.undeclared(head, scope)
    error = s.undeclared(head, scope)
    if group is not None and error.expected[0].startswith("Let"):
        return head.error(error.message, (rf"Let ${head.source} : \mathbb{{R}} \to \mathbb{{R}}$ be a function.",))
    return error


def _split_delta(
    s: Session, core: Node, posts: tuple[Node, ...], cursor: Cursor, scope: Scope, hold: list[Node] | None
) -> Term:
    r"""``\Delta x`` where ``\Delta`` is a symbol of its own: a product."""
    inner = Node("name", (), core.text.removeprefix("Delta_"), core.start, core.end, core.where)
    known = s.lookup(inner.text, scope)
    delta = s.lookup("Delta", scope)
    if known is None or delta is None:
        raise s.undeclared(core, scope)
    rebuilt = inner
    for p in posts:
        rebuilt = Node(p.kind, (rebuilt, *p.children[1:]), p.text, p.start, p.end, p.where)
    cursor.pos -= 1
    cursor.nodes[cursor.pos] = rebuilt
    right = factor(s, cursor, scope, hold)
    return multiplied(s, [Item(delta, core), Item(right, core)])
