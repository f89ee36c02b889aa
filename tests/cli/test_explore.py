"""`sim explore`: a notebook that runs as it is, and never in place of another."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from click.testing import Result

Type = Callable[..., Result]


def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
    """Run the code of a notebook where it lies; its names, and what its last cell shows."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    (code,) = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    *statements, last = code.split("\n")
    monkeypatch.chdir(path.parent)
    names: dict = {}
    exec("\n".join(statements), names)
    return names | {"shown": eval(last, names)}


def test_a_notebook_finds_its_scenario_from_any_folder_and_moves_what_was_asked(
    sim: Type, river: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes").mkdir()
    out = tmp_path / "notes" / "mine.ipynb"
    asked = ("--number", "dryness", "--concept", "pure-nash", "--set", "belief=1/4", "--out", str(out), "--json")
    said = sim("explore", river, *asked)
    assert (said.exit_code, json.loads(said.stdout)) == (0, {"scenario": "river", "file": str(out)})
    names = run(out, monkeypatch)
    assert list(names["shown"].sliders) == ["dryness"]
    assert names["shown"].concept.value == "pure-nash"
    assert names["scenario"].central()["belief"] == 0.25


def test_a_shipped_scenario_is_called_by_its_name_and_the_next_step_is_said(sim: Type, tmp_path: Path) -> None:
    said = sim("explore", "stag-hunt")
    assert said.stdout.splitlines() == ["stag-hunt-explore.ipynb", "jupyter lab stag-hunt-explore.ipynb"]
    assert "sim.load('stag-hunt')" in (tmp_path / "stag-hunt-explore.ipynb").read_text(encoding="utf-8")


def test_a_file_that_is_there_is_left_alone(sim: Type, river: str, tmp_path: Path) -> None:
    (tmp_path / "river-explore.ipynb").write_text("mine", encoding="utf-8")
    said = sim("explore", river)
    assert said.exit_code == 2
    assert "'river-explore.ipynb' is there already" in said.stderr
    assert (tmp_path / "river-explore.ipynb").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (("--number", "drynes"), "'dryness'"),
        (("--set", "dryness=1", "--number", "dryness"), "'dryness' is fixed"),
        (("--concept", "strong-7"), "'strong-7' needs 7 players"),
        (("--order", "nobody_first"), "no order 'nobody_first'"),
        (("--out", ""), "--out is empty"),
    ],
)
def test_what_cannot_be_explored_is_refused_before_anything_is_written(
    sim: Type, river: str, tmp_path: Path, words: tuple[str, ...], mend: str
) -> None:
    said = sim("explore", river, *words)
    assert said.exit_code == 2
    assert mend in said.stderr
    assert list(tmp_path.glob("*.ipynb")) == []


def test_the_help_shows_how_to_open_it_in_a_hundred_columns(sim: Type) -> None:
    said = sim("explore", "--help").output
    assert "jupyter lab vladivostok-2023-explore.ipynb" in said
    assert max(map(len, said.splitlines())) <= 100
