"""Whether rules hold: each proof by the kernel; claim, failures and examples by the referee."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from derive.checking.proofs import check_proof
from derive.referee import rules as referee
from derive.rulebook.model import Rule

Part = tuple[str, str]  # status, and what is to be said of it
SOUND = frozenset({"proved", "axiom", "definition", "cited"})


@dataclass(frozen=True)
class RuleReport:
    """What was found of one rule; a part that it does not have has an empty status.

    ``ok`` : its proof is checked (or it is an axiom, a definition or cited), and nothing speaks against it.
    """

    name: str
    proof: Part
    referee: Part
    fails: Part
    example: Part

    @property
    def ok(self) -> bool:
        return self.proof[0] in SOUND and "failed" not in (self.referee[0], self.fails[0], self.example[0])


def check(rulebook: Mapping[str, Rule], file: str | None = None) -> Iterator[RuleReport]:
    """Reports on all rules, or on those of one chapter; a chapter that is not in the rulebook is read.

    Raises
    ------
    ReadError
        Where a chapter cannot be read.
    """
    book = dict(rulebook)
    wanted = list(book.values())
    if file is not None:
        wanted = [r for r in wanted if same_file(r.file, file)]
        if not wanted:
            wanted = read(file)
            book.update((r.name, r) for r in wanted)
    for r in wanted:
        yield report(r, book)


def report(rule: Rule, book: Mapping[str, Rule]) -> RuleReport:
    return RuleReport(rule.name, check_proof(rule, book), judged(rule), failures(rule), examples(rule))


def same_file(known: str, asked: str) -> bool:
    a, b = Path(known), Path(asked)
    return a == b or (b.parent == Path() and a.name == b.name) or (a.exists() and b.exists() and a.samefile(b))


def read(file: str) -> list[Rule]:
    from derive.language.chapters import read_chapter
    from derive.language.model import ReadError

    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        error = ReadError(f"this chapter cannot be opened: {getattr(e, 'strerror', None) or 'it is not UTF-8'}", 1)
        error.file = file
        raise error from None
    return list(read_chapter(text, file)[1])


def judged(rule: Rule) -> Part:
    v = referee.judge_rule(rule)
    if v.agrees:
        return "agrees", f"{v.cases} cases"
    if v.agrees is None:
        return "not evaluated", v.because
    where = ", ".join(f"{k} = {x}" for k, x in v.instance.items())
    sides = f": {v.left}, not {v.right}" if v.left is not None else ""
    return "failed", f"at {where}{sides}"


def failures(rule: Rule) -> Part:
    found = [(f"without {f.without}", referee.check_failure(rule, f)) for f in rule.fails]
    return summed(found, "break")


def examples(rule: Rule) -> Part:
    return summed([("the example", referee.check_example(rule, e)) for e in rule.examples], "come out")


def summed(found: list[tuple[str, tuple[bool | None, str]]], word: str) -> Part:
    """One status for several instances: what speaks against the rule first."""
    if not found:
        return "", ""
    bad = [f"{name}: {why}" for name, (ok, why) in found if ok is False]
    if bad:
        return "failed", "; ".join(bad)
    cited = [name for name, (ok, why) in found if ok is None and why == "cited"]
    open_ = [f"{name}: not evaluated, {why}" for name, (ok, why) in found if ok is None and why != "cited"]
    if len(cited) == len(found):
        return "cited", ""
    good = len(found) - len(cited) - len(open_)
    return (f"{good} of {len(found)} {word}" if good else "not evaluated"), "; ".join(open_)


__all__ = ["RuleReport", "check"]
