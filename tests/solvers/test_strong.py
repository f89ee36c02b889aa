"""Strong equilibria: nested in k, upset exactly by the coalitions that count, with the margin worked out by hand."""

from itertools import combinations, pairwise, product

import numpy as np
import pytest

from sim.errors import PayoffError
from sim.solvers.concepts import Request, Rules, solve_batch
from sim.solvers.strong import coalitions_of

RANDOM = np.random.default_rng(8).integers(0, 3, (150, 3, 2, 3, 2)).astype(float)
THREE = Rules(((0,), (1,), (2,)))


def answer(payoffs, name: str, rules: Rules = THREE):
    request = Request(name)
    return solve_batch(np.asarray(payoffs, dtype=float), rules, [request])[request]


def by_force(u: np.ndarray, most: int) -> np.ndarray:
    """Straight from the definition, for integers."""
    sizes, kept = u.shape[1:], np.ones(u.shape[1:], dtype=bool)
    for at in product(*map(range, sizes)):
        for size in range(1, most + 1):
            for group in combinations(range(len(u)), size):
                for move in product(*(range(sizes[i]) for i in group)):
                    new = list(at)
                    for i, action in zip(group, move, strict=True):
                        new[i] = action
                    if all(u[(i, *new)] > u[(i, *at)] for i in group):
                        kept[at] = False
    return kept


@pytest.mark.parametrize("k", [1, 2, 3])
def test_strong_k_is_what_the_definition_says(k: int) -> None:
    mask = answer(RANDOM, f"strong-{k}").is_equilibrium
    for u, kept in zip(RANDOM[:60], mask[:60], strict=True):
        assert (kept == by_force(u, k)).all()


def test_each_order_is_a_subset_of_the_one_before_and_the_first_is_pure_nash() -> None:
    nash = answer(RANDOM, "pure-nash")
    masks = [answer(RANDOM, f"strong-{k}").is_equilibrium for k in (1, 2, 3)]
    assert (masks[0] == nash.is_equilibrium).all()
    assert all((weaker | ~stronger).all() for weaker, stronger in pairwise(masks))
    assert masks[0].sum() > masks[1].sum() > masks[2].sum() > 0  # the sample tells them apart


def test_asking_for_several_at_once_changes_no_answer() -> None:
    names = ["strong-3", "pure-nash", "strong-2", "strong-3-any", "strong-2-any"]
    rules = Rules(THREE.axes_of, may=((0, 1), (0, 1, 2)))
    together = solve_batch(RANDOM, rules, [Request(name) for name in names])
    for name in names:
        alone, own = answer(RANDOM, name, rules), together[Request(name)]
        assert (alone.is_equilibrium == own.is_equilibrium).all()
        assert (alone.margin == own.margin).all()
        assert (alone.gap == own.gap).all()


def test_only_the_listed_coalitions_count() -> None:
    dilemma = [[[[3, 0], [5, 1]], [[3, 5], [0, 1]]]]
    axes = ((0,), (1,))
    assert answer(dilemma, "strong-2", Rules(axes)).is_equilibrium.sum() == 0
    assert answer(dilemma, "strong-2", Rules(axes, may=())).is_equilibrium.sum() == 1
    assert answer(dilemma, "strong-2", Rules(axes, may=((1, 0),))).is_equilibrium.sum() == 0
    assert answer(dilemma, "strong-2-any", Rules(axes, may=())).is_equilibrium.sum() == 0
    assert coalitions_of(4, 2, ((3, 1), (0, 1, 2))) == ((1, 3),)
    assert len(coalitions_of(4, 3, None)) == 4


def test_a_single_player_is_no_coalition_of_two() -> None:
    assert coalitions_of(3, 1, None) == ()


def test_the_margin_is_the_smallest_gain_that_would_upset() -> None:
    # at (0, 0) A loses 2 of its range 8 by leaving, B loses 1 of its range 4, and the pair's other cell costs A all
    game = [[[[8, 4], [6, 0]], [[4, 3], [0, 0]]]]
    assert answer(game, "strong-2", Rules(((0,), (1,)))).margin.tolist() == [0.25]


def test_nothing_to_upset_has_no_margin() -> None:
    pennies = [[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]]
    for name in ("pure-nash", "strong-2"):
        found = answer(pennies, name, Rules(((0,), (1,))))
        assert np.isinf(found.margin).all()
        assert not found.is_equilibrium.any()


def test_payoffs_too_far_apart_are_refused() -> None:
    with pytest.raises(PayoffError, match="differ by more"):
        answer([[[1e308, -1e308]]], "pure-nash", Rules(((0,),)))


@pytest.mark.parametrize(("gain", "upset"), [(0.9e-12, False), (1.1e-12, True)])
def test_a_pair_upsets_only_by_more_than_a_tie_for_each(gain: float, upset: bool) -> None:
    own = [[1.0, 0.0], [0.0, 1.0 + gain]]  # both players meet at either corner; the range is 1
    assert answer([[own, own]], "strong-2", Rules(((0,), (1,)))).is_equilibrium[0, 0, 0] == (not upset)


def test_a_member_that_is_indifferent_everywhere_never_upsets() -> None:
    game = [[[[0.0, 0.0], [0.0, 5.0]], [[0.0, 0.0], [0.0, 0.0]]]]
    assert answer(game, "strong-2", Rules(((0,), (1,)))).is_equilibrium[0].tolist() == [[True, False], [True, True]]
