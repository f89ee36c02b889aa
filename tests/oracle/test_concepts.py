"""The oracle held against games whose answers are in every textbook, and against brute force."""

import random
from collections.abc import Sequence
from itertools import product

from tests.oracle.concepts import Plain, mask, strong, subgame_perfect, subgame_perfect_by_force


def two_by_two(cells: dict[tuple[int, int], tuple[int, int]]) -> Plain:
    payoffs = {who: {p: pair[k] for p, pair in cells.items()} for k, who in enumerate("AB")}
    return Plain.of("AB", [sorted({p[0] for p in cells}), sorted({p[1] for p in cells})], payoffs)


def test_the_prisoners_defect_and_their_pair_upsets_it() -> None:
    game = two_by_two({(0, 0): (3, 3), (0, 1): (0, 5), (1, 0): (5, 0), (1, 1): (1, 1)})
    assert strong(game, 1) == {(1, 1)}
    assert strong(game, 2) == set()
    assert strong(game, 2, may=[]) == {(1, 1)}  # where the two cannot plan together, nothing is upset


def test_only_the_stag_survives_the_pair() -> None:
    game = two_by_two({(0, 0): (4, 4), (0, 1): (0, 3), (1, 0): (3, 0), (1, 1): (3, 3)})
    assert strong(game, 1) == {(0, 0), (1, 1)}
    assert strong(game, 2) == {(0, 0)}


def test_the_entrant_enters_and_the_empty_threat_is_nash_alone() -> None:  # Selten (1978), the chain store
    game = two_by_two({(0, 0): (1, 5), (0, 1): (1, 5), (1, 0): (2, 2), (1, 1): (0, 0)})
    assert strong(game, 1) == {(1, 0), (0, 1)}
    assert subgame_perfect(game, [[0], [1]]) == {(1, 0)}
    assert subgame_perfect(game, [[1], [0]]) == {(0, 1)}  # a threat carried out before is no threat but a fact
    assert subgame_perfect(game, [[0, 1]]) == strong(game, 1)


def test_an_indifferent_responder_leaves_both_ends_of_the_ultimatum_game() -> None:
    # offers 0, 1, 2 of 2; one yes-or-no for each offer: moves are offer, then the answer
    cells = {(offer, yes): ((2 - offer) * yes, offer * yes) for offer, yes in product(range(3), range(2))}
    payoffs = {who: {p: pair[k] for p, pair in cells.items()} for k, who in enumerate("AB")}
    game = Plain.of("AB", [range(3), range(2)], payoffs)
    assert subgame_perfect(game, [[0], [1]]) == {(0, 1), (1, 1)}


def test_one_subgame_of_matching_pennies_leaves_the_whole_game_without_pure_play() -> None:
    # A may stay out, which it prefers; in the subgame after going in nothing pure stands
    payoffs = {
        "A": {p: 5 if p[0] == 0 else (1 if p[1] == p[2] else -1) for p in product(range(2), repeat=3)},
        "B": {p: 0 if p[0] == 0 else (-1 if p[1] == p[2] else 1) for p in product(range(2), repeat=3)},
    }
    game = Plain.of("AAB", [range(2)] * 3, payoffs)
    assert subgame_perfect(game, [[0], [1, 2]]) is None
    assert subgame_perfect_by_force(game, [[0], [1, 2]]) is None
    assert mask(game, [[0], [1, 2]]) is None


def test_a_gain_is_one_only_above_the_tolerance() -> None:
    for gain, stable in [(10, {(0,), (1,)}), (11, {(1,)})]:  # of a range of 1e13, whose 1e-12 is 10
        game = Plain.of("A", [range(3)], {"A": {(0,): 10**13 - gain, (1,): 10**13, (2,): 0}})
        assert strong(game, 1) == subgame_perfect(game, [[0]]) == subgame_perfect_by_force(game, [[0]]) == stable


def small_game(seed: int) -> tuple[Plain, list[list[int]]]:
    """A game of 2 to 4 moves with payoffs 0 to 2, so nearly every choice ties, and an order of it."""
    chance = random.Random(seed)
    sizes: Sequence[int] = chance.choice([(2, 2), (3, 2), (2, 3), (2, 2, 2), (3, 2, 1), (2, 1, 3), (1, 2, 2, 2)])
    owner = [chance.choice("ABC") for _ in sizes]
    levels = chance.choice([2, 3])
    payoffs = {
        who: {p: chance.randrange(levels) for p in product(*(range(n) for n in sizes))} for who in dict.fromkeys(owner)
    }
    moves = list(range(len(sizes)))
    chance.shuffle(moves)
    order: list[list[int]] = []
    for move in moves:
        if order and chance.random() < 0.4:
            order[-1].append(move)
        else:
            order.append([move])
    return Plain.of(owner, [range(n) for n in sizes], payoffs), order


def test_induction_and_the_mask_agree_with_every_strategy_profile_tried() -> None:
    answers = []
    for seed in range(500):
        game, order = small_game(seed)
        forced = subgame_perfect_by_force(game, order)
        assert subgame_perfect(game, order) == forced, f"seed {seed}"
        assert mask(game, order) == forced, f"seed {seed}"
        answers.append(len(forced or ()))
    assert answers.count(0) >= 5  # the sample holds games without pure play
    assert sum(n > 1 for n in answers) >= 250  # and many with several outcomes
