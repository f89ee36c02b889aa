"""A hand that types commands."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli import cli

Type = Callable[..., Result]


@pytest.fixture
def sim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Type `sim ARGS...` in an empty folder; standard output and standard error stay apart."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def type_in(*words: str) -> Result:
        return CliRunner().invoke(cli, list(words), prog_name="sim")

    return type_in


@pytest.fixture
def river(sim: Type, tmp_path: Path) -> str:
    """The scenario that `sim new` writes."""
    assert sim("new", "river").exit_code == 0
    return str(tmp_path / "river.toml")
