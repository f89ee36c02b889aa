"""Correlated equilibria: known bounds, every vertex of small polytopes, Nash equilibria inside, what bounds prove."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from sim.game.game import Game
from sim.solvers import correlated as module
from sim.solvers.correlated import correlated
from sim.solvers.two_player_exact import solve_exact

CHANCE = np.random.default_rng(5)
SMALL = [CHANCE.integers(-3, 4, (2, 2, 2)) for _ in range(60)]


def cells(shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """An event for every profile."""
    one = np.eye(int(np.prod(shape)), dtype=bool)
    return {str(at): one[np.ravel_multi_index(at, shape)].reshape(shape) for at in np.ndindex(*shape)}


def solve_linear(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """The one solution of a square system, by elimination; None where there is not exactly one."""
    n = len(rows)
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    for k in range(n):
        pivot = next((r for r in range(k, n) if table[r][k]), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        for r in range(n):
            if r != k and table[r][k]:
                ratio = table[r][k] / table[k][k]
                table[r] = [x - ratio * y for x, y in zip(table[r], table[k], strict=True)]
    return [table[k][n] / table[k][k] for k in range(n)]


def vertices(a: np.ndarray, b: np.ndarray) -> list[list[Fraction]]:
    """All vertices of the polytope of correlated equilibria of a 2 x 2 game, from the definition."""
    rows = [[Fraction(int(i == j)) for j in range(4)] for i in range(4)]  # shares of (0,0), (0,1), (1,0), (1,1)
    for k in (0, 1):
        obey = [Fraction(0)] * 4
        for j in (0, 1):
            obey[2 * k + j] = Fraction(int(a[k, j] - a[1 - k, j]))
        rows.append(obey)
        obey = [Fraction(0)] * 4
        for i in (0, 1):
            obey[2 * i + k] = Fraction(int(b[i, k] - b[i, 1 - k]))
        rows.append(obey)
    found = []
    for tight in combinations(rows, 3):
        point = solve_linear([[Fraction(1)] * 4, *map(list, tight)], [Fraction(1), *[Fraction(0)] * 3])
        if point and all(sum(x * y for x, y in zip(row, point, strict=True)) >= 0 for row in rows):
            found.append(point)
    return found


def test_chicken_can_be_kept_peaceful_half_of_the_time() -> None:  # the classic: 7, 6, 2, 0
    found = correlated(Game.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]]), cells((2, 2)))
    assert (found["(0, 0)"].least, found["(0, 0)"].greatest) == (0, 0.5)
    assert found["(0, 1)"].greatest == found["(1, 0)"].greatest == 1
    assert found["(1, 1)"].greatest == pytest.approx(0.2, abs=1e-15)


def test_what_is_dominated_is_never_played_and_what_is_left_always() -> None:
    found = correlated(Game.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]]), cells((2, 2)))
    assert [one.status for one in found.values()] == ["never", "never", "never", "always"]


def test_matching_pennies_has_one_correlated_equilibrium() -> None:
    found = correlated(Game.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), cells((2, 2)))
    assert all(one.least == one.greatest == 0.25 and one.status == "sometimes" for one in found.values())


def test_the_bounds_are_those_of_all_vertices_and_never_inside_them() -> None:
    for a, b in SMALL:
        points = vertices(a, b)
        found = list(correlated(Game.from_arrays(a, b), cells((2, 2))).values())
        for cell, one in enumerate(found):
            low, high = min(p[cell] for p in points), max(p[cell] for p in points)
            assert Fraction(one.least) <= low
            assert high <= Fraction(one.greatest)
            assert one.least == pytest.approx(float(low), abs=1e-9)
            assert one.greatest == pytest.approx(float(high), abs=1e-9)
            if low == 1 or high == 0:
                assert one.status == ("always" if low else "never")


def test_every_nash_equilibrium_is_inside() -> None:
    for _ in range(20):
        game = Game.from_arrays(*CHANCE.integers(0, 5, (2, 3, 3)))
        found = correlated(game, cells((3, 3)))
        for one in solve_exact(game).equilibria:
            assert one.exact is not None
            for i, x in enumerate(one.exact[0]):
                for j, y in enumerate(one.exact[1]):
                    bounds = found[f"({i}, {j})"]
                    assert Fraction(bounds.least) <= x * y <= Fraction(bounds.greatest)


@pytest.mark.parametrize(("scale", "shift"), [(1e9, -7), (1e-9, 0.3), (1, 1e6)])
def test_the_unit_and_zero_of_one_player_change_nothing(scale: float, shift: float) -> None:
    for a, b in SMALL[:15]:
        plain = correlated(Game.from_arrays(a, b), cells((2, 2)))
        other = correlated(Game.from_arrays(scale * (a + shift), b), cells((2, 2)))
        for name, bounds in plain.items():
            assert (other[name].least, other[name].greatest) == pytest.approx((bounds.least, bounds.greatest), abs=1e-8)


def test_three_players_are_bounded_by_the_product_of_their_pure_play() -> None:
    u = np.zeros((3, 2, 2, 2))
    u[:, 0, 0, 0] = u[:, 1, 1, 1] = 1  # all alike, else nothing
    all_alike = np.zeros((2, 2, 2), dtype=bool)
    all_alike[0, 0, 0] = all_alike[1, 1, 1] = True
    found = correlated(Game.from_arrays(*u), {"alike": all_alike, "any": np.ones((2, 2, 2), dtype=bool)})
    assert found["alike"].greatest == 1
    assert found["alike"].least <= 0.25  # all three toss a coin
    assert (found["any"].least, found["any"].greatest, found["any"].status) == (1, 1, "always")


def test_players_who_do_not_care_may_be_told_anything() -> None:
    found = correlated(Game.from_arrays([[2, 2], [2, 2]], [[0, 0], [0, 0]]), cells((2, 2)))
    assert all((one.least, one.greatest, one.status) == (0, 1, "sometimes") for one in found.values())


def test_prices_that_prove_too_little_leave_the_question_unsolved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_proved", lambda rules, truth, prices: Fraction(0))
    found = correlated(Game.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]]), cells((2, 2)))
    assert found["(1, 1)"].status == "unsolved"
    assert found["(1, 1)"].gap == pytest.approx(1)
