"""Whether consistent beliefs uphold a plan at the information sets that it never reaches, with trembles that show it.

Beliefs are consistent iff they are the limit of Bayes' rule under plans that make every slip with a vanishing chance.
It is enough to look at chances c * e^k with e going to 0: k, a whole number above 0, says which slips are rarer by an
order, and c > 0 how they compare within one. At each information set the nodes of least order (the sum of k over the
slips that lead there) share the belief, in proportion to the product of c. So a plan is upheld iff there are

    a set of believed nodes at each information set where beliefs matter,
    orders k that make exactly these the least: linear inequalities in whole numbers, and
    weights c that give beliefs at which no action earns more: linear in the logarithms of c, where at most two ways
    lead to the believed nodes, and each action bounds the ratio of these two.

Where three or more ways share a belief, the bounds are not linear in logarithms. Then some beliefs that do are tried;
if the trembles can make none of them, the answer is "not known", never no.

Sources: Kreps & Wilson (1982), Sequential equilibria, Econometrica 50(4), 863-894, appendix A1, on orders and weights;
Streufert (2015), A characterization of Kreps-Wilson consistency by additive plausibility.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import lcm

from sim.solvers.sequential_play import Plan, Positions, Slip, gains_at, ways_to
from sim.solvers.sequential_system import Logarithm, Row, TooManyDigitsError, solve_rows

FAR = Fraction(4)  # times the least: how far apart the beliefs are that are tried where weights are not linear
NONE = Fraction(0)
ONE = Fraction(1)

Weights = Mapping[Slip, Fraction]


@dataclass(frozen=True, slots=True)
class Trembles:
    """How a plan is approached: slip (i, a) is made with the chance weight * e^order; e goes to 0."""

    orders: Mapping[Slip, int]
    weights: Weights


@dataclass(frozen=True, slots=True)
class Verdict:
    """Trembles that uphold a plan, or None; then `known` says whether there are none."""

    trembles: Trembles | None
    known: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """An information set that is never reached, and where what is believed matters; one entry a way to be there."""

    slips: tuple[frozenset[Slip], ...]
    gains: tuple[tuple[Fraction, ...], ...]  # what each action earns more, times the chances of all that is no slip


def upheld(positions: Positions, plan: Plan, count: Callable[[int], None]) -> Verdict:
    """Whether the plan is part of a sequential equilibrium.

    Args:
        positions: of the tree.
        plan: a mix at every information set of every player.
        count: is told of the work done, and may raise to stop it.
    """
    ways = ways_to(positions, plan)
    slips = [(own, a) for own in positions.members for a, p in enumerate(plan[own]) if not p]
    doubts = []
    for own, nodes in positions.members.items():
        gains = gains_at(positions, own, plan)
        doubt = _doubt([ways[at] for at in nodes], gains)
        if frozenset() in doubt.slips:
            if any(gain > 0 for gain in doubt.gains[doubt.slips.index(frozenset())]):
                return Verdict(None, True)
        elif any(gain > 0 for own_gains in doubt.gains for gain in own_gains):
            doubts.append(doubt)
    return _search(_shared(doubts), slips, count)


def beliefs_of(positions: Positions, plan: Plan, trembles: Trembles) -> dict[int, dict[int, Fraction]]:
    """Information set -> node -> belief; nodes that are not believed are left out."""
    ways = ways_to(positions, plan)
    beliefs = {}
    for own, nodes in positions.members.items():
        order = {at: sum(trembles.orders[slip] for slip in ways[at][0]) for at in nodes}
        least = min(order.values())
        weight = {}
        for at in (at for at in nodes if order[at] == least):
            weight[at] = ways[at][1]
            for slip in ways[at][0]:
                weight[at] *= trembles.weights[slip]
        total = sum(weight.values())
        beliefs[own] = {at: w / total for at, w in weight.items()}
    return beliefs


def some_belief_fits(gains: Sequence[Sequence[Fraction]]) -> bool:
    """Whether at some belief over the nodes (rows) no action (column) gains on average."""
    if any(all(gain <= 0 for gain in own) for own in gains):
        return True
    if len(gains) == 1:
        return False
    rows: list[Row[Fraction]] = [
        ({k: own[a] for k, own in enumerate(gains) if own[a]}, None, NONE) for a in range(len(gains[0]))
    ]
    rows.append((dict.fromkeys(range(len(gains)), ONE), ONE, None))
    return solve_rows(rows, [(NONE, None)] * len(gains), NONE) is not None


def _doubt(ways: Sequence[tuple[frozenset[Slip], Fraction]], gains: Sequence[Sequence[Fraction]]) -> Doubt:
    """Nodes with the same slips are one way: whatever the trembles, they share its belief as chance has it."""
    together: dict[frozenset[Slip], list[Fraction]] = {}
    for (slips, weight), own in zip(ways, gains, strict=True):
        total = together.setdefault(slips, [NONE] * len(own))
        together[slips] = [before + weight * gain for before, gain in zip(total, own, strict=True)]
    return Doubt(tuple(together), tuple(map(tuple, together.values())))


def _shared(doubts: Sequence[Doubt]) -> list[Doubt]:
    """Doubts with the same ways as one: slips that all ways to a set share, change no belief there."""
    alike: dict[frozenset[frozenset[Slip]], dict[frozenset[Slip], tuple[Fraction, ...]]] = {}
    for doubt in doubts:
        common = frozenset.intersection(*doubt.slips)
        bare = [slips - common for slips in doubt.slips]
        gains = alike.setdefault(frozenset(bare), dict.fromkeys(bare, ()))
        for slips, own in zip(bare, doubt.gains, strict=True):
            gains[slips] += own  # actions of all these sets, side by side
    return [Doubt(tuple(gains), tuple(gains.values())) for gains in alike.values()]


@dataclass(frozen=True, slots=True)
class _Believed:
    """A doubt, and which of its ways are believed, all with a share above 0."""

    doubt: Doubt
    ways: tuple[int, ...]


def _search(doubts: Sequence[Doubt], slips: Sequence[Slip], count: Callable[[int], None]) -> Verdict:
    """Try every choice of believed ways whose orders can be had; the first whose weights can be had will do."""
    place = {slip: k for k, slip in enumerate(slips)}
    options = []
    for doubt in sorted(doubts, key=lambda own: len(own.slips)):
        options.append([own for own in _supports(doubt, count) if _orders([own], place) is not None])
        if not options[-1]:
            return Verdict(None, True)
    known = True
    for chosen in _choices(options, place, count):
        orders = _orders(chosen, place)
        assert orders is not None
        weights, sure = _weights(chosen, place, count)
        if weights is not None:
            least = {slip: weights.get(k, ONE) for slip, k in place.items()}
            return Verdict(Trembles(dict(zip(slips, orders, strict=True)), least), True)
        known = known and sure
    return Verdict(None, known)


def _choices(
    options: Sequence[Sequence[_Believed]], place: Mapping[Slip, int], count: Callable[[int], None]
) -> Iterator[list[_Believed]]:
    """One of the options of each doubt, such that some orders make them all."""

    def extend(chosen: list[_Believed]) -> Iterator[list[_Believed]]:
        if len(chosen) == len(options):
            yield chosen
            return
        for own in options[len(chosen)]:
            count(len(place) + 1)
            longer = [*chosen, own]
            if len(chosen) == 0 or _orders(longer, place) is not None:
                yield from extend(longer)

    return extend([])


def _supports(doubt: Doubt, count: Callable[[int], None]) -> Iterator[_Believed]:
    """Sets of ways that some belief shares, above 0 each, such that no action gains; small sets first."""
    everything = range(len(doubt.slips))
    for size in range(1, len(doubt.slips) + 1):
        for ways in combinations(everything, size):
            count(size * len(doubt.gains[0]))
            if _belief(doubt, ways, [ONE] * size) is not None:
                yield _Believed(doubt, ways)


def _belief(doubt: Doubt, ways: Sequence[int], least: Sequence[Fraction]) -> list[Fraction] | None:
    """Shares of these ways, not adding to 1, such that no action gains; each at least so much."""
    rows: list[Row[Fraction]] = [
        ({k: doubt.gains[way][a] for k, way in enumerate(ways) if doubt.gains[way][a]}, None, NONE)
        for a in range(len(doubt.gains[0]))
    ]
    return solve_rows(rows, [(low, None) for low in least], NONE)


def _difference(one: frozenset[Slip], other: frozenset[Slip], place: Mapping[Slip, int]) -> dict[int, Fraction]:
    return {place[slip]: ONE for slip in one - other} | {place[slip]: -ONE for slip in other - one}


def _orders(chosen: Sequence[_Believed], place: Mapping[Slip, int]) -> list[int] | None:
    """Orders of the slips, whole and above 0, that are least exactly at what is believed."""
    rows: list[Row[Fraction]] = []
    for own in chosen:
        slips = own.doubt.slips
        first = slips[own.ways[0]]
        for way, others in enumerate(slips):
            if way != own.ways[0]:
                difference = _difference(others, first, place)
                rows.append((difference, NONE, NONE) if way in own.ways else (difference, ONE, None))
    found = solve_rows(rows, [(ONE, None)] * len(place), NONE)
    if found is None:
        return None
    common = lcm(*(order.denominator for order in found))
    return [int(order * common) for order in found]


Bound = tuple[dict[int, Fraction], Fraction | None, Fraction | None]  # a product of powers of weights, and its bounds


def _weights(
    chosen: Sequence[_Believed], place: Mapping[Slip, int], count: Callable[[int], None]
) -> tuple[dict[int, Fraction] | None, bool]:
    """Weights of slips that make beliefs at which no action gains; None, and whether it is sure that there are none."""
    pairs = [_ratio(own, place) for own in chosen if len(own.ways) == 2]
    wide = [own for own in chosen if len(own.ways) > 2]
    try:
        if _possible(pairs, len(place)) is None:
            return None, True
        sizes = _sizes([own for own in chosen if len(own.ways) > 1], count) if wide else [{}]
        if not sizes:
            return None, True
        for size in sizes:
            count(len(place) + 1)
            weights = rational_weights([*pairs, *(row for own in wide for row in _made(own, size, place))], len(place))
            if weights is not None:
                return weights, True
    except TooManyDigitsError:
        pass
    return None, False


def _ratio(own: _Believed, place: Mapping[Slip, int]) -> Bound:
    """Of two believed ways: how many times the product of weights of the first that of the second may be."""
    doubt, (first, second) = own.doubt, own.ways
    low, high = NONE, None
    for mine, others in zip(doubt.gains[first], doubt.gains[second], strict=True):
        if others > 0:
            high = -mine / others if high is None else min(high, -mine / others)
        elif others < 0:
            low = max(low, -mine / others)
    return _difference(doubt.slips[second], doubt.slips[first], place), low or None, high


def _bare(own: _Believed) -> list[frozenset[Slip]]:
    """The slips of each believed way, without those that all of them share."""
    slips = [own.doubt.slips[way] for way in own.ways]
    return [each - frozenset.intersection(*slips) for each in slips]


def _sizes(chosen: Sequence[_Believed], count: Callable[[int], None]) -> list[dict[frozenset[Slip], Fraction]]:
    """A few products of weights, a product a set of slips, at which no action gains; none: then there are none.

    Each product is taken as a number of its own, as if it were tied to no other, which makes the gains linear.
    """
    column = {slips: k for k, slips in enumerate(dict.fromkeys(each for own in chosen for each in _bare(own)))}
    rows: list[Row[Fraction]] = []
    for own in chosen:
        bare = [column[slips] for slips in _bare(own)]
        for action in zip(*(own.doubt.gains[way] for way in own.ways), strict=True):
            rows.append(({k: gain for k, gain in zip(bare, action, strict=True) if gain}, None, NONE))
    least = [[ONE] * len(column)] + [[FAR if j == k else ONE for j in column.values()] for k in column.values()]
    found = []
    for each in least:
        count(len(rows) * len(column))
        sizes = solve_rows(rows, [(low, None) for low in each], NONE)
        if sizes is not None:
            found.append(dict(zip(column, sizes, strict=True)))
    return found


def _made(own: _Believed, size: Mapping[frozenset[Slip], Fraction], place: Mapping[Slip, int]) -> list[Bound]:
    """What the weights must be for these very products."""
    first, *rest = _bare(own)
    return [(_difference(each, first, place), size[each] / size[first], size[each] / size[first]) for each in rest]


def _possible(rows: Sequence[Bound], count: int) -> list[Logarithm] | None:
    """Logarithms of weights within the bounds."""
    logarithms: list[Row[Logarithm]] = [
        (powers, None if low is None else Logarithm.of(low), None if high is None else Logarithm.of(high))
        for powers, low, high in rows
    ]
    return solve_rows(logarithms, [(None, None)] * count, Logarithm({}))


def rational_weights(rows: Sequence[Bound], count: int) -> dict[int, Fraction] | None:
    """Rational weights within the bounds, where such are found."""
    exact = _possible(rows, count)
    if exact is None:
        return None
    numbers = [own.number() for own in exact]
    found = {k: number for k, number in enumerate(numbers) if number is not None}
    if len(found) == count:
        return found
    inner = _possible([_shrunk(row) for row in rows], count)
    if inner is None:
        return None
    near = {k: own.nearby() for k, own in enumerate(inner)}
    return near if all(_holds(row, near) for row in rows) else None


def _shrunk(row: Bound) -> Bound:
    """The middle half of an interval; of one that is open to one side, from twice its end on."""
    powers, low, high = row
    if low is not None and high is not None:
        return powers, low + (high - low) / 4, high - (high - low) / 4
    return powers, None if low is None else low * 2, None if high is None else high / 2


def _holds(row: Bound, weights: Mapping[int, Fraction]) -> bool:
    powers, low, high = row
    value = ONE
    for k, power in powers.items():
        value *= weights[k] ** int(power)
    return (low is None or low <= value) and (high is None or value <= high)
