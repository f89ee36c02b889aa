"""Two-player games inside the big one: solved by nashpy, held against the exact set, tried in the whole game."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from sim.game.dominance import dominant_actions
from sim.game.exact import central_rationals, exact_payoffs, merged_game, slice_game
from sim.game.game import Game
from sim.game.payoffs import GameFamily, compile_family
from sim.game.plain_html import game_html
from sim.scenario.model import ScenarioData, Slice
from sim.solvers.certificate import certify_by, integer_payoffs
from sim.solvers.equilibria import Equilibrium
from sim.solvers.nashpy_bridge import SliceSolution, hold_against, solve_by_nashpy
from sim.solvers.nashpy_process import solve_within
from sim.solvers.one_game import solve_game
from sim.solvers.ties import TIE
from sim.solvers.two_player_exact import solve_exact
from sim.solvers.verdict import Ground, judge

LARGE = (
    12  # actions of both sides together, above which nashpy may take minutes and is given a process that can be stopped
)
SECONDS = 20.0  # that each solver may take for one large slice


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
    forbidden: tuple[str, ...] = ()  # moves whose given option `[allow]` forbids: no profile of the whole game then

    def to_dict(self) -> dict[str, Any]:
        """The entry of a slice in `summary.json`."""
        return {
            "name": self.name,
            "given": dict(self.given),
            **self.solution.to_dict(),
            "in_whole_game": list(self.in_whole_game),
            "forbidden": list(self.forbidden),
            "regrets_in_whole": list(self.regrets_in_whole),
            "dominant": [own.to_dict() for own in self.dominant],
        }

    def _repr_html_(self) -> str:
        held = ", ".join(f"{move}={option}" for move, option in self.given.items())
        return game_html(self.game, about=f"Held: {held}." if held else "") + self.solution.equilibria._repr_html_()

    def __repr__(self) -> str:
        whole = sum(self.in_whole_game)
        return f"<SliceResult {self.name}: {len(self.in_whole_game)} equilibria, {whole} in the whole game>"


def solve_slices(scenario: ScenarioData, numbers: Mapping[str, Fraction] | None = None) -> tuple[SliceResult, ...]:
    """Solve every slice of the file at one parameter set.

    Args:
        scenario: checked data; numbers fixed by `--set` are central values already.
        numbers: every parameter and weight, from `central_rationals`; central values where left out.
    """
    known = central_rationals(scenario) if numbers is None else numbers
    return tuple(_solve_slice(scenario, cut, known) for cut in scenario.slices)


def _solve_slice(scenario: ScenarioData, cut: Slice, numbers: Mapping[str, Fraction]) -> SliceResult:
    game = slice_game(scenario, cut, numbers)
    solution = _solved(game, ranks_only=scenario.table is not None and scenario.table.ordinal)
    ranks = {
        move.name: tuple(sorted({*move.allowed, cut.given.get(move.name, move.allowed[0])})) for move in scenario.moves
    }
    family = compile_family(scenario, ranks=ranks)  # holds what is given even where `[allow]` forbids it
    whole = merged_game(family, exact_payoffs(family, numbers), scenario.name)
    payoffs = integer_payoffs(whole)
    extended = [certify_by(payoffs, extend(family, cut, one)) for one in solution.equilibria.equilibria]
    options = {move.name: move.options for move in scenario.moves}
    forbidden = tuple(
        move.name for move in scenario.moves if cut.given.get(move.name, move.allowed[0]) not in move.allowed
    )
    return SliceResult(
        name=cut.name,
        game=game,
        given={move: options[move][rank] for move, rank in cut.given.items()},
        solution=solution,
        in_whole_game=tuple(one.regret == 0 and not forbidden for one in extended),
        regrets_in_whole=tuple(one.relative_regret for one in extended),
        dominant=_dominant(game),
        forbidden=forbidden,
    )


def _solved(game: Game, *, ranks_only: bool) -> SliceSolution:
    """Both solvers; of payoffs that are ranks the pure equilibria alone, for a mix of ranks means nothing."""
    large = sum(game.payoffs.shape[1:]) > LARGE
    answer = solve_within(game, "vertex_enumeration", SECONDS) if large else solve_by_nashpy(game)
    if not ranks_only:
        return hold_against(game, answer, solve_exact(game, budget_seconds=SECONDS if large else None))
    pure = tuple(pair for pair in answer.equilibria if all(max(own) > 1 - 1e-9 for own in pair))
    found = replace(solve_game(game, "pure-nash"), verdict=judge(Ground.RANKS))
    return hold_against(game, replace(answer, equilibria=pure), found)


def extend(family: GameFamily, cut: Slice, equilibrium: Equilibrium) -> list[list[Fraction]]:
    """A slice's equilibrium as strategies of the whole game: every other move as `given`.

    Returns:
        One list a player of the whole game, over its merged actions, last move fastest.
    """
    assert equilibrium.exact is not None  # the exact route made it
    joint: dict[str, dict[tuple[int, ...], Fraction]] = {}
    for player, side, shares in zip(
        (cut.row_player, cut.column_player), (cut.rows, cut.columns), equilibrium.exact, strict=True
    ):
        moves = [move for move in family.scenario.moves if move.name in side]
        joint[player] = dict(zip(product(*(move.allowed for move in moves)), shares, strict=True))
    varied = {*cut.rows, *cut.columns}
    strategies = []
    for player, axes in zip(family.players, family.axes_of, strict=True):
        own = [family.scenario.moves[axis] for axis in axes]
        strategy = []
        for ranks in product(*(family.ranks[axis] for axis in axes)):
            chosen = dict(zip((move.name for move in own), ranks, strict=True))
            held = all(rank == cut.given[name] for name, rank in chosen.items() if name not in varied)
            side_ranks = tuple(rank for name, rank in chosen.items() if name in varied)
            strategy.append(joint.get(player, {(): Fraction(1)}).get(side_ranks, Fraction(0)) if held else Fraction(0))
        strategies.append(strategy)
    return strategies


def _dominant(game: Game) -> tuple[DominantAction, ...]:
    found = []
    for player, labels, own in zip(
        game.players, game.actions, dominant_actions(game.payoffs[None], tie=TIE), strict=True
    ):
        if len(labels) > 1:  # with a single action there is nothing to say
            found += [
                DominantAction(player, label, bool(own.strictly[0, k]))
                for k, label in enumerate(labels)
                if own.weakly[0, k]
            ]
    return tuple(found)
