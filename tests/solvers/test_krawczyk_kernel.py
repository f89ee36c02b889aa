"""The last steps of a proof, on their own: that a solution lies in a region, and that it is alone."""

import numpy as np

from sim.solvers.krawczyk_kernel import inside, newton, prove

S, START = np.array([3, 2]), np.array([0, 9])
MIDDLE = np.array([[0.5, 0.25, 0.25], [0.5, 0.5, 0.0]])


def region(first: list[list[float]], second: list[list[float]]) -> np.ndarray:
    return np.array([*np.ravel(first), *np.ravel(second)])


def test_a_point_is_inside_only_with_all_its_error_and_only_up_to_the_inflation() -> None:
    V = region([[1, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5]], [[0.75, 0.25], [0.25, 0.75]])
    centre = np.array([[2 / 3, 1 / 6, 1 / 6], [0.5, 0.5, 0.0]])
    assert inside(V, S, START, centre, 1e-12, 0.05)
    assert not inside(V, S, START, centre, 0.3, 0.05)
    for outer, expected in ((0.76, True), (0.78, False), (0.24, True), (0.22, False)):  # faces at 0.75 and 0.25
        centre[1, :2] = outer, 1 - outer
        assert inside(V, S, START, centre, 1e-12, 0.05) == expected
    centre[1, :2], centre[0] = 0.5, (0.4, 0.3, 0.3)  # beyond the face opposite to the first vertex
    assert not inside(V, S, START, centre, 1e-12, 0.05)


def test_a_flat_region_holds_nothing_for_sure() -> None:
    V = region([[1, 0, 0], [0.5, 0.5, 0], [0.75, 0.25, 0]], [[0.75, 0.25], [0.25, 0.75]])
    assert not inside(V, S, START, MIDDLE, 1e-12, 0.05)


def proved(slope: float, square: float) -> tuple[bool, np.ndarray]:
    """2x2x2; player 1 gains slope * (q - 1/2) + square * (q - 1/2) * (r - 1/2), and so on around: a solution at 1/2."""
    s, sizes, first = np.array([2, 2, 2]), np.array([2, 2, 2]), np.arange(3)
    corner = np.array([-0.5, 0.5])
    table = slope * corner[:, None] + square * np.multiply.outer(corner, corner)
    tables = [table, table.T, table]  # over (q, r), (p, r), (p, q)
    T, off, corners = np.concatenate([one.ravel() for one in tables]), np.array([0, 4, 8]), np.array([4, 4, 4])
    p = np.array([[0.52, 0.48], [0.47, 0.53], [0.49, 0.51]])
    F, J, G, A, C, result = np.empty(3), np.empty((3, 3)), np.empty(1), np.empty((3, 3)), np.empty((3, 3)), np.empty(4)
    settled = newton(T, sizes, s, off, corners, first, p, F, J, G, A, C)
    return bool(settled and prove(s, sizes, corners, p, F, J, C, 0.0, result)), np.array([*p[:, 1], *result[:2]])


def test_a_simple_solution_is_proved_with_an_error_that_holds_and_a_box_that_is_wider() -> None:
    done, (*shares, radius, error) = proved(0.5, 0.25)
    assert done
    assert np.abs(np.array(shares) - 0.5).max() <= error <= 1e-13
    assert 1e-4 < radius <= 0.01


def test_where_the_slopes_vanish_nothing_is_proved() -> None:
    assert not proved(0.0, 0.5)[0]
    assert not proved(1e-9, 0.5)[0]
