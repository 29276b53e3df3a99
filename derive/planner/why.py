"""Why a step applies here: the rule's own reason, with what its names stand for at this place.

What makes the conditions hold is said with the conditions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from derive.facts.facts import Facts
from derive.kernel.step import Step
from derive.language import names
from derive.rulebook.model import Rule
from derive.terms import Term, is_num, size

COMPUTATIONS = {
    "algebra": "Both sides are the same expression by the rules of arithmetic: expanding, collecting, cancelling.",
    "numbers": "Only numbers are calculated.",
    "given": "The text of the problem states this value.",
    "leading terms": "Every dimension is at least $1$, so each term left out is of lower order than one that is kept.",
}
MAX_SHOWN = 40  # nodes of a term that still helps inside a sentence


def explained(step: Step, rules: Mapping[str, Rule], facts: Facts) -> Step:
    """The step with its ``why``, and so every step inside it and inside its conditions."""
    rule = rules.get(step.rule)
    if rule is not None:
        why = f"{rule.why.strip()} {_names(rule, step, facts)}".strip()
    elif step.rule.startswith("definition of"):
        why = f"This is what {step.rule.removeprefix('definition of ')} stands for."
    elif step.rule.startswith("earlier task"):
        why = "What an earlier task has found is used again."
    else:
        why = step.why or COMPUTATIONS.get(step.rule, "")
    conditions = tuple(replace(c, steps=tuple(explained(s, rules, facts) for s in c.steps)) if c.steps else c for c in step.conditions)
    return step.shown(why=why, steps=tuple(explained(s, rules, facts) for s in step.steps), conditions=conditions)


def what_is_known(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps, with what an average given something knows said in the reason of the first that uses it."""
    said: set[str] = set()
    out = []
    for s in steps:
        new = [c.text for c in s.conditions if s.given and c.text.startswith("given ") and c.text not in said]
        said.update(new)
        out.append(s.shown(why=" ".join([s.why, *(f"{t[0].upper()}{t[1:]}." for t in new)])) if new else s)
    return tuple(out)


def _names(rule: Rule, step: Step, facts: Facts) -> str:
    """``Here $a$ is $1/d_2$``: the names that the rule's reason speaks of, or else those that its sides have."""
    bindings = step.bindings or (step.steps[0].bindings if step.steps else {})
    spoken = {w for m in re.findall(r"\$([^$]*)\$", rule.why) for w in re.findall(r"[A-Za-z]+", m)}
    said: list[str] = []
    clash = False  # a name that the document has too, for something else
    for name, n in rule.names.items():
        b = bindings.get(name)
        if b is None or (spoken and name not in spoken) or n.role in ("dimension", "shape", "index"):
            continue
        if n.role in ("integer", "function", "law") and name not in spoken:
            continue
        if n.role == "law" and b.head == "Apply":
            b = b.args[0]
        shown = _member(name, b, facts) if n.role != "function" else _function(name, b, facts)
        if shown is not None and f"${facts.tex(n.term)[1:-1]}$" != shown.split(" is ")[1]:
            said.append(shown)
            clash = clash or name in facts.symbols
    if not said or len(said) > 3:
        return ""
    more = " at the first place" if not step.bindings and step.steps else ""
    if clash:
        said = [f"the rule's {said[0]}", *(f"its {s}" for s in said[1:])]
    return f"Here{more} " + (said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]) + "."


def _function(name: str, b: Term, facts: Facts) -> str | None:
    args = []
    while b.head == "Lambda":
        args.append(facts.tex(b.var)[1:-1])
        b = b.body
    if size(b) > MAX_SHOWN:
        return None
    return f"${names.latex(name)}({', '.join(args)})$ is {facts.tex(b)}" if args else f"${names.latex(name)}$ is {facts.tex(b)}"


def _member(name: str, b: Term, facts: Facts) -> str | None:
    if b.head == "IndexRange" and len(b.args) == 2 and is_num(b.args[0], 1):  # the size of a range from 1 on
        b = b.args[1]
    if b.head == "Lambda" and b.body.head != "Lambda" and size(b.body) <= MAX_SHOWN:
        return f"${names.latex(name)}_{{{facts.tex(b.var)[1:-1]}}}$ is {facts.tex(b.body)}"
    if b.head in ("Lambda", "List", "IndexRange") or size(b) > MAX_SHOWN:
        return None
    return f"${names.latex(name)}$ is {facts.tex(b)}"
