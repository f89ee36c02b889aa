"""One look for all figures: the widths of a journal's columns, a palette safe for the colour-blind, six status looks.

Colours are those of Okabe & Ito (2008), Color universal design; each status differs from the others in lightness or in
its hatch as well, so that a grey print says the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from matplotlib import RcParams, rc_context, rc_params_from_file
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

WIDTH = {1: 3.5, 2: 7.2}  # inches: 89 and 183 mm, one and two columns of a journal
SLIDE = 13.333  # inches: the width of a 16:9 slide
TITLE = {1: 8.0, 2: 9.0}  # points
HEAD, TEXT, SMALL = 7.5, 7.0, 6.5  # points; nothing is smaller in print

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
INK, SOFT, FAINT = "#222222", "#666666", "#BBBBBB"


@dataclass(frozen=True, slots=True)
class Style:
    """What a figure is written for: all of it drawn larger, type and lines too, at some dots to the inch."""

    name: str
    enlarged: float
    dpi: int  # of the PNG


PAPER = Style("paper", 1.0, 300)
SCREEN = Style("screen", SLIDE / WIDTH[2], 150)  # two columns as wide as a slide: the smallest type is 12 points
STYLES = {style.name: style for style in (PAPER, SCREEN)}


@dataclass(frozen=True, slots=True)
class Look:
    """How one status is filled."""

    face: str
    hatch: str
    mark: str  # colour of the hatch
    text: str  # colour of a label on it


LOOKS = {
    "always": Look("#005A94", "", "#005A94", "#FFFFFF"),
    "sometimes": Look("#F2B134", "", "#F2B134", "#000000"),
    "open": Look("#9AD1F0", "......", "#333333", "#000000"),
    "unsolved": Look("#333333", "xxxxx", "#FFFFFF", "#FFFFFF"),
    "never": Look("#E4E4E4", "", "#E4E4E4", "#000000"),
    "none": Look("#FFFFFF", "//////", "#777777", "#000000"),
}
# Stacked in this order, the first edge is `lower` and the fourth is `upper` of the definitions.
STACK = ("always", "sometimes", "open", "unsolved", "never", "none")

P = ParamSpec("P")
R = TypeVar("R")


@lru_cache(maxsize=1)
def paper_style() -> RcParams:
    """The settings of `realpolitik.mplstyle`, which lies beside this file."""
    return rc_params_from_file(Path(__file__).with_name("realpolitik.mplstyle"), use_default_template=True)


def in_paper_style(draw: Callable[P, R]) -> Callable[P, R]:
    """Run a function under the paper's settings, whatever those of the process are, and leave them as they were."""

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> R:
        with rc_context(dict(paper_style())):
            return draw(*args, **kwargs)

    return styled


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = TEXT, weight: str = "normal") -> float:
    """Width of one line of text in inches, by the metrics of the font that matplotlib brings."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / 72


def wrapped(text: str, width: float, size: float = TEXT, weight: str = "normal") -> list[str]:
    """Break text into lines of at most `width` inches; a single longer word stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(text: str, width: float, size: float = TEXT, weight: str = "normal") -> str:
    """The text, or as much of its beginning as fits `width` inches and an ellipsis."""
    if text_width(text, size, weight) <= width:
        return text
    kept = len(text)
    while kept > 1 and text_width(text[:kept].rstrip() + "…", size, weight) > width:
        kept -= 1
    return text[:kept].rstrip() + "…"
