"""All extreme equilibria of a two-player game, in rational arithmetic: exact, whole, and safe for degenerate games.

Player 1's best-response polytope is {x >= 0, B'x <= 1}, player 2's is {y >= 0, Ay <= 1}, for payoffs A, B made
positive. A pair of vertices is an equilibrium, once scaled to add to 1, iff every action of either player is unplayed
or a best reply: the pair is completely labelled. Such pairs, the origin aside, are the extreme equilibria; every other
equilibrium lies in a product of hulls of them. So a list of all vertices proves that no equilibrium was missed.

Sources: Mangasarian (1964), J. SIAM 12(4), 778-780; von Stengel (2002), Computing equilibria for two-person games,
Handbook of Game Theory 3, ch. 45; Avis, Rosenberg, Savani & von Stengel (2010), Economic Theory 42, 9-37.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd
from time import monotonic, perf_counter

from sim.errors import PayoffError
from sim.game.game import Game
from sim.solvers.certificate import IntegerPayoffs, integer_payoffs
from sim.solvers.components import subsets_and_components
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.exact_minors import decide, is_small
from sim.solvers.exact_pairs import Mix, Weights, certify_pairs, descending, mix_of
from sim.solvers.index import component_indices
from sim.solvers.verdict import Ground, held, judge
from sim.solvers.vertices import best_response_vertices, completely_labelled

Pair = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]


@dataclass(frozen=True, slots=True)
class ExtremeEquilibria:
    """Extreme equilibria (x, y), sorted descending, and what is known about the list and the game."""

    left: list[Mix]  # each x once, descending
    right: list[Mix]  # each y once, descending
    graph: list[tuple[int, int]]  # an equilibrium is an edge: a number in `left`, a number in `right`
    complete: bool  # every vertex was met in time
    degenerate: bool  # at some vertex met, more actions are best replies than the opponent's strategy mixes

    @property
    def pairs(self) -> list[Pair]:
        """The equilibria as rationals."""
        return [(self.left[x].exact, self.right[y].exact) for x, y in self.graph]


BUDGET_SECONDS = 60.0  # what one game gets where nothing else is said; random games of 12 x 12 take less than one


def solve_exact(game: Game, *, budget_seconds: float | None = BUDGET_SECONDS) -> EquilibriumSet:
    """All extreme equilibria of a two-player game, with Nash subsets and components.

    Args:
        game: two players; its exact payoffs are used, of any size and sign.
        budget_seconds: stop enumerating then, and return what is found as incomplete; None: no limit.

    Returns:
        Each extreme equilibrium once, sorted by player 1's strategy, then player 2's, descending, with its `index`: +1
        or -1, None where it is not regular. `extra["component_indices"]` has that of each component, where known.

    Raises:
        PayoffError: the game has not two players.
    """
    if len(game.players) != 2:
        raise PayoffError(f"The exact enumeration is for two players; {game.title!r} has {len(game.players)}.")
    started = perf_counter()
    payoffs = integer_payoffs(game)
    found = extreme_equilibria(payoffs, budget_seconds=budget_seconds)
    certified, asked = certify_pairs(payoffs, found.left, found.right, found.graph)
    indices = tuple(asked)
    equilibria = tuple(replace(one, extra={"index": own}) for one, own in zip(certified, indices, strict=True))
    subsets, components = subsets_and_components(found.graph)
    ground = Ground.VERTICES if found.complete else Ground.STOPPED
    claim = judge(ground, note=game.note, seconds=budget_seconds)
    verdict = held(claim, equilibria, indices=indices)
    return EquilibriumSet(
        game=game.title,
        players=game.players,
        actions=game.actions,
        concept="nash",
        verdict=verdict,
        equilibria=equilibria,
        nash_subsets=subsets,
        components=components,
        seconds=perf_counter() - started,
        extra={
            "degenerate": found.degenerate,
            "component_indices": component_indices(components, indices, whole=verdict.complete),
        },
    )


def extreme_equilibria(payoffs: Sequence[IntegerPayoffs], *, budget_seconds: float | None = None) -> ExtremeEquilibria:
    """The completely labelled pairs of vertices of the game's two best-response polytopes."""
    m, n = (len(own.by_action) for own in payoffs)
    if is_small(m, n) and budget_seconds != 0:
        decided = decide(payoffs[0].by_action, payoffs[1].by_action)
        return _sorted(decided.pairs, True, decided.degenerate)
    a, b = (_positive(own.by_action) for own in payoffs)  # each: own actions x the other's actions
    half = None if budget_seconds is None else monotonic() + budget_seconds / 2
    end = None if budget_seconds is None else monotonic() + budget_seconds
    left, all_left = best_response_vertices(b, deadline=half)
    right, all_right = best_response_vertices(a, deadline=end)
    x = {vertex.labels: vertex.weights for vertex in left}
    y = {vertex.labels >> n | (vertex.labels & ((1 << n) - 1)) << m: vertex.weights for vertex in right}
    pairs = {(x[one], y[other]) for one, other in completely_labelled(x, y, m, n)}
    complete = all_left and all_right
    if not complete:  # pure equilibria are extreme, and cost nothing to find
        pairs |= _pure_equilibria(a, b)
    degenerate = any(one.bit_count() > m for one in x) or any(one.bit_count() > n for one in y)
    return _sorted(pairs, complete, degenerate)


def _sorted(pairs: Collection[tuple[Weights, Weights]], complete: bool, degenerate: bool) -> ExtremeEquilibria:
    """Pairs of vertices as strategies, descending; a vertex always comes with the same weights."""
    left, right = descending(map(mix_of, {x for x, _ in pairs})), descending(map(mix_of, {y for _, y in pairs}))
    x_at, y_at = ({mix.given: k for k, mix in enumerate(own)} for own in (left, right))
    graph = sorted([(x_at[x], y_at[y]) for x, y in pairs])
    return ExtremeEquilibria(left, right, graph, complete, degenerate)


def _positive(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Small positive integers with the same best replies: each column (the other's action) shifted, all scaled."""
    least = [min(column) for column in zip(*rows, strict=True)]
    shifted = [[value - low for value, low in zip(row, least, strict=True)] for row in rows]
    unit = gcd(*(value for row in shifted for value in row)) or 1
    return [[value // unit + 1 for value in row] for row in shifted]


def _pure_equilibria(a: Sequence[Sequence[int]], b: Sequence[Sequence[int]]) -> set[tuple[Weights, Weights]]:
    m, n = len(a), len(b)
    best_rows = [max(a[i][j] for i in range(m)) for j in range(n)]
    return {
        (tuple(int(k == i) for k in range(m)), tuple(int(k == j) for k in range(n)))
        for i in range(m)
        for j in range(n)
        if a[i][j] == best_rows[j] and b[j][i] == max(b[k][i] for k in range(n))
    }
