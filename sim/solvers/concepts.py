"""The solution concepts, in one table that every door reads, and the batch concepts of many draws at once."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.game.row_operations import LANES
from sim.scenario.model import Order, Repeated, ScenarioData
from sim.scenario.spelling import did_you_mean
from sim.solvers.batch import Asked, as_numbers, tensor_plan, truths
from sim.solvers.repeated import HELD, critical_patience
from sim.solvers.strong import coalitions_of
from sim.solvers.ties import ranges


@dataclass(frozen=True, slots=True)
class Concept:
    """A row of the table. Batch concepts run on every draw, costly ones on the first of them, others on trees alone."""

    name: str  # `strong-k` stands for strong-2, strong-3, ..., each also with `-any`
    kind: Literal["batch", "costly", "tree"]
    about: str


CONCEPTS = (
    Concept("pure-nash", "batch", "nobody gains by changing its own action alone"),
    Concept("strong-k", "batch", "no coalition of up to k players gains by a pure joint action"),
    Concept("subgame-perfect", "batch", "best replies after every history of an order of moves"),
    Concept("repeated", "batch", "how patient a pair must be to hold up cooperation by the threat of ending it"),
    Concept("nash", "costly", "all equilibria, mixed ones too"),
    Concept("correlated", "costly", "how probable events can be where a messenger tells each player its action"),
    Concept("bargaining", "costly", "what two players would agree on, if agreements were enforced"),
    Concept("bayes", "costly", "each type of a player does its best, given the plans of the others' types"),
    Concept("qre", "costly", "errors that are rarer the more they cost, at one precision"),
    Concept("logit", "costly", "the same as errors vanish, from even play on"),
    Concept("sequential", "tree", "best replies at every information set, to beliefs that vanishing errors explain"),
    Concept("seq", "costly", "states that nobody leaves, foreseeing answers that the others would want to give"),
    Concept("gmr", "costly", "states that nobody leaves, fearing any answer of the others"),
    Concept("smr", "costly", "the same where no own move escapes the answer"),
    Concept("nash-stable", "costly", "states from which nobody has an improving move, by the moves of [graph]"),
)

ONE_GAME_AT_A_TIME = tuple(concept.name for concept in CONCEPTS if concept.kind == "costly")
OF_TREES = tuple(concept.name for concept in CONCEPTS if concept.kind == "tree")

STRONG = re.compile(r"strong-([1-9][0-9]*)(-any)?\Z")


@dataclass(frozen=True, slots=True)
class Request:
    """One row of a table: a batch concept, with its order of moves where it has one."""

    concept: str
    order: str | None = None

    @property
    def name(self) -> str:
        """The row's name in stored columns: `strong-2`, `subgame-perfect.quiet`."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"


@dataclass(frozen=True, slots=True)
class Repetition:
    """A repeated game as indices: who, cooperation and punishment on every axis, and the number that may end it."""

    pair: tuple[int, int]
    cooperate: tuple[int, ...]
    punish: tuple[int, ...]
    ends: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a batch concept needs beyond payoffs, as indices: axes, coalitions, orders, repetitions."""

    axes_of: tuple[tuple[int, ...], ...]
    may: tuple[tuple[int, ...], ...] | None = None
    orders: Mapping[str, tuple[tuple[int, ...], ...]] | None = None
    repeated: Mapping[str, Repetition] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The pure profiles that a concept selects in each draw, and how safely."""

    is_equilibrium: NDArray[np.bool_]  # (draws, axes...)
    margin: NDArray[np.float64]  # (draws,) smallest gain that would break one, share of range; inf: none to speak of
    gap: NDArray[np.float64]  # (draws,) smallest difference that decided anything, share of range


def rules_of(scenario: ScenarioData) -> Rules:
    """The scenario's players, coalitions and orders as indices."""
    players = [player.name for player in scenario.players]
    axis = {move.name: k for k, move in enumerate(scenario.moves)}
    may = scenario.coalitions
    return Rules(
        axes_of=tuple(tuple(sorted(axis[move] for move in player.moves)) for player in scenario.players),
        may=None if may is None else tuple(tuple(players.index(name) for name in group) for group in may),
        orders={
            order.name: tuple(tuple(axis[move] for move in element) for element in order.elements)
            for order in scenario.orders
        },
        repeated={one.name: _repetition(scenario, one) for one in scenario.repeated if _allowed(scenario, one)},
    )


def _repetition(scenario: ScenarioData, one: Repeated) -> Repetition:
    players = [player.name for player in scenario.players]
    first, second = (players.index(name) for name in one.players)
    cooperate, punish = (
        tuple(move.allowed.index(ranks[move.name]) for move in scenario.moves) for ranks in (one.cooperate, one.punish)
    )
    return Repetition((first, second), cooperate, punish, one.ends)


def _allowed(scenario: ScenarioData, one: Repeated) -> bool:
    return all(ranks[move.name] in move.allowed for move in scenario.moves for ranks in (one.cooperate, one.punish))


def default_requests(scenario: ScenarioData) -> tuple[Request, ...]:
    """Every batch concept that can differ from the one before it, and every order of the file.

    strong-k stands where some coalition of exactly k counts; with a list of coalitions, `-any` variants stand beside.
    """
    count = len(scenario.players)
    rows = [Request("pure-nash")]
    sizes = range(2, count + 1)
    if scenario.coalitions is None:
        rows += [Request(f"strong-{k}") for k in sizes]
    else:
        listed = {len(set(group)) for group in scenario.coalitions}
        rows += [Request(f"strong-{k}") for k in sizes if k in listed or k == 2]
        rows += [Request(f"strong-{k}-any") for k in sizes]
    return (*rows, *(Request("subgame-perfect", order.name) for order in scenario.orders))


def requests_for(
    scenario: ScenarioData,
    concepts: Sequence[str] | None = None,
    order: str | None = None,
    *,
    repeated: bool = False,
    costly: bool = False,
) -> tuple[Request, ...]:
    """The rows that `--concepts` and `--order` ask for; all of them where nothing is said.

    `repeated` says that the caller can use `repeated`, a row for each [repeated.X], or `repeated.grim`: a sweep can;
    analyses that look for thresholds in payoffs alone cannot. `costly` says that it can use concepts which are solved
    one game at a time: `nash`, `bayes.quiet` for an order of moves, `bargaining.terms` for a section.

    Raises:
        UsageError: an unknown concept, a costly one that was not invited, an order that the scenario does not have.
    """
    names = list(concepts) if concepts else [row.name for row in default_requests(scenario)]
    orders = [one.name for one in scenario.orders]
    if order is not None:
        find_order(scenario, order)
    rows: list[Request] = []
    for name in names:
        concept, _, own = name.partition(".")
        if concept == "subgame-perfect":
            rows += [Request(concept, one) for one in _orders_meant(scenario, own or order, orders)]
        elif concept == "repeated" and repeated:
            rows += [Request(concept, one) for one in _repetitions_meant(scenario, own)]
        elif costly and concept in ONE_GAME_AT_A_TIME and (not own or concept in ("bayes", "bargaining")):
            rows.append(Request(concept, find_order(scenario, own).name if own and concept == "bayes" else own or None))
        else:
            check_batch_concept(concept if not own else name, scenario)
            rows.append(Request(name))
    return tuple(dict.fromkeys(rows))


def check_batch_concept(name: str, scenario: ScenarioData | None = None, players: int | None = None) -> None:
    """Raise UsageError, with a mend, where `name` is not a concept that runs on every draw."""
    found = STRONG.match(name)
    count = players if scenario is None else len(scenario.players)
    if found and count is not None and int(found[1]) > count:
        raise UsageError(f"'{name}' needs {found[1]} players; there are {count}. The largest is 'strong-{count}'.")
    if found and found[2] and scenario is not None and scenario.coalitions is None:
        raise UsageError(
            f"'{name}' needs a [coalitions] section; without one, '{name.removesuffix('-any')}' counts all."
        )
    if found or name in ("pure-nash", "subgame-perfect"):
        return
    if name.partition(".")[0] == "repeated":
        raise UsageError("'repeated' is for `sim solve --concept repeated` and `sim sweep --concepts repeated`.")
    if name in OF_TREES:
        raise UsageError(f"'{name}' is for game trees: an .efg file, such as `sim export FILE --to efg` writes.")
    if name in ONE_GAME_AT_A_TIME:
        raise UsageError(f"'{name}' is solved for one game at a time: use `sim solve --concept {name}`.")
    known = [*names_of_concepts(count or 2), *OF_TREES]
    raise UsageError(f"'{name}' is no solution concept. {did_you_mean(name, known)}".rstrip())


def names_of_concepts(players: int) -> list[str]:
    """Every concept's name for a game of so many players."""
    strong_names = [f"strong-{k}" for k in range(2, players + 1)]
    any_names = [f"{name}-any" for name in strong_names]
    others = [name for name in ONE_GAME_AT_A_TIME if name != "nash"]
    return ["pure-nash", "nash", *strong_names, *any_names, "subgame-perfect", "repeated", *others]


def asked_of(rules: Rules, requests: Sequence[Request]) -> tuple[Asked, dict[Request, int]]:
    """The requests as indices, for `batch.make_plan`, and which of its answers is each request's."""
    static = [row for row in requests if row.concept not in ("subgame-perfect", "repeated")]
    chains, at = [], {row: 0 for row in static if _size(row) == 1}
    start = 1
    for limited in (True, False):  # the coalitions of [coalitions] may, then all of them
        wanted = {row: _size(row) for row in static if _limited(row) == limited and _size(row) > 1}
        may = rules.may if limited else None
        sizes = range(2, max(wanted.values(), default=1) + 1)
        at |= {row: start + size - 2 for row, size in wanted.items()}
        chains.append(tuple(coalitions_of(len(rules.axes_of), size, may) for size in sizes))
        start += len(sizes)
    by_order = [row for row in requests if row.concept == "subgame-perfect"]
    others = [row for row in requests if row.concept == "repeated"]
    orders = tuple((rules.orders or {})[str(row.order)] for row in by_order)
    asked = Asked(rules.axes_of, bool(static), tuple(chain for chain in chains if chain), orders, len(others))
    return asked, at | {row: asked.levels + k for k, row in enumerate([*by_order, *others])}


def solve_batch(
    payoffs: NDArray[np.float64],
    rules: Rules,
    requests: Iterable[Request],
    numbers: Mapping[str, NDArray[np.float64]] | None = None,
) -> dict[Request, Answer]:
    """All requested batch concepts of all draws, each part computed once.

    Args:
        payoffs: shape (draws, players, axes...).
        rules: axes, coalitions, orders and repetitions.
        requests: from `requests_for`.
        numbers: parameters by name, each of shape (draws,) or (1,); only `repeated` needs one, the chance of an end.

    Raises:
        PayoffError: payoffs too far apart for a floating-point number.
    """
    rows = tuple(requests)
    draws, shape = len(payoffs), payoffs.shape[2:]
    answers = {row: held(payoffs, rules, row, numbers or {}) for row in rows if row.concept == "repeated"}
    asked, at = asked_of(rules, [row for row in rows if row not in answers])
    plan = tensor_plan(payoffs.shape[1:], asked)
    space, words = plan.code.workspace()
    mask = np.empty((len(plan.word), plan.word.shape[1], draws), dtype=np.bool_)
    margin, gap = np.empty((2, len(plan.word), draws))
    for first in range(0, draws, LANES):
        plan.run(as_numbers(payoffs, first), 0, space, words)
        own = slice(first, min(first + LANES, draws))
        mask[..., own] = truths(words[plan.word])[..., : own.stop - first]
        margin[:, own], gap[:, own] = (space[lie, : own.stop - first] for lie in (plan.margin, plan.gap))
    for row, k in at.items():
        kept = np.moveaxis(mask[k].reshape(*shape, draws), -1, 0)
        answers[row] = Answer(kept, margin[k], gap[k])
    return answers


def held(
    payoffs: NDArray[np.float64], rules: Rules, request: Request, numbers: Mapping[str, NDArray[np.float64]]
) -> Answer:
    """Cooperation, in the draws where some patience holds it up. What would break it is impatience, no payoff."""
    draws, one = len(payoffs), (rules.repeated or {})[str(request.order)]
    ends = np.broadcast_to(numbers[one.ends], draws)
    found = critical_patience(payoffs, rules.axes_of, ranges(payoffs), one.pair, one.cooperate, one.punish, ends)
    kept = np.zeros((draws, *payoffs.shape[2:]), dtype=np.bool_)
    where: tuple[slice | int, ...] = (slice(None), *one.cooperate)
    kept[where] = found.reason == HELD
    return Answer(kept, np.full(draws, np.inf), found.gap)


def _size(request: Request) -> int:
    """The largest coalition that counts; 1 for pure Nash."""
    found = STRONG.match(request.concept)
    return int(found[1]) if found else 1


def _limited(request: Request) -> bool:
    """Whether the scenario's list of coalitions counts; without one it changes nothing."""
    found = STRONG.match(request.concept)
    return not (found and found[2])


def find_order(scenario: ScenarioData, name: str) -> Order:
    """The order of that name. Raises UsageError, with the nearest right name."""
    orders = {order.name: order for order in scenario.orders}
    if name not in orders:
        raise UsageError(f"{scenario.name} has no order '{name}'. {did_you_mean(name, orders)}".rstrip())
    return orders[name]


def _orders_meant(scenario: ScenarioData, name: str | None, orders: list[str]) -> list[str]:
    if name is None:
        if not orders:
            raise UsageError(f"{scenario.name} has no [orders]: subgame-perfect play needs an order of moves.")
        return orders
    return [find_order(scenario, name).name]


def _repetitions_meant(scenario: ScenarioData, name: str) -> list[str]:
    known = {one.name: one for one in scenario.repeated}
    if not known:
        raise UsageError(f"{scenario.name} has no [repeated.X]: what is cooperation, and what the punishment?")
    if name and name not in known:
        raise UsageError(f"{scenario.name} has no repeated game '{name}'. {did_you_mean(name, known)}".rstrip())
    meant = [name] if name else list(known)
    for one in meant:
        if not _allowed(scenario, known[one]):
            raise UsageError(f"[repeated.{one}] plays an option that [allow] forbids.")
    return meant
