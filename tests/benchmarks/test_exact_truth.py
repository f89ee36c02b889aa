"""The command that holds batch, exact arithmetic and the oracle against each other: it counts what is planted."""

import numpy as np
import pytest

from benchmarks import exact_truth
from benchmarks.exact_truth import KINDS, Tally, batch_against_exact, differences, exact_against_oracle

TRUE = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_games_of_each_kind_have_no_error(kind: str) -> None:
    U = KINDS[kind](30, 3, 4, np.random.default_rng(1))
    assert batch_against_exact(U).errors == 0
    assert exact_against_oracle(U[:4]).errors == 0


def test_what_is_missing_false_or_listed_twice_is_counted_and_complete_is_then_wrong() -> None:
    assert differences(TRUE + 1e-12, TRUE, True).errors == 0
    missing, false = differences(TRUE[:2], TRUE, True), differences(TRUE, TRUE[:2], True)
    moved, twice = differences(TRUE + 1e-6, TRUE, True), differences(TRUE[[0, 1, 2, 2]], TRUE, True)
    assert (missing.missing, missing.false, missing.wrong_complete) == (1, 0, 1)
    assert (false.missing, false.false, false.wrong_complete) == (0, 1, 1)
    assert (moved.missing, moved.false) == (3, 3)
    assert (twice.twice, twice.wrong_complete) == (1, 1)
    assert differences(TRUE[:2], TRUE, False).wrong_complete == 0


def test_the_command_fails_on_one_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["exact_truth", "--games", "32", "--oracle", "32"])
    assert exact_truth.main() == 0
    assert capsys.readouterr().out.splitlines()[-2].startswith("all")
    monkeypatch.setattr(exact_truth, "exact_against_oracle", lambda U: Tally(len(U), vertices=1))
    assert exact_truth.main() == 1
