"""The project's papers agree with each other and with what is installed and shipped."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# Folders of one person's machine, and the hosts that packages happened to be fetched from.
OF_ONE_MACHINE = re.compile(r"(?<![\w.~)])/(?:root|home|Users|tmp)/\w|\b(?:pythonhosted|pypi|npmjs)\.(?:org|com)\b")
MODULE = re.compile(r"(?<![\w/.-])sim/[\w/]*(?:\.py)?")
NOT_TEXT = {".png", ".pdf", ".parquet", ".ico"}


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    found = [root / name for name in listed.split("\0") if name and (root / name).is_file()]
    assert root / "pyproject.toml" in found
    return found


def test_the_citation_file_names_this_version(root: Path, project: dict[str, Any]) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "version", "license"} <= set(citation)
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]


def test_what_is_installed_is_this_version(project: dict[str, Any]) -> None:
    assert version("realpolitik") == project["version"]


def test_the_changelog_has_an_entry_for_this_version(root: Path, project: dict[str, Any]) -> None:
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(project['version'])}\] - ", changelog, re.MULTILINE)


def test_the_lock_gives_hashes_and_no_address(root: Path) -> None:
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert not re.search(r"^\s*--(?!hash=)", lock, re.MULTILINE)  # no index, no folder to search
    packages = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE | re.IGNORECASE)[1:]
    assert len(packages) > 100
    assert [text.split()[0] for text in packages if not re.match(r"\S+==\S+", text) or not HASH.search(text)] == []


def test_the_lock_holds_every_dependency(root: Path, project: dict[str, Any]) -> None:
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    locked = set(re.findall(r"^(\S+)==", (root / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    assert {re.split(r"[<>=~!\[ ]", one)[0].lower() for one in wanted} - locked == set()


def test_the_wheel_carries_scenarios_seeds_and_types(root: Path, tmp_path: Path, tracked: list[Path]) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=root, capture_output=True, text=True, check=True)
    (wheel,) = tmp_path.glob("realpolitik-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    names = [path.relative_to(root).as_posix() for path in tracked]
    data = {f"sim/data/{name}" for name in names if name.startswith(("scenarios/", "seeds/"))}
    assert data
    assert data | {name for name in names if name.startswith("sim/")} <= inside
    assert "sim/py.typed" in inside


def test_no_tracked_text_speaks_of_one_machine(root: Path, tracked: list[Path]) -> None:
    found = [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in tracked
        if path.suffix not in NOT_TEXT
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if OF_ONE_MACHINE.search(line)
    ]
    assert found == []


def test_every_module_that_the_papers_name_exists(root: Path) -> None:
    papers = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").glob("*.md"))]
    named = [(paper, name) for paper in papers for name in MODULE.findall(paper.read_text(encoding="utf-8"))]
    assert {"sim/cli/", "sim/solvers/", "sim/errors.py"} <= {name for _, name in named}
    assert [f"{paper.name}: {name}" for paper, name in named if not (root / name).exists()] == []


def test_every_relative_link_of_the_papers_leads_to_a_file(root: Path) -> None:
    papers = [
        root / "README.md",
        root / "CONTRIBUTING.md",
        root / "CHANGELOG.md",
        *sorted((root / "docs").glob("*.md")),
    ]
    links = [(paper, link) for paper in papers for link in LINK.findall(paper.read_text(encoding="utf-8"))]
    local = [(paper, link.partition("#")[0]) for paper, link in links if "://" not in link and not link.startswith("#")]
    assert local
    assert [f"{paper.name}: {link}" for paper, link in local if not (paper.parent / link).exists()] == []
