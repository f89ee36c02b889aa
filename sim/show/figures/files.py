"""Figures as files: PDF, SVG and PNG with equal bytes whenever they are drawn, and the caption beside them."""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.backends import backend_pdf
from matplotlib.figure import Figure

from sim.show.figures.style import PAPER, WIDTH, Style, paper_style
from sim.whole_file import write_whole

FORMATS = ("pdf", "svg", "png")

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


def save(figure: Figure, folder: Path, name: str, caption: str, *, columns: int, style: Style = PAPER) -> list[Path]:
    """Write name.pdf, name.svg, name.png and name.caption.txt; each appears whole or not at all.

    Args:
        figure: drawn for that many columns.
        folder: made where it is missing.
        name: of the figure; the names inside the SVG start with it, so that several fit one page.
        caption: the text beside it.
        columns: 1 or 2 columns of a journal.
        style: for paper or for a screen.

    Raises:
        ValueError: the figure has another width than so many columns.
    """
    if abs(figure.get_figwidth() - WIDTH[columns]) > 1e-9:
        raise ValueError(f"{name} is {figure.get_figwidth():g} in wide; {columns} columns are {WIDTH[columns]:g} in.")
    folder.mkdir(parents=True, exist_ok=True)
    paths = [write_whole(folder / f"{name}.{kind}", rendered(figure, kind, name, style)) for kind in FORMATS]
    return [*paths, write_whole(folder / f"{name}.caption.txt", caption)]


def rendered(figure: Figure, kind: str, name: str, style: Style = PAPER) -> bytes:
    """The bytes of a figure in one format: the same for the same figure and matplotlib, in any process."""
    buffer = BytesIO()
    metadata = METADATA[kind] | {"Title": name}
    with rc_context(dict(paper_style()) | {"svg.hashsalt": name}):
        if kind == "pdf" and style.enlarged != 1:
            _enlarged_pdf(figure, buffer, metadata, style.enlarged)
        else:
            dots = {"dpi": (style.dpi, style.dpi)}  # told in the file, so that it is as wide as it is meant
            more: dict[str, Any] = {"pil_kwargs": dots} if kind == "png" and style.enlarged != 1 else {}
            figure.savefig(buffer, format=kind, dpi=style.dpi * style.enlarged, metadata=metadata, **more)
    if kind != "svg":
        return buffer.getvalue()
    return _own_ids(_enlarged_svg(buffer.getvalue().decode(), style.enlarged), name).encode()


def _enlarged_svg(svg: str, by: float) -> str:
    """A drawing has its own units; only the size at which it is shown is in points."""
    if by == 1:
        return svg
    head, rest = svg.split("<metadata>", 1)
    head = re.sub(r'((?:width|height)=")([\d.]+)pt"', lambda own: f'{own[1]}{float(own[2]) * by:.6g}pt"', head)
    return f"{head}<metadata>{rest}"


def _enlarged_pdf(figure: Figure, buffer: BytesIO, metadata: dict[str, Any], by: float) -> None:
    """A larger page, on which everything is drawn through one scaling."""
    width, height = figure.get_size_inches()
    figure.dpi = 72  # the unit of the format
    pdf: Any = backend_pdf  # has no annotations
    file = pdf.PdfFile(buffer, metadata=metadata)
    file.newPage(width * by, height * by)
    file.output(by, 0, 0, by, 0, 0, pdf.Op.concat_matrix)
    renderer = pdf.RendererPdf(file, 72, height, width)
    figure.draw(renderer)
    renderer.finalize()
    file.finalize()
    file.close()


def _own_ids(svg: str, name: str) -> str:
    """Prefix every id with the figure's name: two drawings in one page must not answer to the same id."""
    return re.sub(r'(\bid="|href="#|url\(#)([^")]+)', rf"\g<1>{name}.\g<2>", svg)
