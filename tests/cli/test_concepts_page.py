"""The page of concepts: every concept stands there, and every command on it works."""

import re
from pathlib import Path

import pytest

from sim.solvers.concepts import CONCEPTS
from tests.cli.conftest import Type

PAGE = (Path(__file__).parents[2] / "docs" / "concepts.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"`sim ([^`]+ --concept [^`]+)`", PAGE)
EXPORTS = re.findall(r"`sim (export [^`]+ --out game.efg)`", PAGE)


def test_every_concept_of_the_table_has_its_row() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    for concept in CONCEPTS:
        name = concept.name.replace("strong-k", "strong-2")
        assert [row for row in rows if f"`{name}`" in row.split("|")[1]], name
    assert len(COMMANDS) == len(rows)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_of_the_row_answers(sim: Type, command: str) -> None:
    for export in EXPORTS if "game.efg" in command else ():
        assert sim(*export.split()).exit_code == 0
    said = sim(*command.split())
    assert said.exit_code == 0, said.output
    assert said.stdout.strip()
