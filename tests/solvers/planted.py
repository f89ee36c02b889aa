"""Games of several players whose equilibria are known because they were put there."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import numpy as np

import sim

Profile = tuple[tuple[Fraction, ...], ...]


def random_mix(n: int, source: Random) -> tuple[Fraction, ...]:
    """A completely mixed strategy with small denominators."""
    weights = [source.randint(1, 5) for _ in range(n)]
    return tuple(Fraction(weight, sum(weights)) for weight in weights)


def random_game(sizes: Sequence[int], source: Random, greatest: int = 1_000_000) -> np.ndarray:
    tensor = np.empty((len(sizes), *sizes), dtype=object)
    for index in np.ndindex(tensor.shape):
        tensor[index] = Fraction(source.randint(-greatest, greatest), greatest)
    return tensor


def make_indifferent(tensor: np.ndarray, profile: Profile, player: int, actions: Sequence[int]) -> None:
    """Change one payoff of each later action, so that all of `actions` earn the same against the others' strategies."""
    others = [own for k, own in enumerate(profile) if k != player]
    own = np.moveaxis(tensor[player], player, 0)
    values = {a: expected(own[a], others) for a in actions}
    for a in actions[1:]:
        at = tuple(max(range(len(mix)), key=lambda k, mix=mix: mix[k]) for mix in others)
        weight = Fraction(1)
        for mix, k in zip(others, at, strict=True):
            weight *= mix[k]
        own[(a, *at)] += (values[actions[0]] - values[a]) / weight


def expected(table: np.ndarray, mixes: Sequence[Sequence[Fraction]]) -> Fraction:
    for mix in reversed(mixes):
        table = table @ np.array(mix, dtype=object)
    return Fraction(table)


def planted_game(sizes: Sequence[int], source: Random) -> tuple[sim.Game, Profile]:
    """A random game with a completely mixed equilibrium, and that equilibrium."""
    tensor = random_game(sizes, source)
    profile = tuple(random_mix(n, source) for n in sizes)
    for player, n in enumerate(sizes):
        make_indifferent(tensor, profile, player, range(n))
    return sim.Game.from_arrays(*tensor), profile
