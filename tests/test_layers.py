"""Imports point downward only, so that no part can lean on what is built from it."""

import ast
from importlib import import_module
from pathlib import Path

from derive.planner.methods.rewriting import Phase

ROOT = Path(__file__).parents[1]

# Lowest first. Layers of one row are siblings and do not know each other.
ROWS = (
    {"terms"},
    {"language"},
    {"facts", "rulebook"},
    {"kernel", "referee"},
    {"search"},
    {"planner", "checking"},
    {"explaining"},
    {"rendering"},
    {"hosts"},
)
LEVEL = {layer: level for level, row in enumerate(ROWS) for layer in row}

# Modules that stand elsewhere than the folder they are in, and why.
PLACED = {
    "derive.rulebook.model": "terms",  # a rule as data, which the reader of chapters makes
    "derive.kernel.numbers": "terms",  # calculation on terms alone, which facts use to compare indices
    "derive.kernel.algebra": "terms",
    "derive.kernel.matrices": "terms",
    "derive.kernel.polynomials": "terms",
}


def modules() -> dict[str, Path]:
    files = sorted((ROOT / "derive").rglob("*.py"))
    return {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): f for f in files}


def imported(tree: ast.AST, known: set[str]) -> set[str]:
    """Modules of our own that this one imports, anywhere in it."""
    out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are written in full here"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                out.add(inner if inner in known else str(node.module))
    return {name for name in out if name.split(".")[0] == "derive"}


def layer(module: str) -> str:
    """The layer of a module; what stands at the top of the package is the outermost."""
    parts = module.split(".")
    return PLACED.get(module) or (parts[1] if len(parts) > 1 and parts[1] in LEVEL else "hosts")


def violations(sources: dict[str, str]) -> list[str]:
    found = []
    for module, source in sources.items():
        here = layer(module)
        for other in sorted(imported(ast.parse(source), set(sources))):
            there = layer(other)
            if there != here and LEVEL[there] >= LEVEL[here]:
                found.append(f"{module} ({here}) imports {other} ({there})")
    return found


def test_imports_point_downward():
    assert violations({name: file.read_text(encoding="utf-8") for name, file in modules().items()}) == []


def circles(sources: dict[str, str]) -> list[set[str]]:
    """Groups of modules each of which leads to all others of the group."""
    leads = {m: imported(ast.parse(source), set(sources)) & set(sources) for m, source in sources.items()}
    reached: dict[str, set[str]] = {}
    for m in sources:
        seen: set[str] = set()
        waiting = [m]
        while waiting:
            waiting += (new := leads[waiting.pop()] - seen)
            seen |= new
        reached[m] = seen
    found = [{o for o in reached[m] if m in reached[o]} for m in sources if m in reached[m]]
    return [c for i, c in enumerate(found) if c not in found[:i]]


def test_the_language_has_no_circles():
    sources = {m: f.read_text(encoding="utf-8") for m, f in modules().items() if m.startswith("derive.language.")}
    assert circles(sources) == []


def test_a_circle_is_seen():
    sources = {
        "derive.a": "from derive.b import x",
        "derive.b": "def f():\n    from derive.c import y",
        "derive.c": "from derive.a import z",
        "derive.d": "from derive.a import z",
    }
    assert circles(sources) == [{"derive.a", "derive.b", "derive.c"}]


def test_every_folder_is_a_layer():
    folders = {f.parent.name for f in (ROOT / "derive").glob("*/*.py")}
    assert folders <= set(LEVEL), "a new folder needs a place in ROWS"
    assert set(PLACED.values()) <= set(LEVEL)


def test_an_upward_or_a_sideways_import_is_seen():
    sources = {
        "derive.planner.a": "from derive.checking import b\nimport derive.terms",
        "derive.checking.b": "def f():\n    from derive.hosts.c import g",
        "derive.hosts.c": "from derive.planner import a",
        "derive.terms": "import derive.planner.a",
    }
    assert violations(sources) == [
        "derive.planner.a (planner) imports derive.checking.b (checking)",
        "derive.checking.b (checking) imports derive.hosts.c (hosts)",
        "derive.terms (terms) imports derive.planner.a (planner)",
    ]


def test_phases_have_names_of_their_own():
    """What a method did is told by the names of the phases that did something."""
    known = {p for m in modules() if m.startswith("derive.planner.") for p in vars(import_module(m)).values() if isinstance(p, Phase)}
    names = sorted(p.name for p in known)
    assert len(names) > 50
    assert [a for a, b in zip(names, names[1:], strict=False) if a == b] == []
