r"""Functions with their arguments: those of the language, declared ones, densities, and letters read like ``E[·]``."""

from __future__ import annotations

from derive.language import elaborate_operators as operators
from derive.language.ast import Node
from derive.language.elaborate_laws import fitted, law, law_shape
from derive.language.elaborate_misfits import Fix, Misfit
from derive.language.elaborate_session import Session, shown
from derive.language.scope import Scope
from derive.language.vocabulary import FUNCTIONS, LAWS, LETTERS
from derive.terms import Term, call, names, sym
from derive.terms.walk import fresh

AVERAGES = ("Expect", "Pr")


def checked(core: Node, below: Node | None) -> None:
    """Refuse a distribution where a function is needed, and a subscript where none is read."""
    word = core.text
    if word in LAWS:
        raise core.error(f"`{core.source}` is a distribution: it stands behind `\\sim`", (rf"X \sim {core.source}(…)",))
    if below is not None and word not in AVERAGES:
        raise below.error(
            f"`{core.source}` has no subscript", (r"\frac{\log x}{\log 2}" if word == "log" else f"{core.source}(x)",)
        )


def apply_word(s: Session, core: Node, below: Node | None, args: tuple[Node, ...], scope: Scope) -> Term:
    """A function of the language at its arguments."""
    word = core.text
    checked(core, below)
    if word in AVERAGES:
        return operators.average(s, core, word, below, args, scope)
    if word in ("Var", "Cov", "KL", "Entropy"):
        return operators.spread(s, core, word, args, scope)
    if word in ("max", "min"):
        terms = s.agree([s.value(a, scope) for a in args], args, "the parts must have one shape")
        if len(terms) == 1:
            raise core.error(f"`{core.source}` needs two things or more", (rf"\{word}(a, b)",))
        return call(word.capitalize(), *terms)
    if len(args) != 1:
        raise core.error(f"`{core.source}` takes one argument")
    return of_one(s, word, s.value(args[0], scope), args[0])


def of_one(s: Session, word: str, t: Term, node: Node) -> Term:
    """A function of one argument; of an array with one entry, where it is of numbers, of that number."""
    t = s.fix(t)
    head = FUNCTIONS[word]
    sh = s.shape(t, node)
    if head in ("Trace", "Det", "Rank"):
        if len(sh) != 2:
            raise node.error(f"`\\{word}` is of a matrix; `{node.source}` {shown(sh)}")
        if head != "Rank" and not s.fits(*sh):
            raise node.error(f"`\\{word}` is of a square matrix; `{node.source}` {shown(sh)}")
        return call(head, s.fix(t))
    if head in ("RMS", "Softmax"):
        if len(sh) != 1:
            raise node.error(f"`\\mathrm{{{word}}}` is of a vector; `{node.source}` {shown(sh)}")
        return call(head, t)
    if head == "Diag":
        if not sh:
            raise node.error(f"`\\mathrm{{diag}}` is of a vector; `{node.source}` is a number")
        return call(head, t)
    if head == "Gamma":
        return call(head, s.number(t, node))
    return call(head, s.loosened(t))


def applied(s: Session, f: Term, head: Node, group: Node, scope: Scope) -> Term:
    """A declared function at its arguments."""
    takes = f.sort.takes or ()
    nodes = group.children
    if head.kind == "sub" and len(nodes) + 1 == len(takes):
        nodes = (head.children[1], *nodes)  # s_\theta(x) is s(\theta, x)
    if len(nodes) != len(takes):
        many = f"{len(takes)} argument{'s' * (len(takes) != 1)}"
        raise head.error(f"`{head.source}` takes {many}, here it has {len(group.children)}")
    args = []
    for n, shape in zip(nodes, takes, strict=True):
        t = s.fix(s.value(n, scope))
        if len(takes) == 1 and not shape and not f.sort.shape and s.shape(t, n) and not s.one_entry(t):
            args.append(t)  # a function of numbers applies entry by entry
        else:
            args.append(fitted(s, t, n, shape, f"what `{head.source}` takes"))
    return call("Apply", s.fix(f), *args)


def density_at(s: Session, law: Term, group: Node, scope: Scope) -> Term:
    if len(group.children) != 1:
        raise group.error("a density has one argument")
    n = group.children[0]
    return call("Density", s.fix(law), fitted(s, s.value(n, scope), n, law_shape(s, law), "what the density takes"))


def density_of(s: Session, named: Node, group: Node, scope: Scope) -> Term:
    """The density of a named law at a value, which may show the size of the law's ``I``."""
    if len(group.children) != 1:
        raise group.error("a density has one argument")
    n = group.children[0]
    t = s.fix(s.value(n, scope))
    read = law(s, named, scope, None if s.one_entry(t) else s.shape(t, n) or None)
    return call("Density", s.fix(read), fitted(s, t, n, law_shape(s, read), "what the density takes"))


def identity(s: Session, node: Node, scope: Scope) -> Term:
    """``I_n``."""
    return call("Identity", s.number(s.value(node.children[1], scope), node))


def letter(
    s: Session, head: Node, core: Node, posts: tuple[Node, ...], group: Node, scope: Scope
) -> Term | None:
    r"""What an undeclared letter with brackets is read as: ``E[X]``, ``V(X)``, ``P(A)``, ``\Gamma(z)``, ``f'(x)``."""
    if core.text in LETTERS and (not posts or (posts[0].kind == "sub" and core.text != "V")):
        word = LETTERS[core.text]
        below = posts[0].children[1] if posts else None
        if len(posts) > 1 or (below is not None and below.kind not in ("rel", "list")):
            return None
        stand_in = Node("func", (), word, core.start, core.end, core.where)
        return apply_word(s, stand_in, below, group.children, scope)
    if core.text == "Gamma" and not posts and len(group.children) == 1:
        return call("Gamma", s.number(s.value(group.children[0], scope), group.children[0]))
    base = core.text
    order = 0
    while base.endswith("_prime"):
        base, order = base.removesuffix("_prime"), order + 1
    f = s.lookup(base, scope)
    if order and f is not None and f.head == "Sym" and f.sort.takes == ((),):
        if posts:
            raise posts[0].error(f"`{posts[0].source}` is not understood")
        stand_in = Node("name", (), base, core.start, core.end, core.where)
        point = applied(s, f, stand_in, group, scope).args[1]
        if s.shape(point, group):
            raise group.error("the derivative of a function is taken at a number")
        t = fresh(sym("t"), names([point, f]))
        inner = call("Apply", f, t)
        for _ in range(order - 1):
            inner = call("Deriv", t, inner, t)
        return call("Deriv", t, inner, point)
    return None


def norm(s: Session, node: Node, which: Node | None, scope: Scope) -> Term:
    r"""``\|x\|`` with what stands below it."""
    inner = node.children[0]
    t = s.value(inner, scope)
    sh = s.shape(t, inner)
    if not sh:
        raise Misfit(
            node, f"a norm is of a vector or matrix; `{inner.source}` is a number", (Fix(node, f"|{inner.source}|"),)
        )
    kind = "" if which is None else _norm_kind(which)
    table = (
        {"": "Norm", "2": "Norm", "1": "Norm1", "infinity": "NormInf", "RMS": "RMS"}
        if len(sh) == 1
        else {"": "Spectral", "2": "Spectral", "F": "Frobenius", "RMS to RMS": "InducedRMS", "op": "Spectral"}
    )
    if kind not in table or len(sh) > 2:
        what = "vector" if len(sh) == 1 else "matrix"
        forms = (r"\|x\|", r"\|x\|_1", r"\|x\|_\infty") if len(sh) == 1 else (
            r"\|W\|_2", r"\|W\|_F", r"\|W\|_{\mathrm{RMS}\to\mathrm{RMS}}")  # fmt: skip
        raise node.error(f"this norm of a {what} is not known", forms)
    return call(table[kind], t)


def _norm_kind(node: Node) -> str:
    if node.kind == "infinity":
        return "infinity"
    if node.kind == "rel":
        return f" {node.text} ".join(c.text for c in node.children)
    return node.text
