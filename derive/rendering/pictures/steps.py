"""Which step of an answer uses which fact: the lines of the document, earlier tasks and rules, as a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.kernel.step import Condition, Step
from derive.planner.solution import Answer, Solution
from derive.rendering.pictures.model import Graph, Node, Picture
from derive.rendering.pictures.words import counted, listed
from derive.rendering.prose import prose
from derive.rendering.words import GROWTH, RELATIONS, rule_title
from derive.terms import Term, call

Latex = Callable[[Term], str]


def steps_picture(solution: Solution, answer: Answer, latex: Latex) -> Picture | None:
    """The graph of one answer's steps; None where there is none."""
    if not answer.steps:
        return None
    graph = graph_of(solution, answer, latex)
    lines = len(graph.of("fact"))
    steps, rules = len(graph.of("step")), len(graph.of("rule"))
    title = f"Which step of task {answer.task.id} uses what"
    caption = (
        f"{title}: {counted(steps, 'step')} from top to bottom, with what the document gives on the left ({lines}) and the rules on "
        f"the right ({rules})."
    )
    return Picture(f"{answer.task.id}-steps", title, described(graph), caption, graph)


def graph_of(solution: Solution, answer: Answer, latex: Latex) -> Graph:
    """Nodes in reading order: facts and rules as the steps first use them."""
    facts: dict[str, Node] = {}
    rules: dict[str, Node] = {}
    steps: list[Node] = []
    edges: list[tuple[str, str]] = []
    for n, step in enumerate(answer.steps, 1):
        number = step.id or f"{answer.task.id}.{n}"
        me = f"step-{number}"
        if n == 1 or answer.steps[n - 2].after != step.before:
            steps.append(Node(f"start-{number}", "start", "", formula=latex(step.before)))
        edges.append((steps[-1].id, me))
        steps.append(Node(me, "step", f"({number})", formula=line_of(step, latex)))
        for name in sorted(used_facts(step), key=_order):
            node = fact(solution, name)
            if node is not None:
                facts.setdefault(node.id, node)
                edges.append((node.id, me))
        for rule in used_rules(step):
            node = Node(f"rule-{rule}", "rule", rule, rule_title(rule))
            rules.setdefault(node.id, node)
            edges.append((node.id, me))
    return Graph((*facts.values(), *steps, *rules.values()), tuple(dict.fromkeys(edges)))


def line_of(step: Step, latex: Latex) -> str:
    after = call(GROWTH[step.relation], step.after) if step.relation in GROWTH else step.after
    if step.after.head in GROWTH.values():
        after = step.after
    return f"{RELATIONS[step.relation]} {latex(after)}"


def used_facts(step: Step) -> set[str]:
    """"line 3", "task 1": of the step's conditions and of all inside it."""
    out: set[str] = set()
    for c in _conditions(step):
        out |= set(c.facts)
        out |= {f"{p.kind} {p.target}" for p in prose(c.because) if p.kind in ("line", "task")}
    if step.rule.startswith("earlier"):
        out |= {f"{p.kind} {p.target}" for p in prose(step.why) if p.kind == "task"}
    return out


def used_rules(step: Step) -> list[str]:
    """The step's own rule first, then those of the derivations inside it; what refers to the document is a fact and no rule."""
    names = [step.rule, *(s.rule for s in _inside(step))]
    return [r for r in dict.fromkeys(names) if "." in r or not r.startswith(("definition", "earlier", "given"))]


def _conditions(step: Step) -> Iterator[Condition]:
    for s in (step, *_inside(step)):
        yield from s.conditions


def _inside(step: Step) -> Iterator[Step]:
    for s in (*step.steps, *(x for c in step.conditions for x in c.steps)):
        yield s
        yield from _inside(s)


def fact(solution: Solution, name: str) -> Node | None:
    """A line of the document with its sentence, or a task."""
    kind, _, number = name.partition(" ")
    if kind == "task":
        text = next((t.text for t in solution.problem.tasks if t.id == number), None)
    else:
        said = [s for s, n in solution.problem.declarations if str(n) == number]
        said += [t.text for t in solution.problem.tasks if str(t.line) == number]
        text = " ".join(said) or None
    return None if text is None else Node(f"{kind}-{number}", "fact", name, text)


def _order(name: str) -> tuple[str, int]:
    kind, _, number = name.partition(" ")
    return kind, int(number) if number.isdigit() else 0


def described(graph: Graph) -> str:
    """The graph in words, step by step."""
    names = {n.id: n.name for n in graph.nodes}
    said = []
    for step in graph.of("step"):
        used = [names[a] for a, b in graph.edges if b == step.id and not a.startswith(("step-", "start-"))]
        said.append(f"step {step.name.strip('()')} uses {listed(used)}" if used else f"step {step.name.strip('()')}")
    return f"A graph of {counted(len(said), 'step')}: {'; '.join(said)}."
