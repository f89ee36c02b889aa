"""Programs on rows: equal numbers once, nothing needless, memory used again, the same bits with and without guards."""

import numpy as np
import pytest

from sim.game.arithmetic import GUARDED
from sim.game.row_kernel import run_block
from sim.game.row_operations import LANES
from sim.game.row_program import EVERY, RowBuilder


def run(builder: RowBuilder, *kept: np.ndarray, guarded: bool = False, **numbers: list[float]) -> list[np.ndarray]:
    """The kept rows in the draws of `numbers`."""
    code = builder.finish(kept)
    rows, words = code.workspace()
    count = len(next(iter(numbers.values())))
    table = np.array([numbers[name] for name in code.names]).reshape(-1, count)
    assert run_block(code.runs, code.entries, code.inputs, table, 0, rows, words, guarded) == 0
    return [rows[code.place[own]][..., :count] for own in kept]


def operations(builder: RowBuilder, *kept: np.ndarray) -> int:
    """How many rows, or words, are made."""
    return builder.finish(kept).entries.shape[1]


def test_cells_with_the_same_arguments_are_one_row() -> None:
    builder = RowBuilder()
    x, steps = builder.number("x"), builder.constant([2.0, 3.0, 2.0, 3.0])
    made = builder.emit("*", x, steps)
    assert made[0] == made[2] != made[1] == made[3]
    assert operations(builder, made) == 2
    assert run(builder, made, x=[1.5])[0].ravel().tolist() == [3.0, 4.5, 3.0, 4.5]


@pytest.mark.parametrize(
    ("name", "known", "left"),
    [("*", 1.0, True), ("*", 0.0, None), ("+", 0.0, True), ("-", 0.0, True), ("/", 1.0, True)],
)
def test_a_known_0_or_1_needs_no_operation(name: str, known: float, left: bool | None) -> None:
    builder = RowBuilder()
    x = builder.number("x")
    made = builder.emit(name, x, builder.constant(known))
    assert operations(builder, made) == 0
    assert (made == x) if left else builder.values(made) == 0.0
    unfolded = RowBuilder(fold=False)
    whole = unfolded.emit(name, unfolded.number("x"), unfolded.constant(known))
    assert run(unfolded, whole, x=[1.7])[0].item() == (1.7 if left else 0.0)


def test_nothing_times_what_is_not_finite_is_not_nothing() -> None:
    builder = RowBuilder()
    void = builder.emit("*", builder.constant(0.0), builder.emit("exp", builder.number("x")))
    builder.check_guards(void, 7)
    code = builder.finish([void])
    rows, words = code.workspace()
    failed = [
        run_block(code.runs, code.entries, code.inputs, np.array([[x]]), 0, rows, words, False) for x in (1.0, 1e4)
    ]
    assert failed == [0, 7]


def test_a_branch_that_is_not_taken_is_not_computed() -> None:
    builder = RowBuilder()
    costly = builder.emit("log", builder.number("x"))
    made = builder.emit("choice", builder.constant([1.0, 0.0]), builder.number("y"), costly)
    builder.check_guards(made[:1], 1)
    assert operations(builder, made[:1]) == 0
    assert builder.finish([made[:1]]).names == ("y",)


def test_memory_is_used_again_once_it_is_free() -> None:
    builder = RowBuilder()
    x = total = builder.number("x")
    for _ in range(100):
        total = builder.emit("*", builder.emit("+", total, x), builder.constant(0.5))
    assert builder.finish([total]).size < 8
    expected = 2.0
    for _ in range(100):
        expected = (expected + 2.0) * 0.5
    assert run(builder, total, x=[2.0])[0].item() == expected


@pytest.mark.parametrize("guarded", [False, True])
def test_long_programs_give_the_bits_of_whole_arrays(guarded: bool) -> None:
    rng = np.random.default_rng(5)
    draws, shape = 64, (3, 4)
    numbers = {str(k): rng.uniform(0.5, 2.0, draws) for k in range(4)}
    builder = RowBuilder(fold=not guarded)
    pairs = [(builder.number(name).reshape(1, 1), own.reshape(1, 1, -1)) for name, own in numbers.items()]
    for known in (rng.integers(0, 3, (3, 1)), rng.integers(0, 2, (1, 4))):
        pairs.append((builder.constant(known), known[..., None].astype(float)))
    for _ in range(60):
        name = str(rng.choice(["+", "-", "*", "min", "max", "<", "choice", "abs", "and"]))
        chosen = [pairs[k] for k in rng.integers(0, len(pairs), {"choice": 3, "abs": 1}.get(name, 2))]
        rows = builder.emit(name, *(own for own, _ in chosen))
        value = GUARDED.operations[name](*(own for _, own in chosen))
        if np.abs(value).max() < 1e6:
            pairs.append((rows, value))
    kept = [np.broadcast_to(own, shape) for own, _ in pairs]
    found = run(builder, *kept, guarded=guarded, **{name: own.tolist() for name, own in numbers.items()})
    for own, (_, value) in zip(found, pairs, strict=True):
        np.testing.assert_array_equal(own, np.broadcast_to(value, (*shape, draws)))


def test_the_least_and_the_greatest_where_words_are_true() -> None:
    rng = np.random.default_rng(6)
    values, other = rng.normal(size=(2, LANES))
    builder = RowBuilder()
    x, y = builder.number("x"), builder.number("y")
    word, _ = builder.short(x, y, builder.constant(0.0))  # x <= y
    low, high = builder.reach(np.stack([word, word, np.array(EVERY)]), np.stack([x, x, y]))
    found = run(builder, low, high, x=values.tolist(), y=other.tolist())
    inside = values <= other
    np.testing.assert_array_equal(found[0], np.where(inside, np.minimum(values, other), other))
    np.testing.assert_array_equal(found[1], np.where(inside, np.maximum(values, other), other))
