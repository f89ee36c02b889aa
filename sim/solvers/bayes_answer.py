"""Equilibria with private types as one set: who does what by type, and how likely what outsiders see is.

A player's `strategies` are the shares of its types that choose each action: what others expect of it. Payoffs are
expected over types; events have the share of the types under which they happen.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import nextafter
from typing import Any

import numpy as np

from sim.game.exact import merge_axes
from sim.game.game import Game
from sim.game.payoffs import GameFamily, event_values
from sim.scenario.model import Order
from sim.solvers.bayes import BayesianGame, Play, bayes_nash, bayesian_game, gains
from sim.solvers.equilibria import Equilibrium, EquilibriumSet
from sim.solvers.perfect_bayes import perfect_bayes
from sim.solvers.verdict import Ground, held, judge


def solve_bayes(
    game: Game, family: GameFamily, numbers: Mapping[str, Fraction], order: Order | None = None
) -> EquilibriumSet:
    """Pure Bayes-Nash equilibria; with an order of moves the outcomes of pure weak perfect Bayesian equilibria.

    Args:
        game: the normal form without types, which names players and actions.
        family: the compiled scenario, allowed options only.
        numbers: complete; what a type sets is replaced.
        order: one of the scenario's.

    Returns:
        Equilibria with `by_type`: player -> type -> move -> option, for players with types; a move that depends on the
        types of others as well stands in `outcomes` alone: one profile for each profile of types.

    Raises:
        UsageError: no types, or too much to check.
    """
    private = bayesian_game(family, numbers)
    if order is None:
        plays, ground = bayes_nash(private), Ground.TYPE_PLANS
    else:
        axis = {move.name: k for k, move in enumerate(family.scenario.moves)}
        plays = perfect_bayes(private, [[axis[move] for move in element] for element in order.elements])
        ground = Ground.TYPE_OUTCOMES
    equilibria = tuple(_equilibrium(family, private, play) for play in plays)
    verdict = held(judge(ground, note=game.note), equilibria if order is None else ())
    found = EquilibriumSet(game.title, game.players, game.actions, "bayes", verdict, equilibria)
    return replace(found, order=None if order is None else order.name)


def _equilibrium(family: GameFamily, private: BayesianGame, play: Play) -> Equilibrium:
    found = gains(private, play)
    odds = [private.share(own) for own in private.type_profiles]
    shares = _shares(private, play, odds)
    profiles = [_profile(family, at) for at in play]
    by_type = _by_type(family, private, profiles)
    outcomes = [
        {"types": _types(private, own), "share": float(p), "profile": profile}
        for own, p, profile in zip(private.type_profiles, odds, profiles, strict=True)
    ]
    events = {
        name: _between(sum((p for p, at in zip(odds, play, strict=True) if truth.ravel()[at]), start=Fraction(0)))
        for name, truth in event_values(family).items()
    }
    return Equilibrium(
        strategies=tuple(tuple(map(float, own)) for own in shares),
        payoffs=tuple(map(float, found.payoffs)),
        regret=float(found.regret),
        relative_regret=float(found.relative_regret),
        pure=True,
        strict=found.strict,
        exact=shares,
        profile=_common(profiles),
        events=events,
        extra={"by_type": by_type, "outcomes": outcomes},
    )


def _shares(private: BayesianGame, play: Play, odds: list[Fraction]) -> tuple[tuple[Fraction, ...], ...]:
    """For each player the share of its types that choose each merged action."""
    cells = np.arange(int(np.prod(private.shape))).reshape(1, *private.shape)
    merged = merge_axes(cells, private.axes_of)[0]
    shares = [[Fraction(0)] * n for n in merged.shape]
    for p, at in zip(odds, play, strict=True):
        for own, action in zip(shares, np.argwhere(merged == at)[0].tolist(), strict=True):
            own[action] += p
    return tuple(map(tuple, shares))


def _profile(family: GameFamily, place: int) -> dict[str, str]:
    at = np.unravel_index(place, family.shape)
    return {
        move.name: move.options[own[int(k)]]
        for move, own, k in zip(family.scenario.moves, family.ranks, at, strict=True)
    }


def _by_type(
    family: GameFamily, private: BayesianGame, profiles: list[dict[str, str]]
) -> dict[str, dict[str, dict[str, str]]]:
    result: dict[str, dict[str, dict[str, str]]] = {}
    for k, (player, axes) in enumerate(zip(private.players, private.axes_of, strict=True)):
        moves = [family.scenario.moves[axis].name for axis in axes]
        for t, name in enumerate(private.types[k]) if private.types[k] != ("",) else ():
            met = [one for one, types in zip(profiles, private.type_profiles, strict=True) if types[k] == t]
            same = _common(met)
            result.setdefault(player, {})[name] = {move: same[move] for move in moves if move in same}
    return result


def _types(private: BayesianGame, types: tuple[int, ...]) -> dict[str, Any]:
    named = zip(private.players, private.types, types, strict=True)
    return {player: own[t] for player, own, t in named if own != ("",)}


def _common(profiles: list[dict[str, str]]) -> dict[str, str]:
    """The moves that are the same in all."""
    return {move: option for move, option in profiles[0].items() if all(one[move] == option for one in profiles)}


def _between(share: Fraction) -> float:
    """The nearest float64 that is 0 or 1 only where the share is."""
    return float(share) if share in (0, 1) else min(max(float(share), 5e-324), nextafter(1.0, 0.0))
