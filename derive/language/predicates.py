r"""What a `Let` sentence can say of the names in it.

`PREDICATES` is the list (``be fixed``, ``have i.i.d. entries …``, ``with mean $m$``, ``independent of $W$``). In a
sentence stand names with predicates, names with predicates, …: `groups` splits it, `declare` makes givens of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from derive.language import forms
from derive.language.forms import Form, Found, items
from derive.language.sentences import Sentence, Token
from derive.language.synonyms import LAWS_IN_WORDS, NAMED_ENTRIES, ORDINALS

Reading = Callable[["Said", Sentence, Found], None]


@dataclass(repr=False)
class Said:
    """What is said of the names of a group."""

    attributes: list[str] = field(default_factory=list)
    random: bool = False
    iid: bool = False
    entries: str = ""  # "i.i.d." or "independent": said of the entries
    among: str = ""  # "Independent", "PairwiseIndependent", "Uncorrelated": said of the names
    law: Token | None = None
    named_law: str = ""
    moments: list[tuple[str, Token]] = field(default_factory=list)
    independent_of: list[tuple[str, Token]] = field(default_factory=list)
    finite: str = ""  # "FiniteMeanOnly", "InfiniteVariance"
    function: bool = False
    order: int = 0  # of differentiability
    argument: int = 0  # in which argument, from 1; 0: in all
    within: Token | None = None  # ``differentiable in $\theta \in \mathbb{R}^P$``
    density: str = ""  # "density" or "mass"
    distribution: bool = False
    on: Token | None = None  # ``on $\mathbb{R}^n$``
    space: Token | None = None  # ``in $\mathbb{R}^k$``
    indices: list[Token] = field(default_factory=list)  # ``for $j, k \in \{1, \ldots, n\}$``
    maps: tuple[Token, Token] | None = None  # ``from $A$ to $B$``
    alike: bool = False  # of one shape
    singular: bool = False


def _set(**values: object) -> Reading:
    def read(said: Said, sentence: Sentence, found: Found) -> None:
        for name, value in values.items():
            setattr(said, name, value)

    return read


def _attribute(name: str) -> Reading:
    def read(said: Said, sentence: Sentence, found: Found) -> None:
        said.attributes.append(name)

    return read


def _token(name: str, **values: object) -> Reading:
    """A predicate with one formula."""

    def read(said: Said, sentence: Sentence, found: Found) -> None:
        setattr(said, name, items(sentence, next(iter(found.values())))[0])
        for n, value in values.items():
            setattr(said, n, value)

    return read


def _moment(name: str) -> Reading:
    def read(said: Said, sentence: Sentence, found: Found) -> None:
        said.moments.append((name, items(sentence, found["x"])[0]))
        said.random = True

    return read


def _from(head: str) -> Reading:
    def read(said: Said, sentence: Sentence, found: Found) -> None:
        said.independent_of += [(head, t) for t in items(sentence, found["y"])]

    return read


def _indices(said: Said, sentence: Sentence, found: Found) -> None:
    said.indices += items(sentence, found["x"])


def _in_words(said: Said, sentence: Sentence, found: Found, law: str) -> None:
    r"""``exponential with rate $\lambda$``, ``uniform on $[0, 1]$``."""
    for name, span in found.items():
        text = items(sentence, span)[0].text.strip()
        law = law.replace(f"<{name}>", text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text)
    _whole(said, law)


def _whole(said: Said, law: str) -> None:
    """A law with a name of its own, of the names themselves."""
    said.random, said.law = True, Token("math", law, -1, -1)


def _between(said: Said, sentence: Sentence, found: Found) -> None:
    """``a differentiable function from $A$ to $B$``."""
    words = [t.low for t in sentence.tokens[: found["x"][0]]]
    said.function, said.order = True, 2 if "smooth" in words or "twice" in words else 1 if "differentiable" in words else 0
    said.maps = (items(sentence, found["x"])[0], items(sentence, found["y"])[0])


ZERO, ONE = Token("math", "0", -1, -1), Token("math", "1", -1, -1)
PREDICATES: tuple[Form, ...] = (
    Form("fixed [(vector|vectors|matrix|matrices|number|numbers)]", _attribute("fixed")),
    Form("(constant|constants)", _attribute("fixed")),
    Form("nonzero entries", _attribute("nonzero entries")),
    Form("positive entries", _attribute("positive entries")),
    *(
        Form(f"{word} [(matrix|matrices)]", _attribute(word))
        for word in ("symmetric", "orthogonal", "positive definite", "invertible")
    ),
    *(Form(f"{word} [(number|numbers)]", _attribute(word)) for word in ("nonzero", "positive", "nonnegative")),
    Form("unit [(vector|vectors)]", _attribute("unit")),
    Form("(integer|integers)", _attribute("integer")),
    Form("positive (integer|integers)", _attribute("positive integer")),
    Form("real [(number|numbers)]", _attribute("real")),
    Form("(shape|shapes)", _attribute("shape")),
    Form("(number|numbers|vector|vectors|matrix|matrices)", _attribute("noun")),
    Form("random [(variable|variables|vector|vectors|matrix|matrices)]", _set(random=True)),
    Form("independent", _set(among="Independent", random=True)),
    Form("i.i.d.", _set(iid=True, random=True)),
    Form("pairwise independent", _set(among="PairwiseIndependent", random=True)),
    Form("[pairwise] uncorrelated", _set(among="Uncorrelated", random=True)),
    Form("i.i.d. [from] {law}", _token("law", iid=True, random=True)),
    Form("(from|distributed as) {law}", _token("law", random=True)),
    Form("the distribution {law}", _token("law", random=True)),
    Form("distribution {law}", _token("law", random=True)),
    *(Form(f"{how} {{law}} entries", lambda s, t, f, h=how: _entries(s, t, f, h)) for how in ("i.i.d.", "independent")),
    Form("{law} entries", lambda s, t, f: _entries(s, t, f, "")),
    Form("i.i.d. entries from {law}", lambda s, t, f: _entries(s, t, f, "i.i.d.")),
    Form("independent entries from {law}", lambda s, t, f: _entries(s, t, f, "independent")),
    *(Form(words, lambda s, t, f, law=law: _in_words(s, t, f, law)) for words, law in LAWS_IN_WORDS),
    *(Form(f"{name} [(noise|variable|variables)]", lambda s, t, f, x=law: _whole(s, x)) for name, law in NAMED_ENTRIES),
    Form("i.i.d. entries [[with] {law}]", lambda s, t, f: _entries(s, t, f, "i.i.d.")),
    Form("independent entries [[with] {law}]", lambda s, t, f: _entries(s, t, f, "independent")),
    Form("entries [with] {law}", lambda s, t, f: _entries(s, t, f, "")),
    *(
        Form(f"{how} {name} {noun}", lambda s, t, f, h=how, x=law: _named(s, h, x))
        for name, law in NAMED_ENTRIES
        for how in ("i.i.d.", "independent", "")
        for noun in ("entries",)
    ),
    Form("mean {x}", _moment("mean")),
    Form("mean zero", lambda s, t, f: s.moments.append(("mean", ZERO))),
    Form("zero mean", lambda s, t, f: s.moments.append(("mean", ZERO))),
    Form("variance {x}", _moment("variance")),
    Form("unit variance", lambda s, t, f: s.moments.append(("variance", ONE))),
    Form("covariance [matrix] {x}", _moment("variance")),
    Form("standard deviation {x}", _moment("deviation")),
    *(Form(f"{word} moment {{x}}", _moment(str(n))) for word, n in ORDINALS.items()),
    Form("finite mean and [finite] variance", _set(random=True)),
    Form("finite mean [only]", _set(finite="FiniteMeanOnly", random=True)),
    Form("infinite variance", _set(finite="InfiniteVariance", random=True)),
    Form("finite variance", _set(random=True)),
    Form("independent of {y:list}", _from("Independent")),
    Form("uncorrelated with {y:list}", _from("Uncorrelated")),
    Form("(function|functions)", _set(function=True)),
    Form("differentiable [function]", _set(function=True, order=1)),
    Form("differentiable functions", _set(function=True, order=1)),
    Form("twice differentiable [(function|functions)]", _set(function=True, order=2)),
    Form("differentiable in its {n:run} argument", lambda s, t, f: _argument(s, t, f, 1)),
    Form("twice differentiable in its {n:run} argument", lambda s, t, f: _argument(s, t, f, 2)),
    Form("differentiable in {x}", _token("within", order=1)),
    Form("twice differentiable in {x}", _token("within", order=2)),
    Form("smooth [(function|functions)]", _set(function=True, order=2)),
    Form("[(differentiable|smooth|twice differentiable)] function from {x} to {y}", _between),
    Form("smooth [probability] (density|densities) on {x}", _token("on", density="density", order=2)),
    Form("increasing [(function|functions)]", _attribute("increasing")),
    Form("convex [(function|functions)]", _attribute("convex")),
    Form("[probability] (density|densities) on {x}", _token("on", density="density")),
    Form("probability density function on {x}", _token("on", density="density")),
    Form("probability mass (function|functions) on {x}", _token("on", density="mass")),
    Form("[the] [probability] density of {x}", _token("law", density="density")),
    Form("[the] probability mass function of {x}", _token("law", density="mass")),
    Form("(distribution|distributions) on {x}", _token("on", distribution=True)),
    Form("probability (vector|vectors)", _attribute("probability vector")),
    Form("in {x}", _token("space")),
    Form("of one shape", _set(alike=True)),
    Form("for {x:list}", _indices),
)
CONNECTORS = frozenset(
    {",", "and", "be", "have", "has", "is", "are", "with", "which", "that", "whose", "let", "both", "all", "each", "-", "-dimensional", "dimensional"}
)
ARTICLES = frozenset({"a", "an"})


def _entries(said: Said, sentence: Sentence, found: Found, how: str) -> None:
    said.random, said.entries = True, how or said.entries or "some"
    if "law" in found:
        said.law = items(sentence, found["law"])[0]


def _named(said: Said, how: str, law: str) -> None:
    said.random, said.entries, said.named_law = True, how or "some", law


def _argument(said: Said, sentence: Sentence, found: Found, order: int) -> None:
    word = sentence.tokens[found["n"][0]].low
    if word not in ORDINALS:
        raise sentence.error("which argument is not understood", found["n"][0], ("its second argument",))
    said.function, said.order, said.argument = True, order, ORDINALS[word]


@dataclass(eq=False, repr=False)
class Group:
    """Names, and what is said of them. ``subjects`` and ``words`` are tokens; ``start`` is the first one's position."""

    start: int
    subjects: list[Token] = field(default_factory=list)
    said: Said = field(default_factory=Said)


def groups(sentence: Sentence, start: int, stop: int) -> Iterator[Group]:
    """The groups of a declaration, from token ``start`` to ``stop``.

    Raises
    ------
    ReadError
        At the first words that are no predicate.
    """
    tokens = sentence.tokens
    pos, group, telling = start, Group(start), False
    while pos < stop:
        token = tokens[pos]
        if token.kind == "math" and _sized(group, tokens, pos, stop):
            telling, pos = True, pos + 1
        elif token.kind == "math" and telling and _law_of_members(group, token):
            group.said.law, pos = token, pos + 1
        elif token.kind == "math":
            if telling:
                yield group
                group, telling = Group(pos), False
            group.subjects.append(token)
            pos += 1
        elif token.low in CONNECTORS:
            if token.low == "let" and group.subjects and all(map(_compared, group.subjects)):
                yield group
                group, telling = Group(pos), False
            pos += 1
        elif token.low in ARTICLES:
            group.said.singular = True
            pos += 1
        else:
            end, form, found, reached = _longest(sentence, pos, stop)
            before = not group.subjects and any(t.kind == "math" for t in tokens[pos:stop])  # ``a random matrix $W$``
            if form is None or not (group.subjects or before):
                known = tuple(f.shown for f in PREDICATES)
                said = " ".join(t.text if t.kind != "math" else "$…$" for t in tokens[reached if form else pos : stop])
                raise sentence.error(
                    "these words are not understood in a declaration", max(pos, min(reached, stop - 1)),
                    tuple(f"Let $…$ {_verb(n)}{n}" for n in forms.nearest(said, known)),
                )  # fmt: skip
            form.read(group.said, sentence, found)
            telling = bool(group.subjects)
            pos = end
    yield group


def _sized(group: Group, tokens: list[Token] | tuple[Token, ...], pos: int, stop: int) -> bool:
    r"""Whether ``an $m \times n$ matrix`` or ``an $n$-dimensional vector`` begins, and if so its space."""
    if not group.subjects or group.said.space is not None:
        return False
    text, behind = tokens[pos].text, next((t.low for t in tokens[pos + 1 : pos + 2]), "")
    words = [t.low for t in tokens[pos + 1 : min(pos + 4, stop)]]
    if r"\times" in text and any(w in ("matrix", "matrices") for w in words):
        size = text
    elif "dimensional" in behind or "dimensional" in words:
        size = text
    else:
        return False
    group.said.space = Token("math", rf"\mathbb{{R}}^{{{size}}}", tokens[pos].start, tokens[pos].end)
    return True


def _compared(token: Token) -> bool:
    """Whether a formula says all that there is to say of its name: ``a > 0``."""
    return "sim" not in token.text and any(r in token.text for r in (">", "<", "=", r"\ge", r"\le", r"\in", "≥", "≤", "∈"))


def _law_of_members(group: Group, token: Token) -> bool:
    r"""``i.i.d. with $X_i \sim p$``: what is said of one member."""
    if not (group.said.iid or group.said.among) or group.said.law is not None or r"\sim" not in token.text:
        return False
    base = group.subjects[0].text.split("_")[0].strip()
    return token.text.strip().startswith(base + "_")


def _verb(predicate: str) -> str:
    """The word that stands before a predicate, in the sentence that a message suggests."""
    first = predicate.split()[0]
    if (
        first in ("mean", "zero", "variance", "unit", "covariance", "standard", "finite", "infinite")
        or "moment" in predicate
    ):
        return "be a random variable with "
    if "entries" in predicate:
        return "have "
    return "" if first in ("in", "for") else "be "


def _longest(sentence: Sentence, pos: int, stop: int) -> tuple[int, Form | None, Found, int]:
    """The predicate that takes most of the tokens from ``pos``."""
    best: tuple[int, Form | None, Found] = (-1, None, {})
    furthest = pos
    for form in PREDICATES:
        for end, found, reached in forms.beginnings(form, sentence.tokens[:stop], pos):
            furthest = max(furthest, reached)
            if end > best[0]:
                best = end, form, found
    return *best, furthest
