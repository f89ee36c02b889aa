"""Strategies looked at once against the certificate and the index of each pair on its own."""

import random
from fractions import Fraction

import numpy as np

from sim.game.game import Game
from sim.solvers.certificate import certify_by, integer_payoffs
from sim.solvers.exact_pairs import certify_pairs, descending, mix_of
from sim.solvers.index import equilibrium_index
from sim.solvers.two_player_exact import extreme_equilibria


def random_game(source: random.Random) -> Game:
    m, n = source.randint(1, 4), source.randint(1, 4)
    A, B = ([[Fraction(source.randint(-2, 2), source.randint(1, 3)) for _ in range(n)] for _ in range(m)] for _ in "12")
    return Game.from_arrays(A, B)


def test_certificates_and_indices_are_those_of_each_pair_alone() -> None:
    source = random.Random(1)
    irregular = 0
    for _ in range(200):
        payoffs = integer_payoffs(random_game(source))
        found = extreme_equilibria(payoffs)
        entries, indices = certify_pairs(payoffs, found.left, found.right, found.graph)
        assert list(entries) == [certify_by(payoffs, pair) for pair in found.pairs]
        expected = [equilibrium_index(payoffs, one) for one in entries]
        assert list(indices) == expected
        irregular += None in expected
    assert 30 < irregular < 170


def test_a_pair_that_is_no_equilibrium_is_certified_with_what_it_lacks() -> None:
    payoffs = integer_payoffs(Game.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    left, right = [mix_of((1, 0)), mix_of((2, 1))], [mix_of((1, 0)), mix_of((0, 4))]
    edges = [(x, y) for x in range(2) for y in range(2)]
    entries, indices = certify_pairs(payoffs, left, right, edges)
    assert list(entries) == [certify_by(payoffs, (left[x].exact, right[y].exact)) for x, y in edges]
    assert [one.regret > 0 for one in entries] == [True] * 4
    assert list(indices) == [None] * 4


def test_a_strategy_is_in_lowest_terms_whatever_its_weights() -> None:
    mix = mix_of((0, 6, 9))
    assert (mix.weights, mix.whole, mix.exact) == ((0, 2, 3), 5, (0, Fraction(2, 5), Fraction(3, 5)))
    assert (mix.shares, mix.played) == ((0.0, 0.4, 0.6), 0b110)
    assert mix_of((0, 7)).exact == (0, 1)


def test_rationals_that_round_to_the_same_floats_are_still_in_order() -> None:
    big = 10**40
    rows = [(big + k, big - k, big + d) for k in (2, 0, 1) for d in (1, 0)]
    mixes = descending(map(mix_of, rows))
    assert len({mix.shares for mix in mixes}) < len(mixes)
    assert [mix.exact for mix in mixes] == sorted((mix.exact for mix in mixes), reverse=True)
    small = descending(map(mix_of, [(1, 2), (3, 1), (1, 1), (0, 1)]))
    assert [mix.given for mix in small] == [(3, 1), (1, 1), (1, 2), (0, 1)]


def test_a_game_of_4095_equilibria_is_whole_within_the_budget_that_is_given_unasked() -> None:
    from sim.solvers.two_player_exact import solve_exact

    solution = solve_exact(Game.from_arrays(np.eye(12, dtype=int), np.eye(12, dtype=int)))
    assert (len(solution), solution.complete) == (4095, True)
