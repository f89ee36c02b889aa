"""The three kinds of number mean the same, and each remembers where it has no value."""

from fractions import Fraction

import numpy as np
import pytest

from sim.game.arithmetic import GUARDED, RATIONALS, Poison
from sim.game.row_kernel import run_block
from sim.game.row_program import RowBuilder

VALUES = (Fraction(-3, 2), Fraction(-1), Fraction(0), Fraction(1, 3), Fraction(1), Fraction(2))
ARITY = {"neg": 1, "abs": 1, "exp": 1, "log": 1, "sqrt": 1, "truth": 1, "not": 1, "choice": 3, "clip": 3}


def grids(arity: int) -> list[list[Fraction]]:
    mesh = np.meshgrid(*[np.arange(len(VALUES))] * arity, indexing="ij")
    return [[VALUES[k] for k in axis.ravel()] for axis in mesh]


def on_rows(operation: str, *arguments: np.ndarray, guarded: bool) -> np.ndarray:
    """The operation on draws, by the compiled loops; arguments of shape (draws,)."""
    builder = RowBuilder(fold=False)
    made = builder.emit(operation, *(builder.number(str(k)) for k in range(len(arguments))))
    code = builder.finish([made])
    rows, words = code.workspace()
    found = []
    numbers = np.stack([arguments[int(name)] for name in code.names])
    for first in range(0, numbers.shape[1], 64):
        run_block(code.runs, code.entries, code.inputs, numbers, first, rows, words, guarded)
        found.append(rows[code.place[made]].copy())
    return np.concatenate(found)[: numbers.shape[1]]


@pytest.mark.parametrize("operation", sorted(GUARDED.operations))
def test_rows_guarded_or_not_known_floats_and_rationals_agree(operation: str) -> None:
    arguments = grids(ARITY.get(operation, 2))
    exact = RATIONALS.operations[operation](*(np.array(own, dtype=object) for own in arguments))
    floats = [np.array([float(value) for value in own]) for own in arguments]
    bare, guarded = (on_rows(operation, *floats, guarded=guarded) for guarded in (False, True))
    known = GUARDED.operations[operation](*floats)
    for k, value in enumerate(exact.tolist()):
        if isinstance(value, Poison):
            assert np.isnan(guarded[k])
            assert np.isnan(known[k])
            assert not np.isfinite(bare[k])
        else:
            assert guarded[k] == bare[k]
            assert known[k] == pytest.approx(bare[k], rel=1e-15)
            assert float(value) == pytest.approx(bare[k], rel=1e-11)


@pytest.mark.parametrize("operation", sorted(GUARDED.operations))
def test_what_is_lost_on_the_way_is_lost_in_rows_as_in_known_floats(operation: str) -> None:
    values = np.array([np.nan, 0.0, 1.0, -2.0])
    mesh = [axis.ravel() for axis in np.meshgrid(*[values] * ARITY.get(operation, 2), indexing="ij")]
    np.testing.assert_array_equal(on_rows(operation, *mesh, guarded=True), GUARDED.operations[operation](*mesh))


@pytest.mark.parametrize("operation", ["+", "*", "**", "<", "==", "max", "and", "or"])
def test_what_has_no_value_stays_without(operation: str) -> None:
    zero, poison = np.array(0.0), np.array(np.nan)
    for pair in ((poison, zero), (poison, np.array(1.0))):
        assert np.isnan(GUARDED.operations[operation](*pair))
    exact = RATIONALS.operations[operation](np.array(Poison("gone"), dtype=object), np.array(Fraction(0), dtype=object))
    assert isinstance(exact.item() if isinstance(exact, np.ndarray) else exact, Poison)


def test_a_truth_settled_by_the_first_does_not_look_at_the_second() -> None:
    one, zero, poison = np.array(1.0), np.array(0.0), np.array(np.nan)
    assert GUARDED.operations["or"](one, poison) == 1
    assert GUARDED.operations["and"](zero, poison) == 0
    assert np.isnan(GUARDED.operations["and"](one, poison))
    assert GUARDED.operations["choice"](one, zero, poison) == 0
    assert np.isnan(GUARDED.operations["choice"](poison, zero, zero))


def test_a_power_that_could_not_be_written_out_has_no_exact_value() -> None:
    power = RATIONALS.operations["**"]
    found = power(np.array(Fraction(3), dtype=object), np.array(Fraction(10**6), dtype=object))
    assert "too large" in found.item().reason
    assert power(np.array(Fraction(1), dtype=object), np.array(Fraction(10**9), dtype=object)) == 1
    assert power(np.array(Fraction(2, 3), dtype=object), np.array(Fraction(-2), dtype=object)) == Fraction(9, 4)


def test_roots_are_rounded_to_twelve_digits() -> None:
    root = RATIONALS.operations["sqrt"](np.array(Fraction(2), dtype=object))
    assert root == Fraction("1.41421356237")
