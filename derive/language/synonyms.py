"""Words that are read alike. The first form of each is the one that `derive` writes."""

from __future__ import annotations

# What opens a sentence -> what it is read as. The longest opener that fits is taken.
OPENERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Let", ("let", "consider", "given", "suppose", "fix")),
    ("Assume", ("assume that", "assume", "suppose that", "given that", "assuming that", "assuming")),
    ("Define", ("define", "set", "write", "denote")),
    ("Find", ("find", "compute", "calculate", "determine", "evaluate", "derive", "what is", "what are", "give", "simplify",
              "express", "state", "choose", "pick", "work out", "which")),
    ("Minimise", ("minimise", "minimize")),
    ("Maximise", ("maximise", "maximize")),
    ("Show that", ("explain why", "argue that", "justify that", "check that", "show that", "prove that", "verify that", "deduce that", "show", "prove", "verify", "deduce")),
    ("Is it true that", ("is it true that", "is it the case that", "decide whether", "is it correct that")),
    ("Is", ("is", "are")),
    ("Does", ("does", "do")),
    ("How does", ("how does", "how do")),
    ("How must", ("how must", "how should")),
    ("Tabulate", ("tabulate",)),
    ("Bound", ("bound",)),
    ("Hence", ("hence", "therefore", "thus", "so", "it follows that", "consequently", "then")),
    ("Since", ("since", "because", "as")),
    ("The number of", ("the number of",)),
    ("The time of", ("the time of",)),
    ("If", ("if",)),
    ("For", ("for",)),
    ("Take", ("take",)),
    ("We have", ("we have", "we get", "we obtain", "it holds that", "note that")),
    ("By", ("by", "from", "using")),
)

OPENING_WORDS = frozenset(words.split()[0] for _, forms in OPENERS for words in forms)

# Phrases inside a sentence -> the words that they are read as.
PHRASES: tuple[tuple[str, str], ...] = (
    ("independent and identically distributed", "i.i.d."),
    ("independent, identically distributed", "i.i.d."),
    ("iid", "i.i.d."),
    ("non-zero", "nonzero"),
    ("non zero", "nonzero"),
    ("no zero entries", "nonzero entries"),
    ("jointly independent", "independent"),
    ("mutually independent", "independent"),
    ("pairwise-independent", "pairwise independent"),
    ("independently of", "independent of"),
    ("real random", "random"),
    ("real-valued", "real"),
    ("deterministic", "fixed"),
    ("drawn i.i.d. from", "i.i.d. from"),
    ("drawn from", "from"),
    ("sampled from", "from"),
    ("whose entries are i.i.d.", "have i.i.d. entries"),
    ("whose entries are independent", "have independent entries"),
    ("has i.i.d.", "have i.i.d."),
    ("has independent", "have independent"),
    ("components", "entries"),
    ("elements", "entries"),
    ("coordinates", "entries"),
    ("for all", "for every"),
    ("for each", "for every"),
    ("for any", "for every"),
    ("expected value", "mean"),
    ("minimizes", "minimises"),
    ("minimizing", "minimises"),
    ("minimising", "minimises"),
    ("maximizes", "maximises"),
    ("maximizing", "maximises"),
    ("maximising", "maximises"),
    ("depend on", "scale with"),
    ("grow with", "scale with"),
    ("so that", "such that"),
    ("has distribution", "has the distribution"),
    ("has law", "has the distribution"),
    ("has the law", "has the distribution"),
    ("is distributed as", "has the distribution"),
    ("the law of", "the distribution of"),
    ("interchanged", "exchanged"),
    ("swapped", "exchanged"),
    ("can be exchanged", "may be exchanged"),
    ("can be interchanged", "may be exchanged"),
    ("can be swapped", "may be exchanged"),
    ("integration and differentiation", "differentiation and integration"),
    ("continuously differentiable", "differentiable"),
)

ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
}  # fmt: skip

# Laws in words: what follows the name -> its form, with the parameters in the order of the words.
LAWS_IN_WORDS: tuple[tuple[str, str], ...] = (
    ("(normal|Gaussian) [random (variable|variables)] with mean {a} and variance {b}", r"\mathcal{N}(<a>, <b>)"),
    ("exponential [random (variable|variables)] with rate {a}", r"\mathrm{Exponential}(<a>)"),
    ("Poisson [random (variable|variables)] with (mean|rate|parameter) {a}", r"\mathrm{Poisson}(<a>)"),
    ("Bernoulli [random (variable|variables)] with (parameter|probability) {a}", r"\mathrm{Bernoulli}(<a>)"),
    ("geometric [random (variable|variables)] with (parameter|probability) {a}", r"\mathrm{Geometric}(<a>)"),
    ("uniform (on|over|in) {a}", r"\mathrm{Uniform}(<a>)"),
    ("uniformly distributed (on|over|in) {a}", r"\mathrm{Uniform}(<a>)"),
)

# Sentences about entries whose law has a name of its own.
NAMED_ENTRIES: tuple[tuple[str, str], ...] = (
    ("standard normal", r"\mathcal{N}(0, 1)"),
    ("standard gaussian", r"\mathcal{N}(0, 1)"),
    ("unit gaussian", r"\mathcal{N}(0, 1)"),
    ("unit normal", r"\mathcal{N}(0, 1)"),
    ("rademacher", r"\mathrm{Rademacher}"),
)
