"""Segments of equilibria: their exact ends, held against regrets at, between and beyond them."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from random import Random

import sim
from sim.game.efg import parse_efg
from sim.game.tree import Tree
from sim.solvers.certificate import IntegerPayoffs, certify_by, integer_payoffs
from sim.solvers.n_player import solve_n_player
from sim.solvers.segments import segment
from sim.solvers.tree_answer import solve_tree
from tests.game.written_games import Branch, Choice, efg_text
from tests.solvers.planted import random_game


def horse(*, seen: bool = False) -> Tree:
    """Selten's horse; `seen`: player 3 moves also after C and c, to no effect on payoffs."""

    def three(left: Branch, right: Branch) -> Choice:
        return Choice(3, "hidden", {"L": left, "R": right})

    end = three((1, 1, 1), (1, 1, 1)) if seen else (1, 1, 1)
    root = Choice(1, "first", {
        "D": three((3, 2, 2), (0, 0, 0)),
        "C": Choice(2, "second", {"d": three((4, 4, 0), (0, 0, 1)), "c": end}),
    })  # fmt: skip
    return parse_efg(efg_text("horse", ["P1", "P2", "P3"], root), "x.efg")


def test_both_lines_of_seltens_horse_have_exact_ends() -> None:
    found = sim.solve(horse(), "nash")
    ends = [[found.equilibria[k].exact for k in line] for line in found.extra["segments"]]
    D, C = L, R = (1, 0), (0, 1)
    c = (0, 1)
    third, quarter = (Fraction(2, 3), Fraction(1, 3)), (Fraction(1, 4), Fraction(3, 4))
    assert [sorted(line) for line in ends] == [sorted([(C, c, R), (C, c, quarter)]), sorted([(D, c, L), (D, third, L)])]
    assert len(found) == 4
    assert not found.complete  # a line is a continuum
    assert "continuum: what 2 supports hold are segments" in found.why
    assert [found.equilibria[k].pure for k in found.extra["samples"]] == [False, False]


def test_between_ends_that_are_pure_the_middle_is_a_sample() -> None:
    A = [[[1, 1], [0, 0]], [[0, 0], [1, 1]]]  # players 1 and 2 meet, player 3 does not care
    found = solve_n_player(sim.Game.from_arrays(A, A, [[[0, 0], [0, 0]], [[0, 0], [0, 0]]]))
    assert not found.complete
    lines = [[found.equilibria[k] for k in line] for line in found.extra["segments"]]
    assert len(lines) == 2
    assert all(one.pure for line in lines for one in line)
    samples = [found.equilibria[k].strategies for k in found.extra["samples"]]
    assert {((1, 0), (1, 0), (0.5, 0.5)), ((0, 1), (0, 1), (0.5, 0.5))} <= set(samples)


def test_lines_whose_points_end_alike_are_one_outcome() -> None:
    found = solve_tree(horse())
    assert (len(found), found.complete) == (2, True)


def test_lines_whose_points_end_differently_are_a_continuum_of_outcomes() -> None:
    found = solve_tree(horse(seen=True))
    assert (len(found), found.complete) == (3, False)  # both ends of the line after C and c, and D
    assert "a subgame has a continuum of equilibria" in found.why


SIZES = (2, 3, 2)


def one_mixer() -> Iterator[tuple[int, list[list[int]]]]:
    """Every support in which one player, who is named, has two actions and every other one."""
    for k, n in enumerate(SIZES):
        own = [[[a] for a in range(m)] for m in SIZES]
        own[k] = [[a, b] for a in range(n) for b in range(a + 1, n)]
        yield from ((k, list(support)) for support in product(*own))


def regret(payoffs: Sequence[IntegerPayoffs], support: list[list[int]], k: int, share: Fraction) -> float:
    """Where player k plays the first of its two actions with a share."""
    mixes = [[Fraction(0)] * m for m in SIZES]
    for player, own in enumerate(support):
        for action, part in zip(own, (share, 1 - share) if player == k else (Fraction(1),), strict=True):
            mixes[player][action] = part
    return certify_by(payoffs, mixes).regret


def test_within_a_segment_nobody_gains_and_beyond_it_somebody_does() -> None:
    source = Random(5)
    met = {"none": 0, "point": 0, "line": 0, "whole": 0}
    grid = [Fraction(step, 12) for step in range(1, 12)]
    for _ in range(60):
        payoffs = integer_payoffs(sim.Game.from_arrays(*random_game(SIZES, source, 2)))
        for k, support in one_mixer():
            inside = [share for share in grid if regret(payoffs, support, k, share) == 0]
            ends = segment(payoffs, support)
            if ends is None:
                assert not inside
                met["none"] += 1
                continue
            low, high = (end[k][support[k][0]] for end in ends)
            assert [regret(payoffs, support, k, share) for share in (low, high, (low + high) / 2)] == [0, 0, 0]
            assert inside == [share for share in grid if low <= share <= high]
            beyond = [share for share in (low - Fraction(1, 10**6), high + Fraction(1, 10**6)) if 0 < share < 1]
            assert all(regret(payoffs, support, k, share) > 0 for share in beyond)
            met["point" if low == high else "whole" if high - low == 1 else "line"] += 1
    assert min(met.values()) > 5


def test_a_support_of_another_kind_is_no_segment() -> None:
    payoffs = integer_payoffs(sim.Game.from_arrays(*random_game((2, 3, 2), Random(1), 3)))
    for support in ([[0], [1], [1]], [[0, 1], [1, 2], [0]], [[0], [0, 1, 2], [0]]):
        assert segment(payoffs, support) is None


def test_a_game_without_lines_names_none() -> None:
    found = solve_n_player(sim.Game.from_arrays(*random_game((2, 2, 2), Random(3), 1000)))
    assert found.extra.get("segments", []) == []
