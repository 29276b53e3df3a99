"""The one look of all pictures: Okabe and Ito's colours, and never colour alone: lines and markers differ too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

INK = "#22211e"
SOFT = "#6a675f"
BLUE, VERMILLION, GREEN, ORANGE = "#0072b2", "#d55e00", "#009e73", "#e69f00"
SALT = "derive"  # ids in an SVG are hashes with it: the same picture, the same ids


@dataclass(frozen=True)
class Look:
    colour: str
    line: str
    marker: str
    hollow: bool = False


LOOKS = {
    "exact": Look(BLUE, "-", "o"),
    "leading": Look(VERMILLION, "--", "s"),
    "constant": Look(VERMILLION, "--", "s", hollow=True),
    "answered": Look(BLUE, "-", "o"),
    "asked": Look(SOFT, ":", ""),
}
_SETTINGS: dict[Any, Any] = {
    "font.family": ["STIXGeneral", "DejaVu Sans"], "mathtext.fontset": "stix", "font.size": 10.5, "axes.labelsize": 11, "legend.fontsize": 10,
    "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "axes.facecolor": "none",
    "figure.facecolor": "none", "savefig.facecolor": "none", "legend.frameon": False, "lines.linewidth": 1.6,
    "svg.fonttype": "path", "svg.hashsalt": SALT, "pdf.fonttype": 42, "text.hinting": "none", "axes.unicode_minus": True,
}  # fmt: skip


@contextmanager
def styled() -> Iterator[None]:
    """Our settings alone, whatever a person's own file of settings says."""
    import logging

    import matplotlib

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells of fonts that it makes a list of
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield
