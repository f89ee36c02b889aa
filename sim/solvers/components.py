"""The shape of a two-player equilibrium set: Nash subsets (maximal bicliques) and connected components.

Extreme equilibria (x, y) are the edges of a bipartite graph. Strategies X against Y, all pairs of which are equilibria,
span the product of their convex hulls, all of it equilibria; the maximal such products cover the set of all equilibria.

Source: Avis, Rosenberg, Savani & von Stengel (2010), Enumeration of Nash equilibria for two-player games, Economic
Theory 42, 9-37.
"""

from collections.abc import Hashable, Sequence


def nash_subsets(pairs: Sequence[tuple[Hashable, Hashable]]) -> tuple[tuple[int, ...], ...]:
    """Maximal bicliques of the graph whose edges are `pairs` (each once), as sorted indices; they may overlap.

    A biclique is maximal iff its right side is all that its left side shares, and the other way round; the right sides
    are exactly the intersections of neighbourhoods that are not empty.
    """
    plain = _plain(pairs)
    if plain is not None:
        return plain
    neighbours: dict[Hashable, set[Hashable]] = {}
    for x, y in pairs:
        neighbours.setdefault(x, set()).add(y)
    shared: set[frozenset[Hashable]] = set()
    for own in neighbours.values():
        shared |= {frozenset(own & other) for other in shared}
        shared.add(frozenset(own))
    shared.discard(frozenset())
    index = {pair: k for k, pair in enumerate(pairs)}
    subsets = []
    for right in shared:
        left = [x for x, own in neighbours.items() if own >= right]
        subsets.append(tuple(sorted(index[x, y] for x in left for y in right)))
    return tuple(sorted(subsets))


def connected_components(pairs: Sequence[tuple[Hashable, Hashable]]) -> tuple[tuple[int, ...], ...]:
    """Components of the same graph, a partition of the indices of `pairs`, in order of their first index."""
    plain = _plain(pairs)
    if plain is not None:
        return plain
    by_x: dict[Hashable, list[int]] = {}
    by_y: dict[Hashable, list[int]] = {}
    for k, (x, y) in enumerate(pairs):
        by_x.setdefault(x, []).append(k)
        by_y.setdefault(y, []).append(k)
    component_of: dict[int, int] = {}
    components: list[tuple[int, ...]] = []
    for first in range(len(pairs)):
        if first in component_of:
            continue
        reached, waiting = [], [first]
        component_of[first] = len(components)
        while waiting:
            edge = waiting.pop()
            reached.append(edge)
            x, y = pairs[edge]
            for other in (*by_x.pop(x, ()), *by_y.pop(y, ())):
                if other not in component_of:
                    component_of[other] = len(components)
                    waiting.append(other)
        components.append(tuple(sorted(reached)))
    return tuple(components)


def _plain(pairs: Sequence[tuple[Hashable, Hashable]]) -> tuple[tuple[int, ...], ...] | None:
    """What both are where no strategy stands twice, as in every nondegenerate game, or each is paired with each."""
    count, left, right = len(pairs), len({x for x, _ in pairs}), len({y for _, y in pairs})
    if left == count == right:
        return tuple([(k,) for k in range(count)])
    return (tuple(range(count)),) if left * right == count else None
