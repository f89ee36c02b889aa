"""The README does what it says: its commands run, its Python runs, and its table is what the main job prints."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.analysis.headline import headline
from sim.show.headline_table import headline_table
from sim.solvers.concepts import requests_for


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def blocks(readme: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", readme, flags=re.DOTALL)


def test_every_line_of_the_table_is_what_the_main_job_prints(readme: str) -> None:
    scenario = sim.load("vladivostok-2023").data
    table = headline(scenario, requests=requests_for(scenario), events=["deal"], draws=10_000, seed=1)
    printed = headline_table(table, ["deal"]).splitlines()
    (shown,) = blocks(readme, "text")
    assert len(shown.splitlines()) > 4
    assert [line for line in shown.splitlines() if line not in printed] == []


def test_the_commands_run(readme: str, tmp_path: Path) -> None:
    lines = [line.split("#")[0] for block in blocks(readme, "sh") for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("sim ")]
    assert len(commands) >= 9
    for command in commands:
        words = shlex.split(command)[1:]
        extra = ["--draws", "200"] if words[0] == "run" else []
        done = subprocess.run(
            [sys.executable, "-m", "sim", *words, *extra], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_the_python_runs(readme: str, tmp_path: Path) -> None:
    (code,) = blocks(readme, "python")
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "'deal': 'always'" in done.stdout
