"""The concepts beyond the sets of Nash and strong equilibria, of one game: each asked of its module, all as one set.

What is no list of equilibria (bounds of events, lotteries, patience, paths) stands in the set's `extra`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.game.exact import exact_payoffs, merge_axes
from sim.game.game import Game
from sim.game.payoffs import GameFamily, compile_family, event_values
from sim.scenario.model import Bargaining, Order, Repeated
from sim.scenario.spelling import did_you_mean
from sim.solvers.bargaining import Agreement, bargaining
from sim.solvers.bayes_answer import solve_bayes
from sim.solvers.certificate import certify_by, integer_payoffs
from sim.solvers.correlated import correlated
from sim.solvers.equilibria import Equilibrium, EquilibriumSet
from sim.solvers.logit import check_precision, follow_branches, without_errors
from sim.solvers.repeated import HELD, REASONS, critical_patience
from sim.solvers.stability import moves_between_profiles, ordinal, stability
from sim.solvers.ties import ranges
from sim.solvers.verdict import Ground, Verdict, judge

UNITS = "; payoffs taken as shares of each player's range, for logit is not free of scale"
STABILITY = {"seq": "seq", "gmr": "gmr", "smr": "smr", "nash-stable": "nash"}
CARDINAL = (
    "nash",
    "correlated",
    "bayes",
    "logit",
    "qre",
    "bargaining",
    "repeated",
)  # a ranking alone does not do for these


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One game, and where it comes from a scenario what that says beside."""

    game: Game
    concept: str
    family: GameFamily | None = None
    numbers: Mapping[str, Fraction] | None = None  # every number of the scenario
    precision: float | None = None
    bargain: str | None = None  # which [bargaining.X]
    order: Order | None = None  # bayes alone: the order of moves

    def found(self, verdict: Verdict, equilibria: tuple[Equilibrium, ...] = ()) -> EquilibriumSet:
        """The set that answers, of the game asked."""
        game = self.game
        return EquilibriumSet(game.title, game.players, game.actions, self.concept, verdict, equilibria)


def solve_further(asked: Asked) -> EquilibriumSet:
    """Answer with the concept's module.

    Raises:
        UsageError: what the concept needs is missing.
    """
    return FURTHER[asked.concept](asked)


def _correlated(asked: Asked) -> EquilibriumSet:
    """Bounds of the scenario's events; of every action, where there is no scenario."""
    bounds = correlated(asked.game, _events(asked) if asked.family else _actions(asked.game))
    gap = max((one.gap for one in bounds.values()), default=0.0)
    solved = all(one.solved for one in bounds.values())
    trouble = f"bounds proved and reached differ by {gap:.1g}"
    found = asked.found(judge(Ground.BOUNDS if solved else Ground.UNSOLVED, trouble=trouble))
    ends = {name: [one.least, one.greatest] for name, one in bounds.items()}
    status = {name: one.status for name, one in bounds.items()} if asked.family else None
    return replace(found, status=status, extra={"bounds": ends})


def _events(asked: Asked) -> dict[str, NDArray[np.bool_]]:
    """Truth over merged profiles."""
    assert asked.family is not None
    axes = asked.family.axes_of
    return {name: merge_axes(truth[None], axes)[0] for name, truth in event_values(asked.family).items()}


def _actions(game: Game) -> dict[str, NDArray[np.bool_]]:
    """For every player and action the profiles where it is played, named `player: action`."""
    result = {}
    for k, (player, actions) in enumerate(zip(game.players, game.actions, strict=True)):
        for j, action in enumerate(actions):
            mask = np.zeros(game.exact.shape[1:], dtype=np.bool_)
            np.moveaxis(mask, k, 0)[j] = True
            result[f"{player}: {action}"] = mask
    return result


def _bargaining(asked: Asked) -> EquilibriumSet:
    family, terms = _family_for(asked, "[bargaining.X]"), _terms(asked)
    pair = [family.players.index(player) for player in terms.between]
    held = compile_family(family.scenario, ranks=_fixed(terms.given), allowed_only=True)
    apart = compile_family(family.scenario, ranks=_fixed({**terms.given, **terms.disagreement}))
    payoffs = exact_payoffs(held, asked.numbers or {}, of=terms.between).reshape(2, -1)
    fallback = exact_payoffs(apart, asked.numbers or {}, of=terms.between).reshape(2)
    gains = [(x - fallback[0], y - fallback[1]) for x, y in payoffs.T.tolist()]
    both = bargaining(gains)
    solutions = {"nash": both.nash, "kalai-smorodinsky": both.kalai_smorodinsky}
    reached = [one for one in solutions.values() if one is not None]
    ground = Ground.STATES if all(one.only for one in reached) else Ground.OTHER_LOTTERIES
    truth = {name: own.ravel() for name, own in event_values(held).items()}
    extra = {
        "bargaining": terms.name,
        "between": [family.players[k] for k in pair],
        "disagreement": [float(own) for own in fallback],
        "solutions": {name: one and _agreement(one, held) for name, one in solutions.items()},
    }
    status = {name: _status_by_lotteries(own, reached) for name, own in truth.items()}
    return replace(asked.found(judge(ground)), status=status, extra=extra)


def _terms(asked: Asked) -> Bargaining:
    """The [bargaining.X] that is meant."""
    family = _family_for(asked, "[bargaining.X]")
    known = {one.name: one for one in family.scenario.bargaining}
    if not known:
        raise UsageError(f"{family.scenario.name} has no [bargaining.X]: who bargains, and what if they fail?")
    if asked.bargain is None:
        if len(known) > 1:
            raise UsageError(f"Name one of {', '.join(map(repr, known))} with --bargaining.")
        return next(iter(known.values()))
    if asked.bargain not in known:
        mend = did_you_mean(asked.bargain, known)
        raise UsageError(f"{family.scenario.name} has no bargaining '{asked.bargain}'. {mend}".rstrip())
    return known[asked.bargain]


def _fixed(ranks: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    return {move: (rank,) for move, rank in ranks.items()}


def _agreement(one: Agreement, held: GameFamily) -> dict[str, object]:
    return {
        "gains": [float(own) for own in one.gains],
        "product": float(one.product),
        "lottery": [{"profile": _profile(held, k), "share": float(share)} for k, share in one.lottery],
    }


def _profile(family: GameFamily, flat: int) -> dict[str, str]:
    """Move -> option, of a profile by its place in the tensor."""
    at = np.unravel_index(flat, family.shape)
    return {
        move.name: move.options[own[int(k)]]
        for move, own, k in zip(family.scenario.moves, family.ranks, at, strict=True)
    }


def _status_by_lotteries(truth: NDArray[np.bool_], reached: list[Agreement]) -> str:
    """By every lottery with the gains of a solution; `open` where those not shown might differ from those shown."""
    if not reached:
        return "none"
    shares = [sum((share for k, share in one.lottery if truth[k]), start=Fraction(0)) for one in reached]
    if any(share > 0 for share in shares) and any(share < 1 for share in shares):
        return "sometimes"
    possible = {bool(truth[k]) for one in reached for k in one.support}
    return "open" if len(possible) > 1 else "always" if possible == {True} else "never"


def _bayes(asked: Asked) -> EquilibriumSet:
    return solve_bayes(asked.game, _family_for(asked, "[types.X]"), asked.numbers or {}, asked.order)


def _repeated(asked: Asked) -> EquilibriumSet:
    """The patience that each [repeated.X] needs; the cooperation that can be held, as profiles."""
    family = _family_for(asked, "[repeated.X]")
    if not family.scenario.repeated:
        raise UsageError(f"{family.scenario.name} has no [repeated.X]: what is cooperation, and what the punishment?")
    payoffs = asked.game.payoffs[None]
    axes = tuple((player,) for player in range(len(family.players)))
    patience: dict[str, float | None] = {}
    reasons: dict[str, str] = {}
    kept = []
    for one in family.scenario.repeated:
        first, second = (family.players.index(player) for player in one.players)
        cooperate, punish = (_merged_index(family, ranks, one) for ranks in (one.cooperate, one.punish))
        ends = np.array([float((asked.numbers or {})[one.ends])])
        found = critical_patience(payoffs, axes, ranges(payoffs), (first, second), cooperate, punish, ends)
        held = found.reason[0] == HELD
        patience[one.name] = float(found.pair[0]) if held else None
        reasons[one.name] = REASONS[found.reason[0]]
        kept += [cooperate] if held else []
    equilibria = _pure(asked.game, list(dict.fromkeys(kept)))
    return replace(asked.found(judge(Ground.ONLY_NAMED), equilibria), extra={"patience": patience, "reasons": reasons})


def _merged_index(family: GameFamily, ranks: Mapping[str, int], one: Repeated) -> tuple[int, ...]:
    """A profile of moves as one action index a player."""
    index = []
    for axes in family.axes_of:
        moves = [family.scenario.moves[axis] for axis in axes]
        for move, axis in zip(moves, axes, strict=True):
            if ranks[move.name] not in family.ranks[axis]:
                option = move.options[ranks[move.name]]
                raise UsageError(f"[repeated.{one.name}] plays {move.name}={option}, which [allow] forbids.")
        at = [family.ranks[axis].index(ranks[move.name]) for move, axis in zip(moves, axes, strict=True)]
        index.append(int(np.ravel_multi_index(at, [len(family.ranks[axis]) for axis in axes])))
    return tuple(index)


def _stability(asked: Asked) -> EquilibriumSet:
    """The states that are stable for all, with a shortest chain of improvements to each from the status quo."""
    game, family = asked.game, asked.family
    shape = game.exact.shape[1:]
    changes = {} if family is None else _changes(family)
    moves = moves_between_profiles(shape, [(player,) for player in range(len(shape))], changes)
    found = stability(ordinal(game.exact.reshape(len(shape), -1)), moves)
    states = found.equilibria(STABILITY[asked.concept])
    profiles = [tuple(int(k) for k in np.unravel_index(state, shape)) for state in states]
    result = asked.found(judge(Ground.STATES), _pure(game, profiles))
    start = None if family is None else _status_quo(family)
    if family is None or start is None:
        return result
    merged = (
        merge_axes(np.arange(int(np.prod(family.shape))).reshape(1, *family.shape), family.axes_of).ravel().tolist()
    )
    at = merged.index(int(np.ravel_multi_index(start, family.shape)))
    paths: list[list[dict[str, object]] | None] = []
    for state in states:
        steps = found.path(at, state)
        paths.append(None if steps is None else [_step(game, family, who, merged[to]) for who, to in steps])
    return replace(result, extra={"status_quo": _profile(family, merged[at]), "paths": paths})


def _step(game: Game, family: GameFamily, player: int, flat: int) -> dict[str, object]:
    return {"player": game.players[player], "profile": _profile(family, flat)}


def _changes(family: GameFamily) -> dict[int, NDArray[np.bool_]]:
    """For each player which merged action may follow which, by [graph]."""
    graph = family.scenario.graph
    result = {}
    for player, axes in enumerate(family.axes_of):
        joint = np.ones((1, 1), dtype=np.bool_)
        for axis in axes:
            own, move = family.ranks[axis], family.scenario.moves[axis].name
            follows = graph.get(move)
            step = [[a == b or follows is None or b in follows[a] for b in own] for a in own]
            joint = np.kron(joint, np.array(step, dtype=np.bool_))
        result[player] = joint
    return result


def _status_quo(family: GameFamily) -> tuple[int, ...] | None:
    """The index of [status_quo] on every axis; None where it is not said for every move, or not allowed."""
    said = family.scenario.status_quo
    index = []
    for move, own in zip(family.scenario.moves, family.ranks, strict=True):
        if said.get(move.name) not in own:
            return None
        index.append(own.index(said[move.name]))
    return tuple(index)


def _logit(asked: Asked) -> EquilibriumSet:
    """One point of the principal branch: at a precision (`qre`), or far out where nearly nobody errs (`logit`)."""
    payoffs = asked.game.payoffs
    if asked.family is not None:
        scale = ranges(payoffs[None])[0].reshape(-1, *[1] * (payoffs.ndim - 1))
        payoffs = np.divide(payoffs, scale, out=np.zeros_like(payoffs), where=scale > 0)
    check_precision(asked.concept, asked.precision)
    precision = asked.precision if asked.concept == "qre" else None
    found = follow_branches(payoffs[None], precision)
    scale = UNITS if asked.family else ""
    if found.trouble[0]:
        status = None if asked.family is None else dict.fromkeys(_events(asked), "unsolved")
        return replace(asked.found(found.verdict(0, scale=scale)), status=status, extra={"precision": precision})
    strategies, vanished = found.strategies, False
    if precision is None:
        strategies, done = without_errors(payoffs[None], strategies)
        vanished = bool(done[0])
    one = _certified(asked.game, [own[0].tolist() for own in strategies])
    verdict = found.verdict(0, vanished=vanished, scale=scale)
    return replace(asked.found(verdict, (one,)), extra={"precision": float(found.precision[0])})


def _certified(game: Game, strategies: Sequence[Sequence[float]]) -> Equilibrium:
    """A point of the branch, its shares made to add to 1 exactly; payoffs and regret recomputed."""
    shares = [[Fraction(share) for share in own] for own in strategies]
    whole = [[share / sum(own) for share in own] for own in shares]
    return replace(certify_by(integer_payoffs(game), whole), exact=None)


def _pure(game: Game, profiles: list[tuple[int, ...]]) -> tuple[Equilibrium, ...]:
    payoffs = integer_payoffs(game)
    shape = game.exact.shape[1:]
    return tuple(
        certify_by(payoffs, [[Fraction(k == chosen) for k in range(n)] for chosen, n in zip(at, shape, strict=True)])
        for at in profiles
    )


def _family_for(asked: Asked, section: str) -> GameFamily:
    if asked.family is None:
        raise UsageError(f"'{asked.concept}' needs a scenario with {section}, not a game in normal form.")
    return asked.family


FURTHER: dict[str, Callable[[Asked], EquilibriumSet]] = {
    "repeated": _repeated,
    "correlated": _correlated,
    "bargaining": _bargaining,
    "bayes": _bayes,
    "logit": _logit,
    "qre": _logit,
    **dict.fromkeys(STABILITY, _stability),
}
