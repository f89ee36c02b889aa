"""Two-player games inside the big one: solved by nashpy, held against the exact set, tried in the whole game."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.game.game import Game
from sim.solvers.nashpy_bridge import SliceSolution


@dataclass(frozen=True, slots=True)
class DominantAction:
    """An action of one side that is a best reply whatever the other side of the slice does."""

    player: str
    action: str
    strictly: bool  # the only best reply each time

    def to_dict(self) -> dict[str, Any]:
        """Plain words."""
        return {"player": self.player, "action": self.action, "strictly": self.strictly}


@dataclass(frozen=True, slots=True, eq=False)
class SliceResult:
    """One slice at one parameter set."""

    name: str
    game: Game
    given: Mapping[str, str]  # every move that belongs to neither side -> option
    solution: SliceSolution
    in_whole_game: tuple[bool, ...]  # is equilibrium k one of the whole game, extended by `given`: exact regret 0
    regrets_in_whole: tuple[float, ...]  # greatest regret there of any player, as a share of that player's range
    dominant: tuple[DominantAction, ...]

    def to_dict(self) -> dict[str, Any]:
        """The entry of a slice in `summary.json`."""
        return {
            "name": self.name,
            "given": dict(self.given),
            **self.solution.to_dict(),
            "in_whole_game": list(self.in_whole_game),
            "regrets_in_whole": list(self.regrets_in_whole),
            "dominant": [own.to_dict() for own in self.dominant],
        }

    def __repr__(self) -> str:
        whole = sum(self.in_whole_game)
        return f"<SliceResult {self.name}: {len(self.in_whole_game)} equilibria, {whole} in the whole game>"
