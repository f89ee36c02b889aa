"""The house rules that no linter reads: what is loaded, what is named, what stays small. Floors are import-linter's."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HEAVY = {"numpy", "scipy", "matplotlib", "pandas", "pydantic", "pyarrow", "nashpy", "numba", "rich", "jinja2"}
HIDING_NAMES = {"util", "utils", "helper", "helpers", "misc", "common", "base"}
LONGEST = 450  # lines; what is longer holds two concepts
DOORS = {
    "__init__.py",
    "__main__.py",
    "api.py",
    "questions.py",
    "decisions.py",
    "pages.py",
}  # floor 7, directly under `sim/`
LICENSED_OTHERWISE = {"pygambit"}


@pytest.fixture(scope="module")
def modules(root: Path) -> list[Path]:
    found = sorted((root / "sim").rglob("*.py"))
    assert found
    return found


def imported(module: Path) -> Iterator[str]:
    """Every dotted name that a module imports, inside functions too. `from sim import solve` gives `sim`."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_importing_sim_loads_nothing_heavy() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sim, sys; print(*{name.partition('.')[0] for name in sys.modules})"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(said.stdout.split())
    assert "sim" in loaded
    assert loaded & HEAVY == set()


def test_no_name_hides_what_is_inside(modules: list[Path]) -> None:
    assert [str(path) for path in modules if {path.stem, path.parent.name} & HIDING_NAMES] == []


def test_no_module_outgrows_one_sitting(modules: list[Path]) -> None:
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_sim_never_imports_a_library_under_a_stricter_licence(modules: list[Path]) -> None:
    assert [
        str(path) for path in modules if {name.partition(".")[0] for name in imported(path)} & LICENSED_OTHERWISE
    ] == []


def test_no_floor_imports_through_the_front_door(root: Path, modules: list[Path]) -> None:
    # import-linter sees `sim.show` above `sim.game`, but not that the package itself is the topmost floor
    outer = {root / "sim" / name for name in DOORS} | {path for path in modules if path.parent == root / "sim" / "cli"}
    inner = [path for path in modules if path not in outer]
    assert [str(path) for path in inner if "sim" in imported(path)] == []


def test_no_module_reads_another_by_a_relative_path(modules: list[Path]) -> None:
    relative = [
        str(path)
        for path in modules
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []  # one spelling of an import, so that a search for it finds every use


def test_every_package_of_sim_opens_with_its_idea(modules: list[Path]) -> None:
    silent = [
        str(path)
        for path in modules
        if path.read_text(encoding="utf-8").strip()
        and ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []


def test_reading_and_solving_a_scenario_loads_no_heavy_library() -> None:
    code = "import sys, sim; sim.solve(sim.load('vladivostok-2023'), 'strong-2'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "matplotlib",
        "pandas",
        "nashpy",
        "pyarrow",
    }  # payoffs are compiled loops: numba runs them, and loads scipy
    assert heavy.isdisjoint(done.stdout.split())
