"""realpolitik: turn an argument about international politics into a game, solve it, and say how far the answer holds.

`load` a scenario, `solve` it, `sweep` what nobody knows. Names are loaded when they are first used, so that `import
sim` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

DRAWS, SEED = 10_000, 1  # where nothing is said, at every door

if TYPE_CHECKING:
    from sim.api import Scenario, load, open_sweep, read_game, solve, solve_many, sweep
    from sim.decisions import compare, diff, hindcast, learn, policy, register
    from sim.errors import PayoffError, RealpolitikError, ScenarioError, UsageError
    from sim.game.game import Game
    from sim.game.tree import Tree
    from sim.pages import explore, plot, report
    from sim.questions import (
        believe,
        challenge,
        discover,
        explain,
        map,
        placebo,
        prove,
        sensitivity,
        structure,
        thresholds,
    )

_PLACES = {
    "Game": "sim.game.game",
    "PayoffError": "sim.errors",
    "RealpolitikError": "sim.errors",
    "Scenario": "sim.api",
    "ScenarioError": "sim.errors",
    "Tree": "sim.game.tree",
    "UsageError": "sim.errors",
    "believe": "sim.questions",
    "challenge": "sim.questions",
    "compare": "sim.decisions",
    "diff": "sim.decisions",
    "discover": "sim.questions",
    "explain": "sim.questions",
    "explore": "sim.pages",
    "hindcast": "sim.decisions",
    "learn": "sim.decisions",
    "load": "sim.api",
    "map": "sim.questions",
    "open_sweep": "sim.api",
    "placebo": "sim.questions",
    "plot": "sim.pages",
    "policy": "sim.decisions",
    "prove": "sim.questions",
    "read_game": "sim.api",
    "register": "sim.decisions",
    "report": "sim.pages",
    "sensitivity": "sim.questions",
    "solve": "sim.api",
    "solve_many": "sim.api",
    "structure": "sim.questions",
    "sweep": "sim.api",
    "thresholds": "sim.questions",
}

__all__ = [
    "Game",
    "PayoffError",
    "RealpolitikError",
    "Scenario",
    "ScenarioError",
    "Tree",
    "UsageError",
    "believe",
    "challenge",
    "compare",
    "diff",
    "discover",
    "explain",
    "explore",
    "hindcast",
    "learn",
    "load",
    "map",
    "open_sweep",
    "placebo",
    "plot",
    "policy",
    "prove",
    "read_game",
    "register",
    "report",
    "sensitivity",
    "solve",
    "solve_many",
    "structure",
    "sweep",
    "thresholds",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
