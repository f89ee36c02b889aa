"""Make the README's picture from a run: `sim run vladivostok-2023`, then `python docs/make_readme_picture.py`."""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
FIGURE = ROOT / "out" / "vladivostok-2023" / "figures" / "shares-by-concept.png"
PICTURE = ROOT / "docs" / "images" / "shares-by-concept.png"
WIDTH, COLOURS = 1440, 256  # pixels across; few enough colours for a small file, enough to keep each hue


def main() -> None:
    """Scale the figure down and reduce its palette."""
    figure = Image.open(FIGURE).convert("RGB")
    small = figure.resize((WIDTH, round(WIDTH * figure.height / figure.width)), Image.Resampling.LANCZOS)
    small.quantize(COLOURS).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
