"""A person runs the baseline, reads the screen, opens the files, and changes a number."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sim.cli import cli

DRAWS = 40
SIM = Path(sys.executable).parent / "sim"
FIGURES = (
    "payoff-matrices",
    "incentives",
    "shares-by-concept",
    "sensitivity",
    "threshold-strategic_risk",
    "regime-map",
    "convergence",
)
STATUSES = ("always", "sometimes", "never", "none", "open", "unsolved")


@dataclass(frozen=True)
class Journey:
    screen: str
    errors: str
    folder: Path
    summary: dict[str, Any]


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    place = tmp_path_factory.mktemp("journey")
    said = subprocess.run(
        [SIM, "run", "vladivostok-2023", "--draws", str(DRAWS), "--seed", "7"],
        capture_output=True,
        text=True,
        cwd=place,
        env={**os.environ, "COLUMNS": "100"},
        check=True,
    )
    folder = place / "out" / "vladivostok-2023"
    return Journey(said.stdout, said.stderr, folder, json.loads((folder / "summary.json").read_text(encoding="utf-8")))


def test_the_screen_tells_seven_steps_in_order_in_100_columns(journey: Journey) -> None:
    steps = (
        "Shells for what?",
        "Where payoffs come from",
        "row payoff, column payoff",
        "How they were solved",
        f"share of {DRAWS} sampled parameter sets",
        "In three sentences",
        "Written in out/vladivostok-2023/",
    )
    places = [journey.screen.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)
    assert max(map(len, journey.screen.splitlines())) <= 100
    assert journey.errors == ""


def test_the_opening_says_who_plays_with_what_knowledge(journey: Journey) -> None:
    opening = journey.screen[: journey.screen.index("Where payoffs come from")]
    assert "6 September 2023" in opening
    assert "RU (Russia) chooses offer: none, goods, arms, technology" in opening
    assert "512 profiles" in opening
    assert "never compare across players" in opening


def test_the_incentives_stand_beside_every_player_who_cares(journey: Journey) -> None:
    table = journey.screen[journey.screen.index("Where payoffs come from") : journey.screen.index("Two-player games")]
    for name in ("ammunition", "food", "technology transfer", "strategic risk", "money and oil"):
        assert re.search(rf"^{name} ", table, re.MULTILINE), name
    assert re.search(r"^ +RU +NK +US +CN +KR +claims$", table, re.MULTILINE)


def test_all_four_countries_stand_in_matrices_with_stars_and_boxes(journey: Journey) -> None:
    step = journey.screen[journey.screen.index("Two-player games") : journey.screen.index("How they were solved")]
    assert "bargain: Russia chooses a row, North Korea a column" in step
    assert "onlookers: United States chooses a row, China a column" in step
    boxes = re.findall(r"\[(-?[0-9.]+)\*, (-?[0-9.]+)\*\]", step)
    pure = sum(one["pure"] for entry in journey.summary["slices"] for one in entry["equilibria"])
    assert len(boxes) == pure > 0


def test_each_slice_says_who_solved_it_and_what_the_check_found(journey: Journey) -> None:
    for entry in journey.summary["slices"]:
        found, checked = entry["found_by_solver"], entry["found_by_check"]
        line = f"{entry['name']}: {entry['solver']} {entry['solver_version']} finds {found}, the exact check {checked}"
        assert line in " ".join(journey.screen.split())
        assert entry["agree"]
        assert entry["solver"].startswith("nashpy")


def test_the_table_on_the_screen_is_the_one_in_the_summary(journey: Journey) -> None:
    shown = {}
    for block in journey.screen.split("\n\n"):
        event, title, _ = block.partition(f": share of {DRAWS} sampled parameter sets")
        lines = [line.split() for line in block.splitlines() if title and re.match(r"(pure|strong|subgame)-", line)]
        shown |= {(event.splitlines()[-1], line[0]): line[1:6] for line in lines}
    assert len(shown) == len(journey.summary["rows"]) == 12 * 5
    for row in journey.summary["rows"]:
        name = row["concept"] if row["order"] is None else f"{row['concept']}.{row['order']}"
        for said, status in zip(shown[row["event"], name], STATUSES, strict=False):
            assert said in (f"{round(100 * row[status])}%", "<1%", ">99%")


def test_the_summary_speaks_the_contract(journey: Journey) -> None:
    summary = journey.summary
    assert (summary["scenario"], summary["seed"], summary["draws"]) == ("vladivostok-2023", 7, DRAWS)
    assert re.fullmatch("[0-9a-f]{64}", summary["hash"])
    for row in summary["rows"]:
        assert row["n"] == DRAWS
        assert sum(row[status] for status in STATUSES) == pytest.approx(1)
        assert row["lower"] == row["always"]
        assert row["upper"] == pytest.approx(row["always"] + row["sometimes"] + row["open"] + row["unsolved"])
        assert {"shuffled", "coin"} <= set(row["placebo"])
        assert isinstance(row["robust"], bool)


def test_every_file_that_is_named_is_there_and_nothing_else(journey: Journey) -> None:
    there = {str(path.relative_to(journey.folder)) for path in journey.folder.rglob("*") if path.is_file()}
    assert set(journey.summary["files"]) == there
    assert {"report.html", "summary.json"} <= there
    missing = [
        f"{name}.{kind}"
        for name in FIGURES
        for kind in ("pdf", "svg", "png", "caption.txt")
        if f"figures/{name}.{kind}" not in there
    ]
    assert missing == []


def test_a_figure_drawn_again_from_the_folder_has_the_same_bytes(journey: Journey, tmp_path: Path) -> None:
    words = ["plot", str(journey.folder), "--figure", "shares-by-concept", "--out", str(tmp_path)]
    said = CliRunner().invoke(cli, words)
    assert said.exit_code == 0, said.output
    again, first = tmp_path / "shares-by-concept.svg", journey.folder / "figures" / "shares-by-concept.svg"
    assert again.read_bytes() == first.read_bytes()


def test_a_folder_has_its_own_draws(journey: Journey) -> None:
    said = CliRunner().invoke(cli, ["plot", str(journey.folder), "--draws", "3"])
    assert said.exit_code == 2
    assert "--draws" in said.stderr


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    said = CliRunner().invoke(cli, ["plot", str(tmp_path)])
    assert said.exit_code == 2
    assert "no summary.json" in said.stderr


def type_in(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
    monkeypatch.chdir(folder)
    return CliRunner().invoke(cli, list(words))


def test_a_new_scenario_runs_and_json_is_the_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert type_in(tmp_path, monkeypatch, "new", "river").exit_code == 0
    said = type_in(tmp_path, monkeypatch, "run", "river.toml", "--draws", "30", "--json", "--event", "treaty")
    assert said.exit_code == 0, said.output
    document = json.loads(said.stdout)
    assert document == json.loads((tmp_path / "out" / "river" / "summary.json").read_text(encoding="utf-8"))
    assert {row["event"] for row in document["rows"]} == {"treaty"}
    assert document["events"] == ["treaty"]
    assert said.stderr == ""


def test_a_set_weight_changes_the_printed_matrix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.show.main_job._over_draws", stop_here)
    screens = []
    for more in ([], ["--set", "RU.shells=80"]):
        said = type_in(tmp_path, monkeypatch, "run", "vladivostok-2023", "--draws", "5", *more)
        assert said.exit_code == 130
        screens.append(said.stdout[said.stdout.index("Two-player games") : said.stdout.index("How they were solved")])
    assert screens[0] != screens[1]
    assert list(tmp_path.iterdir()) == []


def test_without_nashpy_the_run_says_so_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nashpy", None)
    said = type_in(tmp_path, monkeypatch, "run", "vladivostok-2023", "--draws", "5")
    assert said.exit_code == 2
    assert "pip install nashpy" in said.stderr
    assert "Traceback" not in said.output
    assert list(tmp_path.iterdir()) == []


def stop_here(*_: Any) -> None:
    raise KeyboardInterrupt
