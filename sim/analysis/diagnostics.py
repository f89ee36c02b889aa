"""What a scenario's form gives away: dominant actions, events that never vary, outliers, stakes beyond a swing."""

import numpy as np
from numpy.typing import NDArray

from sim.game.dominance import dominant_actions
from sim.game.exact import merge_axes
from sim.game.payoffs import GameFamily, central_parameters, compile_family, event_values, payoffs, stake_values
from sim.scenario.model import ScenarioData
from sim.solvers.ties import TIE
from sim.sweeps.streams import sample

DOMINANT = 0.80  # share of draws with a strictly dominant action above which a player's choice is no strategic one
HIDDEN = 1e-4  # median deviation, as a share of the range, below which an outlier hides all other differences
SWINGS = 3.0  # range of a stake, in swings, above which its weight is no swing weight
STEP = 1024  # draws held at once


def diagnostics(scenario: ScenarioData, draws: int = 1000, seed: int = 1) -> list[str]:
    """Plain warnings about a scenario's form, for `sim check`; empty where there is nothing to say.

    Args:
        scenario: checked data.
        draws: sampled parameter sets for the share with a strictly dominant action.
        seed: of all streams.
    """
    family = compile_family(scenario, allowed_only=True)
    return [
        *_dominance(family, draws, seed),
        *_constant_events(family),
        *_outliers(family),
        *_wide_stakes(family),
    ]


def dominant_shares(family: GameFamily, draws: int, seed: int) -> dict[str, float]:
    """For each player with a choice, the share of sampled parameter sets in which some action is strictly dominant."""
    found: dict[str, int] = {}
    for start in range(0, draws, STEP):
        drawn = sample(family.scenario, seed, start, min(STEP, draws - start))
        tensor = payoffs(family, drawn)
        repeat = min(STEP, draws - start) // len(tensor)  # one game stands for all draws where no number is uncertain
        merged = np.stack([merge_axes(own, family.axes_of) for own in tensor])
        for player, own in zip(family.players, dominant_actions(merged, tie=TIE), strict=True):
            if own.strictly.shape[1] > 1:
                found[player] = found.get(player, 0) + repeat * int(own.strictly.any(axis=1).sum())
    return {player: count / draws for player, count in found.items()}


def _dominance(family: GameFamily, draws: int, seed: int) -> list[str]:
    return [
        f"{player} has a strictly dominant action in {100 * share:.1f}% of {draws} sampled parameter sets: "
        "what the others do hardly matters to it."
        for player, share in dominant_shares(family, draws, seed).items()
        if share > DOMINANT
    ]


def _constant_events(family: GameFamily) -> list[str]:
    found = []
    for name, truth in event_values(family).items():
        if truth.all() or not truth.any():
            word = "holds" if truth.all() else "fails"
            found.append(f"event '{name}' {word} at every allowed profile: its share is built in, not found.")
    return found


def _outliers(family: GameFamily) -> list[str]:
    tensor = payoffs(family, central_parameters(family.scenario))[0]
    return [
        f"one outlier among {player}'s payoffs hides all other differences at central values: "
        f"their median deviation is below {HIDDEN:g} of the range."
        for player, own in zip(family.players, tensor, strict=True)
        if _hidden(np.unique(own))
    ]


def _hidden(values: NDArray[np.float64]) -> bool:
    """Whether distinct payoffs (ascending) lie close together but for a few (of two, each is half a range away)."""
    deviation = float(np.median(np.abs(values - np.median(values))))
    return deviation < HIDDEN * float(values[-1] - values[0])


def _wide_stakes(family: GameFamily) -> list[str]:
    scenario = family.scenario
    weighed = {interest.stake for interest in scenario.interests}
    if not weighed:
        return []
    values = stake_values(family, central_parameters(scenario))
    found = []
    for stake in scenario.stakes:
        spread = float(np.ptp(values[stake.name])) / float(stake.swing)
        if stake.name in weighed and spread > SWINGS:
            found.append(
                f"stake '{stake.name}' ranges over {spread:.3g} swings at central values: "
                "its weights are no swing weights. Give it a larger `swing`."
            )
    return found
