"""All extreme equilibria of a two-player game, in rational arithmetic: exact, whole, and safe for degenerate games.

Player 1's best-response polytope is {x >= 0, B'x <= 1}, player 2's is {y >= 0, Ay <= 1}, for payoffs A, B made
positive. A pair of vertices is an equilibrium, once scaled to add to 1, iff every action of either player is unplayed
or a best reply: the pair is completely labelled. Such pairs, the origin aside, are the extreme equilibria; every other
equilibrium lies in a product of hulls of them. So a list of all vertices proves that no equilibrium was missed.

Sources: Mangasarian (1964), J. SIAM 12(4), 778-780; von Stengel (2002), Computing equilibria for two-person games,
Handbook of Game Theory 3, ch. 45; Avis, Rosenberg, Savani & von Stengel (2010), Economic Theory 42, 9-37.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from time import monotonic, perf_counter

from sim.errors import PayoffError
from sim.game.game import Game
from sim.solvers.certificate import IntegerPayoffs, certify_by, integer_payoffs
from sim.solvers.components import connected_components, nash_subsets
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.exact_minors import decide, is_small
from sim.solvers.index import equilibrium_index
from sim.solvers.verdict import Ground, held, judge
from sim.solvers.vertices import Vertex, best_response_vertices

NOTHING, WHOLE = Fraction(0), Fraction(1)

Pair = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
Weights = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExtremeEquilibria:
    """Extreme equilibria (x, y), sorted descending, and what is known about the list and the game."""

    pairs: list[Pair]
    graph: list[tuple[int, int]]  # the same as edges: a number for each x, a number for each y
    complete: bool  # every vertex was met in time
    degenerate: bool  # at some vertex met, more actions are best replies than the opponent's strategy mixes


def solve_exact(game: Game, *, budget_seconds: float | None = None) -> EquilibriumSet:
    """All extreme equilibria of a two-player game, with Nash subsets and components.

    Args:
        game: two players; its exact payoffs are used, of any size and sign.
        budget_seconds: stop enumerating then, and return what is found as incomplete; None: no limit.

    Returns:
        Each extreme equilibrium once, sorted by player 1's strategy, then player 2's, descending.

    Raises:
        PayoffError: the game has not two players.
    """
    if len(game.players) != 2:
        raise PayoffError(f"The exact enumeration is for two players; {game.title!r} has {len(game.players)}.")
    started = perf_counter()
    payoffs = integer_payoffs(game)
    found = extreme_equilibria(payoffs, budget_seconds=budget_seconds)
    equilibria = tuple(certify_by(payoffs, pair) for pair in found.pairs)
    ground = Ground.VERTICES if found.complete else Ground.STOPPED
    claim = judge(ground, note=game.note, seconds=budget_seconds)
    return EquilibriumSet(
        game=game.title,
        players=game.players,
        actions=game.actions,
        concept="nash",
        verdict=held(claim, equilibria, indices=(equilibrium_index(payoffs, one) for one in equilibria)),
        equilibria=equilibria,
        nash_subsets=nash_subsets(found.graph),
        components=connected_components(found.graph),
        seconds=perf_counter() - started,
        extra={"degenerate": found.degenerate},
    )


def extreme_equilibria(payoffs: Sequence[IntegerPayoffs], *, budget_seconds: float | None = None) -> ExtremeEquilibria:
    """The completely labelled pairs of vertices of the game's two best-response polytopes."""
    m, n = (len(own.by_action) for own in payoffs)
    if is_small(m, n) and budget_seconds != 0:
        return _by_minors(payoffs[0].by_action, payoffs[1].by_action)
    a, b = (_positive(own.by_action) for own in payoffs)  # each: own actions x the other's actions
    half = None if budget_seconds is None else monotonic() + budget_seconds / 2
    end = None if budget_seconds is None else monotonic() + budget_seconds
    left, all_left = best_response_vertices(b, deadline=half)
    right, all_right = best_response_vertices(a, deadline=end)
    pairs = set(_completely_labelled(left, right, m, n))
    complete = all_left and all_right
    if not complete:  # pure equilibria are extreme, and cost nothing to find
        pairs |= _pure_equilibria(a, b)
    degenerate = any(x.labels.bit_count() > m for x in left) or any(y.labels.bit_count() > n for y in right)
    return _sorted(pairs, complete, degenerate)


def _by_minors(a: Sequence[Sequence[int]], b: Sequence[Sequence[int]]) -> ExtremeEquilibria:
    """The same from the exact signs of all minors, the faster way where the game is small: no deadline is needed."""
    decided = decide(a, b)
    pairs = decided.pairs
    if pairs is None:
        pairs = _completely_labelled(decided.left, decided.right, len(a), len(b))
    return _sorted(pairs, True, decided.degenerate)


def _sorted(pairs: Iterable[tuple[Weights, Weights]], complete: bool, degenerate: bool) -> ExtremeEquilibria:
    """Pairs of vertices as strategies; a vertex always comes with the same weights."""
    left: dict[Weights, int] = {}
    right: dict[Weights, int] = {}
    edges = [(left.setdefault(x, len(left)), right.setdefault(y, len(right))) for x, y in pairs]
    x_of, y_of = [_shares(x) for x in left], [_shares(y) for y in right]
    edges.sort(key=lambda edge: (x_of[edge[0]], y_of[edge[1]]), reverse=True)
    return ExtremeEquilibria([(x_of[x], y_of[y]) for x, y in edges], edges, complete, degenerate)


def _completely_labelled(
    left: Sequence[Vertex], right: Sequence[Vertex], m: int, n: int
) -> list[tuple[Weights, Weights]]:
    """Pairs whose labels together are all m + n; between simple vertices the labels are complements, so looked up."""
    everything = (1 << (m + n)) - 1
    exact: dict[int, Weights] = {}
    degenerate: list[Vertex] = []
    for vertex in right:  # its bits: n coordinates, then m best replies; a label of player 1's action i is bit i
        labels = (vertex.labels >> n) | ((vertex.labels & ((1 << n) - 1)) << m)
        if vertex.labels.bit_count() == n:
            exact[labels] = vertex.weights
        else:
            degenerate.append(Vertex(vertex.weights, labels))
    pairs = []
    for vertex in left:
        needed = everything ^ vertex.labels
        if vertex.labels.bit_count() == m:
            if needed in exact:
                pairs.append((vertex.weights, exact[needed]))
        else:
            pairs += [(vertex.weights, weights) for labels, weights in exact.items() if labels & needed == needed]
        pairs += [(vertex.weights, other.weights) for other in degenerate if other.labels & needed == needed]
    return pairs


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


def _shares(weights: Weights) -> tuple[Fraction, ...]:
    whole = sum(weights)
    if whole in weights:
        return tuple([WHOLE if weight else NOTHING for weight in weights])
    return tuple([Fraction(weight, whole) if weight else NOTHING for weight in weights])
