"""One game and one concept: a batch concept on a batch of one, all Nash equilibria, or a further one, as one set."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.game.exact import central_rationals, merge_axes, merged_game
from sim.game.exact import exact_payoffs as exact_tensor
from sim.game.game import Game
from sim.game.payoffs import GameFamily, compile_family, event_values
from sim.scenario.model import ScenarioData
from sim.scenario.versions import with_values
from sim.solvers.certificate import certify_by, integer_payoffs
from sim.solvers.concepts import Request, Rules, check_batch_concept, find_order, requests_for, rules_of, solve_batch
from sim.solvers.equilibria import Equilibrium, EquilibriumSet
from sim.solvers.further import CARDINAL, FURTHER, Asked, solve_further
from sim.solvers.n_player import solve_n_player
from sim.solvers.risk_dominance import risk_dominance_entry
from sim.solvers.ties import TIE, ranges
from sim.solvers.two_player_exact import solve_exact
from sim.solvers.verdict import Ground, Verdict, held, judge


def solve_game(game: Game, concept: str, *, precision: float | None = None) -> EquilibriumSet:
    """The equilibria of one game in normal form under `nash`, `pure-nash`, `strong-k` or a further concept.

    `precision` is for `qre`.

    Raises:
        UsageError: a concept that the game cannot be asked for.
    """
    started = time.perf_counter()
    if concept == "nash":
        found = solve_exact(game) if len(game.players) == 2 else solve_n_player(game)
        if game.exact.shape == (2, 2, 2):
            found = replace(found, extra={**found.extra, "risk_dominant": risk_dominance_entry(game)})
        return replace(found, seconds=time.perf_counter() - started)
    if concept in FURTHER:
        found = solve_further(Asked(game, concept, precision=precision))
        return replace(found, seconds=time.perf_counter() - started)
    if concept == "subgame-perfect":
        raise UsageError(
            "'subgame-perfect' needs an order of moves: a scenario with [orders], not a game in normal form."
        )
    check_batch_concept(concept, players=len(game.players))
    rules = Rules(tuple((player,) for player in range(len(game.players))))
    mask = solve_batch(game.payoffs[None], rules, [Request(concept)])[Request(concept)].is_equilibrium[0]
    return replace(_checked(game, mask, concept), seconds=time.perf_counter() - started)


def solve_scenario(
    scenario: ScenarioData,
    concept: str,
    *,
    order: str | None = None,
    values: Mapping[str, Fraction] | None = None,
    precision: float | None = None,
    bargaining: str | None = None,
) -> tuple[EquilibriumSet, ...]:
    """A scenario's central game, some numbers set to other values: one set, or one an order of moves.

    `order` is for `subgame-perfect`, and for `bayes`, which then means weak perfect Bayesian play. `precision` is for
    `qre`; `bargaining` names the [bargaining.X] that is meant, where there are several.

    Returns:
        Equilibria with profile and events, and for each event one of the six statuses.

    Raises:
        UsageError: an unknown concept, order or number.
    """
    if concept == "nash" or concept in FURTHER:
        requests: tuple[Request, ...] = (Request(concept),)
    else:
        requests = requests_for(scenario, [concept], order)
    if concept in CARDINAL and scenario.table is not None and scenario.table.ordinal:
        raise UsageError(f"'{concept}' needs more than ranks, and the payoffs of {scenario.name} are ordinal.")
    fixed = with_values(scenario, values or {})
    numbers = central_rationals(fixed)
    family = compile_family(fixed, allowed_only=True)
    exact = exact_tensor(family, numbers)
    game = merged_game(family, exact, scenario.name)
    floats = np.array([[float(cell) for cell in own.ravel()] for own in exact]).reshape(exact.shape)
    if concept in FURTHER:
        meant = None if order is None or concept != "bayes" else find_order(scenario, order)
        asked = Asked(game, concept, family, numbers, precision, bargaining, meant)
        return (_further(asked, family),)
    return tuple(_one(family, game, floats, request) for request in requests)


def _further(asked: Asked, family: GameFamily) -> EquilibriumSet:
    """A further concept's answer; where it does not say the statuses of events itself, by its equilibria."""
    started = time.perf_counter()
    found = solve_further(asked)
    described = tuple(
        one if one.events is not None else _described(family, asked.game, one) for one in found.equilibria
    )
    status = found.status if found.status is not None else _statuses(family, found.verdict, described)
    return replace(found, equilibria=described, status=status, seconds=time.perf_counter() - started)


def _one(family: GameFamily, game: Game, floats: NDArray[np.float64], request: Request) -> EquilibriumSet:
    started = time.perf_counter()
    if request.concept == "nash":
        found = solve_game(game, "nash")
    else:
        rules = rules_of(family.scenario)
        mask = solve_batch(floats[None], rules, [request])[request].is_equilibrium[0]
        found = _checked(game, merge_axes(mask[None], family.axes_of)[0], request.concept)
    described = tuple(_described(family, game, one) for one in found.equilibria)
    return replace(
        found,
        equilibria=described,
        order=request.order,
        status=_statuses(family, found.verdict, described),
        seconds=time.perf_counter() - started,
    )


def _checked(game: Game, mask: NDArray[np.bool_], concept: str) -> EquilibriumSet:
    """The set of a batch concept, a truth for every profile; after an order of moves somebody may well wish back."""
    equilibria = _certified(game, mask)
    verdict = held(judge(Ground.CHECKED), () if concept == "subgame-perfect" else equilibria, ties=True)
    return EquilibriumSet(game.title, game.players, game.actions, concept, verdict, equilibria)


def _certified(game: Game, mask: NDArray[np.bool_]) -> tuple[Equilibrium, ...]:
    """Exact certificates of pure profiles, in the order of the actions.

    The set was found with ties, so `strict` counts them too: an action that ties a strict one may be listed beside it.
    """
    payoffs = integer_payoffs(game)
    tie = [TIE * scale for scale in ranges(game.payoffs[None])[0].tolist()]
    found = []
    for at in np.argwhere(mask).tolist():
        shares = [[Fraction(k == chosen) for k in range(n)] for chosen, n in zip(at, mask.shape, strict=True)]
        one = certify_by(payoffs, shares)
        found.append(replace(one, strict=one.strict and _every_deviation_loses(game.payoffs, at, tie)))
    return tuple(found)


def _every_deviation_loses(payoffs: NDArray[np.float64], at: Sequence[int], tie: Sequence[float]) -> bool:
    """Whether each other action of each player earns less by more than a tie; payoffs (players, n_1, ..., n_N)."""
    for player, own in enumerate(payoffs):
        earned = own[tuple(slice(None) if k == player else chosen for k, chosen in enumerate(at))]
        if np.count_nonzero(earned[at[player]] - earned <= tie[player]) > 1:
            return False
    return True


def _described(family: GameFamily, game: Game, equilibrium: Equilibrium) -> Equilibrium:
    """Add the events' shares under the equilibrium, and the profile of moves where it is pure."""
    weights = _joint(equilibrium.strategies)
    played = _joint([[float(share > 0) for share in own] for own in equilibrium.exact or equilibrium.strategies]) > 0
    events = {
        name: _share(merge_axes(truth[None], family.axes_of)[0], weights, played)
        for name, truth in event_values(family).items()
    }
    profile = None
    if equilibrium.pure:
        profile = {}
        for own, axes in zip(equilibrium.strategies, family.axes_of, strict=True):
            index = np.unravel_index(own.index(1.0), [family.shape[axis] for axis in axes])
            for axis, k in zip(axes, index, strict=True):
                move = family.scenario.moves[axis]
                profile[move.name] = move.options[family.ranks[axis][int(k)]]
        profile = {move.name: profile[move.name] for move in family.scenario.moves}
    return replace(equilibrium, events=events, profile=profile)


def _joint(strategies: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """The product of mixed strategies, shape (n_1, ..., n_N)."""
    joint = np.ones(())
    for own in strategies:
        joint = np.multiply.outer(joint, np.array(own))
    return joint


def _share(truth: NDArray[np.bool_], weights: NDArray[np.float64], played: NDArray[np.bool_]) -> float:
    """An event's share under a mixed equilibrium: 1 or 0 exactly where it holds on all, or none, of what is played.

    Rounded shares need not add to 1, so the sum alone cannot tell `always` from `sometimes`.
    """
    holds = truth[played]
    if holds.all():
        return 1.0
    if not holds.any():
        return 0.0
    return min(max(float((weights * truth).sum()), 5e-324), float(np.nextafter(1.0, 0.0)))


def _statuses(family: GameFamily, verdict: Verdict, equilibria: tuple[Equilibrium, ...]) -> dict[str, str]:
    """The status of every event, by the definitions of shares; a list that is refuted says nothing."""
    if verdict.refuted:
        return dict.fromkeys((event.name for event in family.scenario.events), "unsolved")
    statuses = {}
    for event in family.scenario.events:
        shares = [(one.events or {})[event.name] for one in equilibria]
        above, below = any(v > 0 for v in shares), any(v < 1 for v in shares)
        if above and below:
            statuses[event.name] = "sometimes"
        elif not verdict.complete:
            statuses[event.name] = "open"
        elif not shares:
            statuses[event.name] = "none"
        else:
            statuses[event.name] = "always" if above else "never"
    return statuses
