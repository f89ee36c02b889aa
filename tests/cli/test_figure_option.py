"""`sim plot --figure` with an analysis, and `--figure` of the commands that need two files."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Type = Callable[..., Result]
KINDS = {"pdf", "svg", "png", "caption.txt"}


def written(folder: Path, name: str) -> set[str]:
    return {path.name.removeprefix(f"{name}.") for path in folder.iterdir()}


def test_the_figure_of_an_analysis_is_drawn_alone(sim: Type, river: str, tmp_path: Path) -> None:
    said = sim("plot", river, "--figure", "placebo", "--draws", "50", "--out", "one")
    assert said.exit_code == 0, said.output
    assert written(tmp_path / "one", "placebo") == KINDS


def test_an_analysis_that_cannot_be_asked_is_refused_with_the_reason(sim: Type, tmp_path: Path) -> None:
    said = sim("plot", "prisoners-dilemma", "--figure", "policy", "--draws", "50", "--out", "none")
    assert said.exit_code == 2
    assert "'policy' cannot be drawn: the scenario does not say who decides" in said.stderr
    assert not list(tmp_path.glob("none/*"))


def test_two_files_are_drawn_where_a_folder_is_named(sim: Type, river: str, tmp_path: Path) -> None:
    asked = ("--draws", "50", "--concept", "pure-nash")
    assert sim("compare", "vladivostok-2023", "disclosure-off", *asked, "--figure", "a").exit_code == 0
    assert written(tmp_path / "a", "compare") == KINDS
    said = sim("diff", "vladivostok-2023", "no-war", *asked, "--figure", "b", "--json")
    assert said.exit_code == 0
    assert said.stdout.count("\n") == 1  # where it was written stands on standard error
    assert written(tmp_path / "b", "diff") == KINDS
    said = sim("diff", river, river, *asked, "--figure", "c")
    assert "No figure: the files say the same." in said.stderr
    assert not (tmp_path / "c").exists()


def test_a_score_is_drawn_with_the_draws_of_its_record(sim: Type, tmp_path: Path) -> None:
    asked = ("--concept", "pure-nash", "--draws", "60", "--seed", "3")
    assert sim("register", "vladivostok-2023", *asked, "--out", "r.json").exit_code == 0
    (tmp_path / "o.toml").write_text("[outcomes]\ndeal = true\n")
    said = sim("hindcast", "vladivostok-2023", "--record", "r.json", "--outcomes", "o.toml", "--figure", "h")
    assert said.exit_code == 0, said.output
    assert "seed 3, 60 draws in the run." in (tmp_path / "h" / "hindcast.caption.txt").read_text()
