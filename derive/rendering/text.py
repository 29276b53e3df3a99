"""A page for the terminal: Unicode mathematics, wrapped to the width, no LaTeX."""

from __future__ import annotations

from collections.abc import Iterable

from derive.language.unicode import rows, unicode, width
from derive.rendering.page import (
    Chain,
    ConditionView,
    EvidenceView,
    ExplanationPage,
    Line,
    Page,
    RuleView,
    StepView,
    TableView,
    TaskView,
)  # fmt: skip
from derive.rendering.prose import Prose

BOLD, DIM, RESET = "\033[1m", "\033[2m", "\033[0m"


def text(page: Page, columns: int = 80, color: bool = False) -> str:
    return Terminal(columns, color).page(page)


def explanation_text(page: ExplanationPage, columns: int = 80, color: bool = False) -> str:
    return Terminal(columns, color).explanation(page)


def rule_text(rule: RuleView, columns: int = 80, color: bool = False) -> str:
    t = Terminal(columns, color)
    t.rule(rule)
    return t.done()


class Terminal:
    def __init__(self, columns: int = 80, color: bool = False) -> None:
        self.columns = max(40, min(columns, 110))
        self.color = color
        self.lines: list[str] = []

    def style(self, code: str, line: str) -> str:
        return f"{code}{line}{RESET}" if self.color and line else line

    def put(self, line: str, indent: int = 0, hanging: int | None = None, code: str = "") -> None:
        """A paragraph, wrapped at spaces."""
        for part in wrap(line, self.columns - indent, (hanging if hanging is not None else 0)):
            self.lines.append(self.style(code, " " * indent + part))

    def gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def done(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines).strip("\n") + "\n"

    def prose(self, pieces: Prose, indent: int = 0, hanging: int = 0, first: str = "", code: str = "") -> None:
        """Sentences; displayed mathematics and new paragraphs on lines of their own."""
        line = first
        for p in pieces:
            if p.kind == "display":
                self._flush(line, indent, hanging, code)
                self.display(p.text, indent + hanging + 2)
                line = ""
            elif p.kind in ("break", "item"):
                self._flush(line, indent, hanging, code)
                line = ""
            else:
                line += piece(p.kind, p.text)
        self._flush(line, indent, hanging, code)

    def _flush(self, line: str, indent: int, hanging: int, code: str) -> None:
        if line.strip(" ."):
            self.put(line, indent, hanging, code)

    def display(self, latex: str, indent: int) -> None:
        table = rows(latex)
        sides = [width(r[0]) for r in table if len(r) > 1]
        left = max(sides) if sides and max(sides) < self.columns // 3 else 0
        for row in table:
            cells = [c for c in row[1:] if c]
            formula = row[0].rjust(left) + (" " + cells[0] if cells else "") if len(row) > 1 else row[0]
            reason = "  ".join(cells[1:])
            self.beside(formula, reason, indent)

    def beside(self, formula: str, reason: str, indent: int, code: str = "") -> None:
        """A formula with its reason at the right, or under it where the line is too long."""
        room = self.columns - indent - width(reason) - 2
        if reason and width(formula) <= room:
            space = " " * (self.columns - indent - width(formula) - width(reason))
            self.lines.append(" " * indent + formula + space + self.style(DIM, reason))
            return
        self.put(formula, indent, 4, code)
        if reason:
            space = " " * max(indent + 4, self.columns - width(reason))
            self.lines.append(space + self.style(DIM, reason))

    # Pages
    def page(self, page: Page) -> str:
        self.title(page.title)
        self.given(page.given)
        for task in page.tasks:
            self.gap()
            self.task(task)
        if page.rules:
            self.gap()
            self.put("Rules used", code=BOLD)
            for rule in page.rules:
                self.gap()
                self.rule(rule, 2, brief=True)
        return self.done()

    def given(self, given: tuple[Line, ...]) -> None:
        numbers = max((len(str(g.number)) for g in given), default=1)
        for line in given:
            self.prose(line.text, 2, numbers + 2, f"{line.number:>{numbers}}  ")

    def title(self, title: str) -> None:
        if title:
            from derive.rendering.prose import plain

            name = plain(title)
            self.put(name, code=BOLD)
            self.lines += ["=" * min(width(name), self.columns), ""]

    def task(self, task: TaskView) -> None:
        number = f"{task.id}. "
        self.prose(task.statement, 0, len(number), number, BOLD)
        self.gap()
        self.answer(task, len(number))
        for chain in task.chains:
            self.gap()
            self.chain(chain, len(number))
        for other in task.alternatives:
            self.gap()
            self.put(f"Another method: {other.method}" if other.method else "Another method", len(number), code=BOLD)
            self.answer(other, len(number), method=False)
            for chain in other.chains:
                self.gap()
                self.chain(chain, len(number))

    def answer(self, task: TaskView, indent: int, method: bool = True) -> None:
        answer = f": {unicode(task.answer)}" if task.answer else ":" if task.table else "."
        self.put(task.verdict + answer, indent, 4, BOLD)
        if task.table:
            self.table(task.table, indent + 2)
        for note in (*task.notes, task.reason):
            self.prose(note, indent)
        if task.missing:
            self.prose(task.missing, indent, 2, "Missing: ")
        for assumed in task.assumed:
            self.prose(assumed, indent, 2, "Assumed: ")
        if task.evidence:
            self.evidence(task.evidence, indent)
        if task.method and method and task.chains:
            self.put(f"Method: {task.method}.", indent, code=DIM)

    def evidence(self, e: EvidenceView, indent: int) -> None:
        where = ", ".join(map(unicode, e.where))
        self.put(f"Take {where}." if where else "Evidence:", indent, 4)
        self.put(sides(e), indent + 2, 2)
        self.prose(e.note, indent + 2)

    def table(self, table: TableView, indent: int) -> None:
        cells = [[words(c) for c in row] for row in (table.heading, *table.rows)]
        sizes = [max(width(row[i]) for row in cells if i < len(row)) for i in range(len(cells[0]))]
        for n, row in enumerate(cells):
            self.lines.append(
                " " * indent + "  ".join(c + " " * (s - width(c)) for c, s in zip(row, sizes, strict=False))
            )
            if n == 0:
                self.lines.append(" " * indent + "  ".join("─" * s for s in sizes))

    def chain(self, chain: Chain, indent: int) -> None:
        self.put(unicode(chain.first), indent + 2, 4)
        for step in chain.steps:
            self.step(step, indent + 2)

    def step(self, step: StepView, indent: int) -> None:
        self.beside(f"{unicode(step.relation)} {unicode(step.line)}", f"{reason(step)}  ({step.id})", indent)
        inner = indent + 4
        self.prose(step.why, inner)
        for condition in step.conditions:
            self.condition(condition, inner)
        if step.checked:
            self.put(step.checked, inner, 2, DIM)
        for chain in step.chains:
            self.chain(chain, inner)

    def condition(self, c: ConditionView, indent: int) -> None:
        line = f"{'!' if c.assumed else '·'} {words(c.text).rstrip('.')}"
        because = words(c.because).rstrip(".")
        said = "assumed" if c.assumed else ""
        detail = ", ".join(filter(None, (said, because)))
        self.put(f"{line}: {detail}." if detail else f"{line}.", indent, 2)
        for chain in c.chains:
            self.chain(chain, indent + 2)

    def rule(self, rule: RuleView, indent: int = 0, brief: bool = False) -> None:
        where = f", {rule.chapter}" if rule.chapter else ""
        self.put(f"{rule.name}  ({rule.kind}{where})", indent, code=BOLD)
        self.prose(rule.statement, indent + 2)
        if rule.why:
            self.prose(rule.why, indent + 2, first="Why: ")
        if brief:
            return
        if rule.proof:
            self.gap()
            self.prose(rule.proof, indent + 2, first="Proof. ")
        for without in rule.fails:
            self.prose(without, indent + 2, 2, "Fails without ")
        for example in rule.examples:
            self.prose(example, indent + 2, 2, "Example: ")
        if rule.source:
            self.prose(rule.source, indent + 2, 2, "Source: ")

    def explanation(self, page: ExplanationPage) -> str:
        self.prose(page.title, code=BOLD)
        self.gap()
        self.put(unicode(page.before), 2, 4)
        self.step(page.step, 2)
        self.gap()
        if page.rule:
            self.rule(page.rule, brief=True)
        self.prose(page.computation)
        if page.statement:
            self.gap()
            self.put("Here:", 0)
            self.put(unicode(page.statement), 2, 4)
        if page.bindings:
            self.gap()
            size = max(width(unicode(name)) for name, _ in page.bindings)
            for name, value in page.bindings:
                sign = unicode(name)
                self.put(f"{sign + ' ' * (size - width(sign))}  is  {unicode(value)}", 2, size + 6)
        self._list("Fails without ", page.without)
        if page.example:
            self.gap()
            self.prose(page.example, first="In numbers: ")
        if page.proof:
            self.gap()
            self.put("The rule's own proof, with this step's symbols:", code=BOLD)
            for chain in page.proof:
                self.chain(chain, 0)
        if page.given:
            self.gap()
            self.put("The problem's lines:", code=BOLD)
            self.given(page.given)
        for rule in page.rules:
            self.gap()
            self.rule(rule, 2, brief=True)
        return self.done()

    def _list(self, first: str, items: Iterable[Prose]) -> None:
        for item in items:
            self.gap()
            self.prose(item, 0, 2, first)


def sides(e: EvidenceView) -> str:
    """What is compared, and the two values."""
    quantity = words(e.quantity).rstrip(".:")
    on = "on" if quantity else "On"
    values = f"{on} the left {unicode(e.left)}, on the right {unicode(e.right)}" if e.right else unicode(e.left)
    return f"{quantity[:1].upper()}{quantity[1:]}: {values}." if quantity and values else quantity or f"{values}."


def reason(step: StepView) -> str:
    return f"by {words(step.title) if '.' not in step.name else step.name}" + (
        ", right to left" if step.backwards else ""
    )


def piece(kind: str, text: str) -> str:
    return unicode(text) if kind == "math" else text


def words(pieces: Prose) -> str:
    """Sentences on one line."""
    return "".join(unicode(p.text) if p.kind in ("math", "display") else p.text or " " for p in pieces)


def wrap(line: str, room: int, hanging: int) -> list[str]:
    """``line`` in pieces of at most ``room`` columns, broken at spaces; ``hanging`` indents all but the first."""
    out: list[str] = []
    current = ""
    start = len(line) - len(line.lstrip(" "))
    for word in line.strip().split(" "):
        candidate = f"{current} {word}" if current.strip() else current + word
        if not out and not current:
            candidate = " " * start + word
        if width(candidate) > room and current.strip():
            out.append(current)
            current = " " * hanging + word
        else:
            current = candidate
    return [*out, current]
