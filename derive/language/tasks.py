r"""Tasks: what a document asks, from its sentences.

`TASK_FORMS` is the whole list of question forms; each names the function below that reads it. Tails that any task may
have (``using …``, ``for $i \ne j$``, ``where …``) are taken off first.
"""

from __future__ import annotations

from dataclasses import replace

from derive.language import forms, network
from derive.language.claims import gaussian, stated
from derive.language.declare import read_let
from derive.language.define import unknown_map
from derive.language.forms import Form, Found, items
from derive.language.model import Task
from derive.language.reader import Reader
from derive.language.sentences import Sentence
from derive.language.vocabulary import QUANTITIES
from derive.terms import Term, call, free, mul, num

OPENERS = frozenset({"Minimise", "Maximise", "Find", "Show that", "Is it true that", "Is", "Does", "How does", "How must", "Tabulate", "Bound"})


def read_task(reader: Reader, sentence: Sentence) -> None:
    """Read one question into the problem.

    Raises
    ------
    ReadError
        Where no form fits, naming the first words that do not and the nearest forms.
    """
    whole = sentence
    reader.maths.forget()
    sentence, tails = _tails(reader, sentence)
    opened = forms.openers(sentence)
    furthest = 0
    for name, start in opened:
        for form in TASK_FORMS.get(name, ()):
            found, reached = forms.match(form, sentence, start)
            furthest = max(furthest, reached)
            if found is None:
                continue
            task = form.read(reader, sentence, found, form.kind)
            if task is None:
                continue
            reader.add_task(replace(task, **tails), whole)
            return
    near = forms.nearest(whole.text, shown_forms())
    raise sentence.error("this question is not understood", min(furthest, len(sentence.tokens) - 1), near)


def shown_forms() -> tuple[str, ...]:
    """Every form of question, as a message shows it."""
    return tuple(f"{n} {f.shown}{_end(n)}" for n, rows in TASK_FORMS.items() for f in rows)


def _end(opener: str) -> str:
    return "?" if opener.startswith(("Is", "Does", "How")) else "."


def _tails(reader: Reader, sentence: Sentence) -> tuple[Sentence, dict]:
    """The sentence without what any task may end with, and that as fields of the task."""
    fields: dict = {}
    tokens = sentence.tokens
    for word in ("where", "using", "for"):
        for i in range(len(tokens) - 1, 0, -1):
            if tokens[i].low != word:
                continue
            if word == "where":
                read_let(reader, sentence, i + 1)
            elif word == "using":
                if i + 1 == len(tokens):
                    raise sentence.error("what to use is missing", i, ("using norms of rank-one matrices",))
                fields["using"] = sentence.words_all(i + 1, len(tokens))
            else:
                pairs = [reader.maths.distinct(t, sentence) for t in tokens[i + 1 :] if t.kind == "math"]
                if not pairs or not all(pairs):
                    break
                fields["distinct"] = tuple(p for p in pairs if p)
            end = i - 1 if tokens[i - 1].text == "," else i
            tokens = tokens[:end]
            sentence = replace(sentence, tokens=tokens)
            break
    return sentence, fields


def _task(reader: Reader, sentence: Sentence, kind: str, objects: tuple[Term, ...], **fields) -> Task:  # type: ignore[no-untyped-def]
    return Task("", kind, "", 0, objects, **fields)  # type: ignore[arg-type]


def _expressions(reader: Reader, sentence: Sentence, span: tuple[int, int]) -> tuple[Term, ...]:
    return tuple(e for t in items(sentence, span) for e in reader.maths.expressions(t, sentence))


def _find(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    terms = _expressions(reader, sentence, found["terms"]) if "terms" in found else ()
    return _task(reader, sentence, kind, _expressions(reader, sentence, found["x"]), terms=terms)


def _expectation(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    objects = _expressions(reader, sentence, found["x"])
    over = reader.maths.over(items(sentence, found["over"])[0], sentence, reader.drawn_shapes(objects))
    return _task(reader, sentence, kind, objects, over=over)


def _such_that(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    """``Find $c > 0$ such that …``: a number; ``Find $g$ and $p$ such that $g(z) \\sim …$ when $z \\sim p$``: a map."""
    run = found["claim"]
    if any(t.low == "when" for t in sentence.tokens[slice(*run)]):
        unknowns = unknown_map(reader, sentence, found["x"], run)
        objects = stated(reader, sentence, run)
        return _task(reader, sentence, "map", objects, unknown=unknowns)
    unknown = reader.unknowns(sentence, found["x"])
    return _task(reader, sentence, kind, stated(reader, sentence, run), unknown=unknown)


def _in_words(*templates: str):  # type: ignore[no-untyped-def]
    """A quantity in words: ``the variance of $X$``, ``the gradient of $f(x)$ with respect to $x$``."""

    def read(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
        terms = _expressions(reader, sentence, found["terms"]) if "terms" in found else ()
        objects: list[Term] = []
        slots = {name: items(sentence, span) for name, span in found.items() if name != "terms"}
        first, *others = slots
        for token in slots[first]:
            for template in templates:
                text = template.replace(f"<{first}>", token.text)
                for name in others:
                    text = text.replace(f"<{name}>", slots[name][0].text)
                objects += reader.maths.expressions(replace(token, text=text), sentence)
        return _task(reader, sentence, kind, tuple(objects), terms=terms)

    return read


def _called(*of: str):  # type: ignore[no-untyped-def]
    r"""``the gradient $\nabla_x f(x)$``: a formula with its name before it, if it is that."""

    def read(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task | None:
        task = _find(reader, sentence, found, kind)
        return task if all(t.head in of for t in task.objects) else None

    return read


def _equal(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    """``Is $a$ equal to $b$?``"""
    a, b = (_expressions(reader, sentence, found[k])[0] for k in ("a", "b"))
    return _task(reader, sentence, kind, (call("Eq", a, b),))


def _minimise(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    unknown = reader.unknowns(sentence, found["x"])
    return _task(
        reader, sentence, "minimise", _expressions(reader, sentence, found["e"]), unknown=unknown, direction=kind
    )


def _show(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    return _task(reader, sentence, kind, stated(reader, sentence, found["claim"]))


def _alike(head: str):  # type: ignore[no-untyped-def]
    """``Are $X$ and $Y$ independent?``, ``Is $X$ independent of $Y$?``"""

    def read(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
        things = _expressions(reader, sentence, found["x"])
        if "y" in found:
            others = _expressions(reader, sentence, found["y"])
            things = (*things, others[0] if len(others) == 1 else call("Group", *others))
        return _task(reader, sentence, kind, (call(head, *things),))

    return read


def _normal(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    """``Is $X$ Gaussian?``"""
    return _task(reader, sentence, kind, tuple(gaussian(e) for e in _expressions(reader, sentence, found["x"])))


def _scale(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    sizes = _expressions(reader, sentence, found["sizes"]) if "sizes" in found else ()
    return _task(reader, sentence, kind, _expressions(reader, sentence, found["x"]), sizes=sizes)


def _must(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    sizes = _expressions(reader, sentence, found["sizes"]) if "sizes" in found else ()
    unknown = reader.order(items(sentence, found["x"])[0], sentence)
    return _task(reader, sentence, kind, stated(reader, sentence, found["claim"]), unknown=unknown, sizes=sizes)


def _bound(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    terms = _expressions(reader, sentence, found["terms"]) if "terms" in found else ()
    return _task(reader, sentence, "bound", _expressions(reader, sentence, found["x"]), terms=terms, direction=kind)


def _count(head: str):  # type: ignore[no-untyped-def]
    """What the network counts: its value, or (``scale with $k$``) how it scales."""

    def read(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
        network.known(reader, sentence)
        sizes = _expressions(reader, sentence, found["sizes"]) if "sizes" in found else ()
        return _task(reader, sentence, kind, (call(head),), sizes=sizes)

    return read


def _disk(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    layers, _ = network.known(reader, sentence)
    unknown = reader.unknowns(sentence, found["t"])
    assert unknown is not None
    return _task(reader, sentence, kind, (call("Eq", mul(layers, unknown), call("BackwardTime")),), unknown=unknown)


def _interval(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    _, interval = network.known(reader, sentence)
    if "x" in found:
        interval = reader.unknowns(sentence, found["x"])
    elif not free(interval):
        interval = reader.new_unknown("k", sentence)
    return _task(reader, sentence, "minimise", (call("TotalTime"),), unknown=interval, direction=kind)


def _table(reader: Reader, sentence: Sentence, found: Found, kind: str) -> Task:
    numbers = [t for t in sentence.tokens[slice(*found["tasks"])] if t.text != "," and t.low != "and"]
    objects = []
    for t in numbers:
        if not reader.has_task(t.text.strip("$ ")):
            raise sentence.document.source.error(f"there is no task {t.text} above", t.start, t.text, reader.task_ids())
        objects.append(num(t.text.strip("$ ")))
    return _task(reader, sentence, kind, tuple(objects), rows=tuple(_rows(reader, sentence, found["rows"])))


def _rows(reader: Reader, sentence: Sentence, span: tuple[int, int]) -> list[tuple[str, tuple[Term, ...]]]:
    """``input weights ($m$ constant), hidden weights ($n = m$) and …``: each row's name and what holds in it."""
    rows: list[tuple[str, tuple[Term, ...]]] = []
    i, stop = span
    while i < stop:
        opens = next((k for k in range(i, stop) if sentence.tokens[k].text == "("), None)
        closes = next((k for k in range(i, stop) if sentence.tokens[k].text == ")"), None)
        if opens is None or closes is None or closes < opens:
            raise sentence.error("a row of the table is a name and its regime in parentheses", i,
                                 ("input weights ($m$ constant)", "hidden weights ($n = m$)"))  # fmt: skip
        name = " ".join(t.text for t in sentence.tokens[i:opens])
        conditions: list[Term] = []
        k = opens + 1
        while k < closes:
            run_end = next((e for e in range(k, closes) if sentence.tokens[e].text == ","), closes)
            words = [
                t.low for t in sentence.tokens[k:run_end] if t.kind == "word" and t.low not in ("and", "is", "are")
            ]
            formulas = items(sentence, (k, run_end))
            if words in (["constant"], ["fixed"], ["held", "fixed"]):
                conditions += [call("Constant", e) for t in formulas for e in reader.maths.expressions(t, sentence)]
            elif not words and formulas:
                conditions += [p for t in formulas for p in reader.maths.propositions(t, sentence)]
            else:
                raise sentence.error("this regime is not understood", k, ("$m$ constant", "$n = m$"))
            k = run_end + 1
        rows.append((name, tuple(conditions)))
        i = closes + 1
        while i < stop and (sentence.tokens[i].text == "," or sentence.tokens[i].low == "and"):
            i += 1
    return rows


_THE = "[the] [value of]"
_CALLED = {  # what stands before a formula as its name -> what the formula has to be
    "gradient": ("Grad", "Deriv", "Jac"), "derivative": ("Deriv", "Grad"), "Hessian": ("Hess",), "expectation": ("Expect", "ExpectOver"),
    "variance": ("Var",), "covariance": ("Cov",), "probability": ("Prob", "ProbOver"),
}  # fmt: skip
_MEAN = "(expected value|expectation|mean|average)"
_ABOUT = "(with respect to|in) {v}"
IN_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (  # quantities in words -> how they are written
    (f"[the] {_MEAN} and [the] variance of {{x}}", (r"\mathbb{E}[<x>]", r"\mathrm{Var}(<x>)")),
    (f"[the] {_MEAN} of {{x:list}}", (r"\mathbb{E}[<x>]",)),
    ("[the] variance of {x:list}", (r"\mathrm{Var}(<x>)",)),
    ("[the] covariance of {x} and {y}", (r"\mathrm{Cov}(<x>, <y>)",)),
    ("[the] probability that {x}", (r"\Pr[<x>]",)),
    (f"[the] (gradient|derivative) of {{x:list}} {_ABOUT}", (r"\nabla_{<v>} (<x>)",)),
    (f"[the] Hessian of {{x:list}} {_ABOUT}", (r"\nabla_{<v>}^2 (<x>)",)),
)
TASK_FORMS: dict[str, tuple[Form, ...]] = {
    "Find": (
        Form("the distribution of {x:list}", _find, "distribution"),
        Form("the number of forward operations", _count("ForwardOperations"), "find"),
        Form("the number of memory loads", _count("MemoryLoads"), "find"),
        Form("the time of the backward pass", _count("BackwardTime"), "time"),
        Form("the total time", _count("TotalTime"), "time"),
        Form("the disk load time {t} at which loading every activation from disk takes as long", _disk, "time"),
        Form("the interval [{x}] that minimises the total time", _interval, "minimises"),
        Form("[the] {x} that minimises the total time", _interval, "minimises"),
        Form("{x:list} as an (expectation|average) (over|under|with respect to) {over}", _expectation, "find"),
        Form("{x:list} (over|under) {over}", _expectation, "find"),
        Form(f"{_THE} {{x:list}} (such that|for which) {{claim:run}}", _such_that, "constant"),
        Form(f"{_THE} {{x:list}} [(that|which)] minimises {{e}}", _minimise, "minimises"),
        Form(f"{_THE} {{x:list}} [(that|which)] maximises {{e}}", _minimise, "maximises"),
        Form("[the] minimiser of {e} over {x:list}", _minimise, "minimises"),
        Form("an upper bound (on|for) {x} in terms of {terms:list}", _bound, "above"),
        Form("a lower bound (on|for) {x} in terms of {terms:list}", _bound, "below"),
        *(Form(f"{words} in terms of {{terms:list}}", _in_words(*how), "find") for words, how in IN_WORDS),
        *(Form(words, _in_words(*how), "find") for words, how in IN_WORDS),
        *(Form(f"the {word} {{x:list}}", _called(*of), "find") for word, of in _CALLED.items()),
        Form(f"{_THE} {{x:list}} in terms of {{terms:list}}", _find, "find"),
        Form(f"{_THE} {{x:list}}", _find, "find"),
    ),
    "Minimise": (Form("{e} over {x:list}", _minimise, "minimises"),),
    "Maximise": (Form("{e} over {x:list}", _minimise, "maximises"),),
    "Show that": (Form("{claim:run}", _show, "show"),),
    "Is it true that": (Form("{claim:run}", _show, "truth"),),
    "Does": (Form("{claim:run} hold", _show, "truth"),),
    "Is": (
        Form("the entries of {x:list} independent", _alike("IndependentEntries"), "truth"),
        Form("{x:list} [a] (Gaussian|normal|normally distributed) [random (variable|variables|vector|vectors)]", _normal, "truth"),
        Form("{x:list} independent", _alike("Independent"), "truth"),
        Form("{x:list} uncorrelated", _alike("Uncorrelated"), "truth"),
        Form("{x} independent of {y:list}", _alike("Independent"), "truth"),
        Form("{a} equal to {b}", _equal, "truth"),
        Form("{claim:run} true", _show, "truth"),
        Form("{claim:run}", _show, "truth"),
    ),
    "How does": (
        *(Form(f"{words} scale with {{sizes:list}}", _count(head), "scale") for words, head in QUANTITIES.items()),
        Form("{x} scale with {sizes:list}", _scale, "scale"),
        Form("{x} scale", _scale, "scale"),
        Form("{x} (grow|scale|behave|change) as {sizes:list} (grow|grows|increase|increases)", _scale, "scale"),
    ),
    "How must": (
        Form("{x} scale with {sizes:list} (such that|for|to have|if) {claim:run}", _must, "must_scale"),
        Form("{x} scale (such that|for|to have|if) {claim:run}", _must, "must_scale"),
    ),
    "Tabulate": (Form("{tasks:run} for {rows:run}", _table, "table"),),
    "Bound": (
        Form("{x} from above in terms of {terms:list}", _bound, "above"),
        Form("{x} from below in terms of {terms:list}", _bound, "below"),
        Form("{x} in terms of {terms:list}", _bound, "above"),
        Form("{x} from above", _bound, "above"),
        Form("{x} from below", _bound, "below"),
    ),
}
