"""What a solver returns: a set of equilibria of one game, with the certificate that a sceptic needs to check it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """One equilibrium: each player's mixed strategy, and what shows that nobody gains by leaving it."""

    strategies: tuple[tuple[float, ...], ...]  # one tuple a player, over its actions
    payoffs: tuple[float, ...]
    regret: float  # greatest gain of any player, recomputed from the payoffs
    relative_regret: float  # the same as a share of that player's payoff range
    pure: bool
    strict: bool  # every deviation of every player loses more than a tie
    exact: tuple[tuple[Fraction, ...], ...] | None = None  # the same strategies as rationals, where known
    profile: Mapping[str, str] | None = None  # move -> option, pure equilibria of a scenario
    events: Mapping[str, float] | None = None  # event -> its share under this equilibrium, for a scenario

    def to_dict(self) -> dict[str, Any]:
        """The entry of `sim solve --json`."""
        entry: dict[str, Any] = {"strategies": [list(shares) for shares in self.strategies]}
        if self.exact is not None:
            entry["exact"] = [[str(share) for share in shares] for shares in self.exact]
        entry |= {
            "payoffs": list(self.payoffs),
            "regret": self.regret,
            "relative_regret": self.relative_regret,
            "pure": self.pure,
            "strict": self.strict,
        }
        if self.profile is not None:
            entry["profile"] = dict(self.profile)
        if self.events is not None:
            entry["events"] = dict(self.events)
        return entry


@dataclass(frozen=True, slots=True)
class EquilibriumSet:
    """All that was found for one game and one concept, and whether that is everything there is."""

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    concept: str
    complete: bool
    why: str
    equilibria: tuple[Equilibrium, ...]
    nash_subsets: tuple[tuple[int, ...], ...] = ()  # two players: maximal bicliques, as indices into equilibria
    components: tuple[tuple[int, ...], ...] = ()  # two players: connected components, as indices into equilibria
    order: str | None = None
    status: Mapping[str, str] | None = None  # event -> one of the six words, for a scenario
    seconds: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """One object of `sim solve --json`: plain lists, numbers and words."""
        result: dict[str, Any] = {
            "game": self.game,
            "players": list(self.players),
            "strategies": [list(actions) for actions in self.actions],
            "concept": self.concept,
        }
        if self.order is not None:
            result["order"] = self.order
        result |= {
            "complete": self.complete,
            "why": self.why,
            "equilibria": [equilibrium.to_dict() for equilibrium in self.equilibria],
            "nash_subsets": [list(subset) for subset in self.nash_subsets],
            "components": [list(component) for component in self.components],
        }
        if self.status is not None:
            result["status"] = dict(self.status)
        return result | dict(self.extra) | {"seconds": self.seconds}

    def __len__(self) -> int:
        return len(self.equilibria)

    def __repr__(self) -> str:
        known = "complete" if self.complete else "not known to be complete"
        return f"<{self.concept} of {self.game}: {len(self)} found, {known} ({self.why})>"
