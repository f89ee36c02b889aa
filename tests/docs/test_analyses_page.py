"""The page of analyses says what the commands print today, and has every analysis."""

import re
import runpy
from pathlib import Path

import pytest

from sim.cli import cli


@pytest.fixture(scope="module")
def made(root: Path) -> dict[str, object]:
    return runpy.run_path(str(root / "docs" / "make_analyses.py"))


@pytest.fixture(scope="module")
def shown(root: Path) -> dict[str, str]:
    text = (root / "docs" / "analyses.md").read_text(encoding="utf-8")
    return dict(re.findall(r"```text\n\$ (.*?)\n(.*?)\n```", text, re.DOTALL))


def test_every_analysis_has_its_part(made, shown) -> None:
    commands = {command.split()[1] for command in shown}
    asked = {str(command.name) for command in cli.groups["Ask"]} - {"explain", "sensitivity", "hindcast"}
    assert asked <= commands
    assert [part.command for part in made["PARTS"]] == list(shown)


def test_each_block_is_what_its_command_prints(made, shown) -> None:
    stale = [command for command, text in shown.items() if made["printed"](command) != text]
    assert stale == [], "python docs/make_analyses.py writes them anew"
