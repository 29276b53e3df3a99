"""A page as a document of the project's own language: the problem, then its Working, ready to be checked again.

Lines of mathematics stand in displays, each with its rule and its number; everything that is only for people
(answers, reasons, conditions) stands in block quotes, which reading skips.
"""

from __future__ import annotations

import re

from derive.rendering.page import (
    Chain,
    ConditionView,
    EvidenceView,
    ExplanationPage,
    Page,
    PictureView,
    RuleView,
    StepView,
    TableView,
    TaskView,
)  # fmt: skip
from derive.rendering.prose import Piece, Prose


def markdown(page: Page, flavour: str = "") -> str:
    return Markdown(flavour).page(page)


def explanation_markdown(page: ExplanationPage, flavour: str = "") -> str:
    return Markdown(flavour).explanation(page)


def rule_markdown(rule: RuleView, flavour: str = "") -> str:
    m = Markdown(flavour)
    m.rule(rule, "")
    return m.done()


class Markdown:
    def __init__(self, flavour: str = "") -> None:
        self.github = flavour == "github"
        self.lines: list[str] = []
        self.line_of: dict[str, int] = {}  # a line of the document -> the line where it stands here

    def put(self, *lines: str) -> None:
        for line in lines:
            self.lines += line.split("\n")

    def gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def done(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines).strip("\n") + "\n"

    # Pieces
    def math(self, latex: str) -> str:
        return f"$`{latex}`$" if self.github else f"${latex}$"

    def display(self, latex: str, prefix: str = "") -> list[str]:
        fence = ("```math", "```") if self.github else ("$$", "$$")
        if not self.github and latex.startswith("\\begin"):
            return [prefix + line for line in f"$${latex}$$".split("\n")]
        return [prefix + line for line in (fence[0], *latex.split("\n"), fence[1])]

    def words(self, pieces: Prose) -> str:
        """Sentences on one line."""
        return "".join(self.piece(p) for p in pieces)

    def piece(self, p: Piece) -> str:
        if p.kind in ("math", "display"):
            return self.math(p.text)
        if p.kind in ("strong", "em"):
            stars = "**" if p.kind == "strong" else "*"
            return f"{stars}{p.text}{stars}"
        if p.kind in ("code", "rule"):
            return f"`{p.text}`"
        if p.kind == "line":
            number = self.line_of.get(p.target)
            return p.text.replace(p.target, str(number)) if number else p.text
        return p.text or " "

    def prose(self, pieces: Prose, prefix: str = "", first: str = "") -> None:
        """Sentences with displays and paragraphs of their own, each line after ``prefix``."""
        line = first
        for p in pieces:
            if p.kind in ("display", "break", "item"):
                if line.strip(" ."):
                    self.put(prefix + line.strip())
                line = "- " if p.kind == "item" else ""
                if p.kind == "display":
                    self.lines += ([prefix.rstrip()] if self.lines[-1].strip(" >") else []) + self.display(
                        p.text, prefix
                    )
                elif self.lines[-1].strip(" >"):
                    self.put(prefix.rstrip())
            else:
                line += self.piece(p)
        if line.strip(" .-"):
            self.put(prefix + line.strip())

    # Pages
    def page(self, page: Page) -> str:
        self.problem(page)
        self.gap()
        self.put("**Working.**")
        for task in page.tasks:
            self.gap()
            self.task(task)
        if page.rules:
            self.gap()
            self.put("## Rules used")
            for rule in page.rules:
                self.gap()
                self.rule(rule, "> ")
        return self.done()

    def problem(self, page: Page) -> None:
        """The problem as it was written, so that its lines keep their numbers; a LaTeX one sentence by sentence."""
        if page.source.strip() and not is_latex(page):
            source = page.source.replace("\r\n", "\n").lstrip("\ufeff")
            if self.github:
                starts = [0, *(m.end() for m in re.finditer("\n", source))]
                self.line_of = {str(n): flavoured(source[:at]).count("\n") + 1 for n, at in enumerate(starts, 1)}
                source = flavoured(source)
            self.put(source.rstrip("\n"))
            return
        self.put(f"# {page.title}" if page.title else "# Problem", "")
        for given in page.given:
            self.line_of[str(given.number)] = len(self.lines) + 1
            self.prose(given.text)
        self.gap()
        for n, question in enumerate(page.questions, 1):
            self.line_of[str(question.number)] = len(self.lines) + 1
            self.put(f"{n}. {self.words(question.text)}")

    def task(self, task: TaskView, pictures: bool = True) -> None:
        self.put(f"## {task.id}. {self.words(task.statement)}")
        self.gap()
        self.answer(task)
        for chain in task.chains:
            self.gap()
            self.chain(chain)
        for picture in task.pictures if pictures else ():
            self.gap()
            self.picture(picture)
        for other in task.alternatives:
            self.gap()
            self.put(f"### Another method: {other.method}" if other.method else "### Another method")
            self.gap()
            self.answer(other, method=False)
            for chain in other.chains:
                self.gap()
                self.chain(chain)

    def picture(self, picture: PictureView) -> None:
        """In a quote, which reading skips."""
        alt = re.sub(r"([\\\[\]])", r"\\\1", picture.alt)
        self.put(f"> ![{alt}]({picture.file})", ">")
        self.prose(picture.caption, "> ")

    def answer(self, task: TaskView, method: bool = True) -> None:
        said = f"**{task.verdict}: {self.math(task.answer)}**" if task.answer else f"**{task.verdict}.**"
        notes = " ".join(map(self.words, (*task.notes, *((task.reason,) if task.reason else ()))))
        self.put(f"> {said}" + (f"  {notes}" if notes else ""))
        if task.table:
            self.put(">")
            self.table(task.table)
        more = [f"Missing: {stop(self.words(task.missing))}"] if task.missing else []
        more += [f"Assumed: {stop(self.words(a))}" for a in task.assumed]
        more += [self.evidence(task.evidence)] if task.evidence else []
        more += [f"*Method: {task.method}.*"] if task.method and method and task.chains else []
        for line in more:
            self.put(">", f"> {line}")

    def evidence(self, e: EvidenceView) -> str:
        where = ", ".join(map(self.math, e.where))
        quantity = self.words(e.quantity).rstrip(".:")
        on = "on" if quantity else "On"
        values = (
            f"{on} the left {self.math(e.left)}, on the right {self.math(e.right)}"
            if e.right
            else e.left and self.math(e.left)
        )
        parts = [f"Take {where}." if where else "", f"{quantity[:1].upper()}{quantity[1:]}: {values}." if quantity else
                 f"{values}." if values else "", self.words(e.note)]  # fmt: skip
        return " ".join(filter(None, parts))

    def table(self, table: TableView) -> None:
        rows = [[self.words(c) for c in row] for row in (table.heading, *table.rows)]
        for n, row in enumerate(rows):
            self.put("> | " + " | ".join(c.replace("|", r"\vert ") for c in row) + " |")
            if n == 0:
                self.put("> |" + " --- |" * len(row))

    def chain(self, chain: Chain, prefix: str = "") -> None:
        self.lines += self.display(aligned(chain), prefix)
        reasons = [s for s in chain.steps if s.told]
        if not reasons:
            return
        inner = prefix or "> "
        if not prefix:
            self.gap()
        for n, step in enumerate(reasons):
            if n or prefix:
                self.put(inner.rstrip())
            self.reasons(step, inner)

    def reasons(self, step: StepView, prefix: str) -> None:
        way = ", right to left" if step.backwards else ""
        name = f"{self.words(step.title)}{way}"
        self.prose(step.why, prefix, f"**({step.id})** *{name}.* ")
        for condition in step.conditions:
            self.condition(condition, prefix)
        if step.checked:
            self.put(
                f"{prefix}<sub>{step.checked}</sub>" if not step.conditions else f"{prefix}- <sub>{step.checked}</sub>"
            )
        for chain in step.chains:
            self.put(prefix.rstrip())
            self.chain(chain, prefix + "> ")

    def condition(self, c: ConditionView, prefix: str) -> None:
        detail = ", ".join(filter(None, ("**assumed**" if c.assumed else "", self.words(c.because).rstrip("."))))
        text = self.words(c.text).rstrip(".")
        self.put(f"{prefix}- {text}: {detail}." if detail else f"{prefix}- {text}.")
        for chain in c.chains:
            self.put(prefix.rstrip())
            self.chain(chain, prefix + "  > ")

    def rule(self, rule: RuleView, prefix: str) -> None:
        where = f", {rule.chapter}" if rule.chapter else ""
        blank = prefix.rstrip()
        if prefix:
            self.put(f"{prefix}**{rule.name}** ({rule.kind}{where})")
        else:
            self.put(f"# {rule.name}", "", f"*{rule.kind[:1].upper()}{rule.kind[1:]}{where}.*")
        self.put(blank)
        self.prose(rule.statement, prefix)
        for label, text in (("Why", rule.why), *((("Proof", rule.proof),) if not prefix else ())):
            if text:
                self.put(blank)
                self.prose(text, prefix, f"**{label}.** ")
        if prefix:
            return
        for label, items in (("Fails without", rule.fails), ("Example.", rule.examples), ("Source.", (rule.source,))):
            for item in filter(None, items):
                self.put(blank)
                self.prose(item, prefix, f"**{label}** ")

    def explanation(self, page: ExplanationPage) -> str:
        self.put(f"# {self.words(page.title)}", "")
        self.lines += self.display(aligned(page.chain))
        self.gap()
        self.reasons(page.step, "")
        if page.rule:
            self.put("", "## The rule", "")
            self.rule(page.rule, "> ")
        self.prose(page.computation)
        if page.statement:
            self.put("", "With the symbols of this step:", "")
            self.lines += self.display(page.statement)
        if page.bindings:
            self.put("", "| in the rule | here |", "| --- | --- |")
            for name, value in page.bindings:
                self.put(f"| {self.math(name)} | {self.math(value).replace('|', chr(92) + 'vert ')} |")
        for item in page.without:
            self.gap()
            self.prose(item, "", "**Fails without** ")
        if page.example:
            self.gap()
            self.prose(page.example, "", "**In numbers.** ")
        if page.proof:
            self.put("", "## The rule's own proof, with this step's symbols")
            for chain in page.proof:
                self.gap()
                self.chain(chain)
        if page.given:
            self.put("", "## The problem's lines", "")
            for line in page.given:
                self.put(f"- **line {line.number}**: {self.words(line.text)}")
        if page.rules:
            self.put("", "## Rules used")
            for rule in page.rules:
                self.gap()
                self.rule(rule, "> ")
        return self.done()


def aligned(chain: Chain) -> str:
    """The lines of a chain under one another, each with its rule and its number."""
    rows = []
    for n, step in enumerate(chain.steps):
        if chain.statements:
            left = f"& {chain.first} \\\\\n" if n == 0 else ""
            rows.append(rf"{left}{step.relation}\quad & {step.line} && {by(step)} && ({step.id})")
        else:
            left = f"{chain.first} " if n == 0 else "  "
            rows.append(f"{left}&{step.relation} {step.line} && {by(step)} && ({step.id})")
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def by(step: StepView) -> str:
    r"""``\text{by expectation.of\_product}``, ``\text{by definition of $y$}``."""
    if "." in step.name:
        return rf"\text{{by {step.name.replace('_', chr(92) + '_')}}}"
    return rf"\text{{by {''.join(f'${p.text}$' if p.kind == 'math' else p.text for p in step.title)}}}"


def stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def is_latex(page: Page) -> bool:
    return page.file.endswith(".tex") or "\\begin{document}" in page.source or "\\documentclass" in page.source


_DISPLAY = re.compile(r"^\$\$\s*(.+?)\s*\$\$([.,]?)[ \t]*$", re.S | re.M)
_INLINE = re.compile(r"(?<![`$\\])\$(?![`$])((?:\\.|[^$\\\n])+?)\$(?!\$)")


def flavoured(source: str) -> str:
    """A document's dollar mathematics as GitHub writes it."""
    source = _DISPLAY.sub(lambda m: f"```math\n{m[1]}{m[2]}\n```", source)
    return _INLINE.sub(lambda m: f"$`{m[1]}`$", source)
