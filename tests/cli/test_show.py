"""`sim plot`: a figure by its name, for paper or for a screen."""

import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image

Type = Callable[..., Result]


def must_not_run(*_: object, **__: object) -> None:
    raise AssertionError("a figure waits for what it does not show")


def pages(path: Path) -> bytes:
    """What a PDF of matplotlib's draws, as text."""
    return b"".join(
        zlib.decompress(own)
        for own in re.findall(rb"FlateDecode.*?stream\r?\n(.*?)\nendstream", path.read_bytes(), re.S)
    )


def drawn(sim: Type, *words: str) -> list[Path]:
    said = sim("plot", *words, "--draws", "20", "--json")
    assert said.exit_code == 0, said.output
    return [Path(one) for one in json.loads(said.stdout)["files"]]


@pytest.mark.parametrize(
    ("figure", "idle"),
    [
        ("payoff-matrices", ("headline.headline", "sensitivity.thirds", "incentives.incentives")),
        ("shares-by-concept", ("sensitivity.thirds", "slices.solve_slices", "thresholds.threshold_curve")),
        ("regime-map", ("headline.headline", "thresholds.threshold_curve", "slices.solve_slices")),
        ("threshold-RU.shells", ("headline.headline", "sensitivity.thirds", "regime_map.regime_map")),
    ],
)
def test_a_figure_waits_for_nothing_that_it_does_not_show(
    sim: Type, monkeypatch: pytest.MonkeyPatch, figure: str, idle: tuple[str, ...]
) -> None:
    for name in idle:
        monkeypatch.setattr(f"sim.analysis.{name}", must_not_run)
    assert {path.stem for path in drawn(sim, "vladivostok-2023", "--figure", figure) if path.suffix == ".svg"} == {
        figure
    }


def test_an_unknown_figure_is_answered_with_the_nearest_before_anything_is_computed(
    sim: Type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("headline.headline", "sensitivity.thirds", "slices.solve_slices"):
        monkeypatch.setattr(f"sim.analysis.{name}", must_not_run)
    for wrong, right in (("shares-by-concpt", "shares-by-concept"), ("threshold-RU.shels", "threshold-RU.shells")):
        said = sim("plot", "vladivostok-2023", "--figure", wrong)
        assert said.exit_code == 2
        assert f"'{right}'" in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_screen_has_the_paper_s_figure_as_wide_as_a_slide_with_type_of_twelve_points(
    sim: Type, tmp_path: Path
) -> None:
    words = (str(tmp_path / "river.toml"), "--figure", "payoff-matrices")
    assert sim("new", "river").exit_code == 0
    drawn(sim, *words)
    drawn(sim, *words, "--style", "screen")
    paper, screen = tmp_path / "out/river/figures", tmp_path / "out/river/figures-screen"
    with Image.open(screen / "payoff-matrices.png") as image:
        assert abs(image.width - 13.333 * 150) <= 1
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    svg = [(folder / "payoff-matrices.svg").read_text() for folder in (paper, screen)]
    sizes = [float(re.findall(r'width="([\d.]+)pt"', one)[0]) for one in svg]
    assert sizes == pytest.approx([7.2 * 72, 13.333 * 72], abs=0.01)
    assert svg[0].split("</metadata>")[1] == svg[1].split("</metadata>")[1]  # the same data, line for line
    assert 6.5 * sizes[1] / sizes[0] >= 12  # 6.5 points are the least in print
    box = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+)", (screen / "payoff-matrices.pdf").read_bytes())
    assert float(box[0]) == pytest.approx(13.333 * 72, abs=0.01)
    assert b"1.8518055556 0 0 1.8518055556 0 0 cm" in pages(screen / "payoff-matrices.pdf")  # all of it is larger
    assert b" 0 0 cm\n1 g" not in pages(paper / "payoff-matrices.pdf")


def test_a_screen_has_one_width(sim: Type) -> None:
    said = sim("plot", "stag-hunt", "--style", "screen", "--columns", "1")
    assert said.exit_code == 2
    assert "--columns" in said.stderr
