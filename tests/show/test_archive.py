"""The replication package: whole, the same from the same run, and enough to make the run again elsewhere."""

import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from sim.cli import cli
from tests.show.test_full_report import stall_in

Type = Callable[..., Result]


def typed(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words), prog_name="sim")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario, what it reads, and a run of it."""
    home = tmp_path_factory.mktemp("home")
    stall_in(home)
    run = typed("run", str(home / "stall.toml"), "--draws", "30", "--seed", "4", "--set", "price=0.4",
                "--concept", "strong-2", "--out", str(home / "out"))  # fmt: skip
    assert run.exit_code == 0, run.output
    return home


@pytest.fixture(scope="module")
def package(home: Path) -> Path:
    said = typed("archive", str(home / "out"))
    assert said.exit_code == 0, said.output
    return home / "out.zip"


@pytest.fixture
def unpacked(package: Path, tmp_path: Path) -> Path:
    with ZipFile(package) as file:
        file.extractall(tmp_path)
    return tmp_path / "stall"


def test_the_same_run_gives_the_same_bytes(home: Path, package: Path, tmp_path: Path) -> None:
    assert typed("archive", str(home / "out"), "--out", str(tmp_path / "again.zip")).exit_code == 0
    assert (tmp_path / "again.zip").read_bytes() == package.read_bytes()
    with ZipFile(package) as file:
        assert file.namelist() == sorted(file.namelist())
        assert {own.date_time for own in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_it_holds_the_scenario_with_all_that_it_reads_and_the_results(home: Path, unpacked: Path) -> None:
    for name in ("stall.toml", "market.toml", "claims.toml"):
        assert (unpacked / "scenario" / name).read_bytes() == (home / name).read_bytes()
    told = json.loads((home / "out" / "summary.json").read_text(encoding="utf-8"))
    for name in told["files"]:
        assert (unpacked / "results" / name).read_bytes() == (home / "out" / name).read_bytes()


def test_every_file_has_its_hash(unpacked: Path) -> None:
    sums = dict(reversed(line.split("  ")) for line in (unpacked / "SHA256SUMS").read_text().splitlines())
    there = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert set(sums) == there - {"SHA256SUMS"}
    assert {name: hashlib.sha256((unpacked / name).read_bytes()).hexdigest() for name in sums} == sums
    manifest = json.loads((unpacked / "MANIFEST.json").read_text(encoding="utf-8"))
    assert manifest["files"] == {name: own for name, own in sums.items() if name != "MANIFEST.json"}
    assert (manifest["seed"], manifest["draws"], manifest["set"]) == (4, 30, {"price": "0.4"})


def test_versions_are_those_installed(unpacked: Path) -> None:
    lines = (unpacked / "requirements.txt").read_text().splitlines()
    assert lines == sorted(lines, key=lambda line: line.split("=="))
    assert {"realpolitik", "numpy", "scipy", "nashpy"} <= {line.split("==")[0] for line in lines}
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+", line) for line in lines)


def test_the_command_makes_the_same_summary_elsewhere(
    home: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = home.with_name("moved")
    shutil.move(home, moved)  # nothing is left where the run was made
    try:
        monkeypatch.chdir(unpacked)
        run = re.search(r"^sim run .*$", (unpacked / "README.md").read_text(encoding="utf-8"), re.M)
        assert run is not None
        made = typed(*shlex.split(run[0])[1:])
        assert made.exit_code == 0, made.output
        check = re.search(r'^python -c "(.*)"$', (unpacked / "README.md").read_text(encoding="utf-8"), re.M)
        assert check is not None
        said = subprocess.run([sys.executable, "-c", check[1]], capture_output=True, text=True, check=True)
        assert said.stdout == "the same\n"
        told = json.loads((unpacked / "again" / "summary.json").read_text(encoding="utf-8"))
        told["rows"][0]["always"] += 1e-9
        (unpacked / "again" / "summary.json").write_text(json.dumps(told))
        said = subprocess.run([sys.executable, "-c", check[1]], capture_output=True, text=True, check=True)
        assert said.stdout == "not the same\n"
    finally:
        shutil.move(moved, home)


def test_the_readme_names_every_result_and_no_place_of_this_machine(home: Path, unpacked: Path) -> None:
    text = (unpacked / "README.md").read_text(encoding="utf-8")
    for path in (unpacked / "results").rglob("*.svg"):
        assert f"`results/figures/{path.stem}` | `sim plot again --figure {path.stem}`" in text
    assert "`results/summary` | `sim run scenario/stall.toml --draws 30 --seed 4" in text
    assert str(home) not in text
    assert str(home) not in (unpacked / "MANIFEST.json").read_text(encoding="utf-8")


def test_figures_of_analyses_come_from_the_report_with_their_draws(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "out", tmp_path / "full")
    assert typed("report", str(tmp_path / "full")).exit_code == 0
    assert typed("archive", str(tmp_path / "full")).exit_code == 0
    with ZipFile(tmp_path / "full.zip") as file:
        text = file.read("stall/README.md").decode()
        names = set(file.namelist())
    for name in ("believe", "challenge", "discover"):
        assert f"stall/results/figures/{name}.svg" in names
        assert f"| `results/figures/{name}` | `sim report again` |" in text
    assert "| `results/figures/sensitivity` | `sim plot again --figure sensitivity` |" in text
    assert re.search(
        r"^\| `believe` in `results/analyses` \| `sim believe scenario/stall.toml --set price=0.4 .*` \|$", text, re.M
    )


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    said = typed("archive", str(tmp_path))
    assert said.exit_code == 2
    assert "neither a run nor a sweep" in said.stderr
    assert list(tmp_path.parent.glob(f"{tmp_path.name}.zip")) == []


def test_a_scenario_that_was_edited_since_is_refused(home: Path, package: Path, tmp_path: Path) -> None:
    market = (home / "market.toml").read_text()
    (home / "market.toml").write_text(market.replace("uniform = [-3, -1]", "uniform = [-3, -2]"))
    try:
        said = typed("archive", str(home / "out"), "--out", str(tmp_path / "x.zip"))
    finally:
        (home / "market.toml").write_text(market)
    assert said.exit_code == 2
    assert "is not the scenario" in said.stderr
    assert not (tmp_path / "x.zip").exists()


def test_a_run_that_lost_a_file_is_refused(home: Path, package: Path, tmp_path: Path) -> None:
    page = home / "out" / "report.html"
    kept = page.read_bytes()
    page.unlink()
    try:
        said = typed("archive", str(home / "out"), "--out", str(tmp_path / "x.zip"))
    finally:
        page.write_bytes(kept)
    assert said.exit_code == 2
    assert "has lost 'report.html'" in said.stderr


def test_a_shipped_scenario_brings_its_base_and_its_claims(tmp_path: Path) -> None:
    from sim.scenario.files import files_read
    from sim.scenario.reader import find_scenario, read_scenario, scenario_hash

    for name in ("no-war", "vladivostok-2023", "prisoners-dilemma"):
        there = files_read(find_scenario(name))
        for placed, real in there.items():
            (tmp_path / name / placed).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / placed).write_bytes(real.read_bytes())
        copied = read_scenario(tmp_path / name / next(iter(there)))
        assert scenario_hash(copied) == scenario_hash(read_scenario(find_scenario(name)))
        assert bool(copied.claims) == (name != "prisoners-dilemma")


def test_a_shipped_base_that_lies_elsewhere_is_placed_beside(tmp_path: Path) -> None:
    from sim.scenario.files import files_read

    own = tmp_path / "mine.toml"
    own.write_text('[scenario]\nname = "mine"\nextends = "vladivostok-2023.toml"\n')
    assert sorted(files_read(own)) == sorted(
        [f"{tmp_path.name}/mine.toml", f"{tmp_path.name}/vladivostok-2023.toml", "seeds/claims.toml"]
    )
