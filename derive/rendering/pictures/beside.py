"""Pictures as a page wants them: in it, or as files beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from derive.rendering.page import PictureView
from derive.rendering.prose import plain, prose

if TYPE_CHECKING:
    from derive.planner.solution import Solution
    from derive.rendering.pictures.model import Picture

ENDINGS = {"md": ".svg", "tex": ".pdf"}  # of the formats whose pictures are files of their own


@dataclass
class Drawing:
    """Draws the pictures of a solution for one format; ``files`` is what has to be written beside the page.

    ``stem`` begins the names of the files.
    """

    solution: Solution
    kind: str
    stem: str = ""
    files: dict[str, bytes] = field(default_factory=dict)

    def __call__(self, places: frozenset[str]) -> Mapping[str, tuple[PictureView, ...]]:
        from derive.rendering.pictures import pictures

        draw = self._drawer(places)
        return {task: tuple(map(draw, found)) for task, found in pictures(self.solution).items()}

    def _drawer(self, places: frozenset[str]) -> Callable[[Picture], PictureView]:
        from derive.rendering.pictures.draw import pdf, png, svg

        def view(p: Picture) -> PictureView:
            words = p.name, plain(p.alt), prose(p.caption)
            if self.kind == "html":
                return PictureView(*words, svg=svg(p, places))
            if self.kind == "ipynb":
                name = f"{p.name}.svg"
                self.files |= {name: svg(p).encode("utf-8"), f"{p.name}.png": png(p)}
                return PictureView(*words, file=f"attachment:{name}")
            name = f"{self.stem}-{p.name}{ENDINGS[self.kind]}"
            self.files[name] = svg(p).encode("utf-8") if self.kind == "md" else pdf(p)
            return PictureView(*words, file=name)

        return view
