"""Subgame-perfect outcomes: games of the textbooks, ties kept whole, no play where a subgame has none."""

import numpy as np
import pytest

from sim.solvers.concepts import Request, Rules, solve_batch


def answers(tensor, axes_of, orders):
    named = {str(k): order for k, order in enumerate(orders)}
    requests = [Request("subgame-perfect", name) for name in named]
    found = solve_batch(tensor, Rules(axes_of, orders=named), requests)
    return [found[request] for request in requests]


def outcomes(payoffs, axes_of, *orders) -> list[list[tuple[int, ...]]]:
    tensor = np.asarray(payoffs, dtype=float)[None]
    found = answers(tensor, axes_of, orders)
    return [[tuple(at) for at in np.argwhere(one.is_equilibrium[0]).tolist()] for one in found]


def test_the_entrant_enters_and_the_threat_is_not_believed() -> None:  # Selten (1978), the chain store in one town
    entrant, monopolist = [[1, 1], [2, 0]], [[5, 5], [2, 0]]  # stay out or enter; acquiesce or fight
    first, last = outcomes([entrant, monopolist], ((0,), (1,)), ((0,), (1,)), ((1,), (0,)))
    assert first == [(1, 0)]
    assert last == [(0, 1)]  # committed before, it is believed


def test_the_centipede_stops_at_once() -> None:  # Rosenthal (1981), four nodes; take is 0
    payoffs = np.zeros((2, 2, 2, 2, 2))
    ends = [(1, 0), (0, 2), (3, 1), (2, 4), (3, 3)]  # taken at node 1, 2, 3, 4, never
    for at in np.ndindex(2, 2, 2, 2):
        payoffs[(slice(None), *at)] = ends[at.index(0) if 0 in at else 4]
    (found,) = outcomes(payoffs, ((0, 2), (1, 3)), ((0,), (1,), (2,), (3,)))
    assert {at[0] for at in found} == {0}


def test_an_indifferent_responder_keeps_both_ends_of_the_ultimatum() -> None:
    offers, accept = np.arange(4)[:, None], np.array([0, 1])
    payoffs = [(3 - offers) * accept, offers * accept]  # offer 0..3 of 3; refuse, accept
    (found,) = outcomes(payoffs, ((0,), (1,)), ((0,), (1,)))
    # offer 0 accepted; offer 1 where a 0 would be refused; nothing above it, and no refusal
    assert found == [(0, 1), (1, 1)]


def test_a_subgame_without_pure_play_leaves_the_game_without() -> None:
    # out ends it (and is best for A); in leads to matching pennies
    A, B = np.zeros((2, 2, 2)), np.zeros((2, 2, 2))
    A[0], B[0] = 5, 5
    A[1], B[1] = [[1, -1], [-1, 1]], [[-1, 1], [1, -1]]
    assert outcomes([A, B], ((0, 1), (2,)), ((0,), (1, 2)), ((0,), (1,), (2,))) == [
        [],
        [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)],
    ]


def test_moves_at_the_same_time_are_a_game_in_normal_form() -> None:
    dilemma = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
    assert outcomes(dilemma, ((0,), (1,)), ((0, 1),)) == [[(1, 1)]]


def test_one_player_chooses_its_moves_of_one_element_together() -> None:
    assert outcomes([[[1, 0], [0, 2]]], ((0, 1),), ((0, 1),), ((0,), (1,))) == [[(1, 1)], [(1, 1)]]


def test_orders_asked_together_answer_as_each_alone() -> None:
    u = np.random.default_rng(4).integers(0, 3, (80, 2, 2, 2, 3)).astype(float)
    axes = ((0, 2), (1,))
    orders = [((0,), (1,), (2,)), ((1,), (0,), (2,)), ((0, 1), (2,)), ((2,), (0, 1)), ((0, 1, 2),)]
    together = answers(u, axes, orders)
    for order, one in zip(orders, together, strict=True):
        (alone,) = answers(u, axes, [order])
        assert (alone.is_equilibrium == one.is_equilibrium).all()
        assert (alone.gap == one.gap).all()
    assert len({one.is_equilibrium.tobytes() for one in together}) == len(orders)


@pytest.mark.parametrize(("short", "kept"), [(0.9e-12, 2), (1.1e-12, 1)])
def test_a_tie_is_kept_up_to_the_tolerance(short: float, kept: int) -> None:
    assert len(outcomes([[1.0, 1.0 - short, 0.0]], ((0,),), ((0,),))[0]) == kept


def test_no_orders_no_answers() -> None:
    assert outcomes([[1.0, 0.0]], ((0,),)) == []
