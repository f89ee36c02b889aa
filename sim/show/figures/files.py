"""Figures as files: PDF, SVG and PNG with equal bytes whenever they are drawn, and the caption beside them."""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from sim.show.figures.style import WIDTH, paper_style
from sim.whole_file import write_whole

FORMATS = ("pdf", "svg", "png")
DPI = 300  # of the PNG

# What would tell one drawing from the next: dates. The version of matplotlib stays.
METADATA: dict[str, dict[str, Any]] = {"pdf": {"CreationDate": None, "ModDate": None}, "svg": {"Date": None}, "png": {}}


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A figure and the text that stands beside it."""

    figure: Figure
    caption: str

    def __repr__(self) -> str:
        width, height = self.figure.get_size_inches()
        return f"<Drawing {width:g} x {height:.3g} in: {self.caption.splitlines()[0]!r}>"


def save(figure: Figure, folder: Path, name: str, caption: str, *, columns: int) -> list[Path]:
    """Write name.pdf, name.svg, name.png and name.caption.txt; each appears whole or not at all.

    Args:
        figure: drawn for that many columns.
        folder: made where it is missing.
        name: of the figure; the names inside the SVG start with it, so that several fit one page.
        caption: the text beside it.
        columns: 1 or 2 columns of a journal.

    Raises:
        ValueError: the figure has another width than so many columns.
    """
    if abs(figure.get_figwidth() - WIDTH[columns]) > 1e-9:
        raise ValueError(f"{name} is {figure.get_figwidth():g} in wide; {columns} columns are {WIDTH[columns]:g} in.")
    folder.mkdir(parents=True, exist_ok=True)
    paths = [write_whole(folder / f"{name}.{kind}", rendered(figure, kind, name)) for kind in FORMATS]
    return [*paths, write_whole(folder / f"{name}.caption.txt", caption)]


def rendered(figure: Figure, kind: str, name: str) -> bytes:
    """The bytes of a figure in one format: the same for the same figure and matplotlib, in any process."""
    buffer = BytesIO()
    with rc_context(dict(paper_style()) | {"svg.hashsalt": name}):
        figure.savefig(buffer, format=kind, dpi=DPI, metadata=METADATA[kind] | {"Title": name})
    return _own_ids(buffer.getvalue().decode(), name).encode() if kind == "svg" else buffer.getvalue()


def _own_ids(svg: str, name: str) -> str:
    """Prefix every id with the figure's name: two drawings in one page must not answer to the same id."""
    return re.sub(r'(\bid="|href="#|url\(#)([^")]+)', rf"\g<1>{name}.\g<2>", svg)
