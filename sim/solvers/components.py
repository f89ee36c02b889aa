"""The shape of a two-player equilibrium set: Nash subsets (maximal bicliques) and connected components.

Extreme equilibria (x, y) are the edges of a bipartite graph. Strategies X against Y, all pairs of which are equilibria,
span the product of their convex hulls, all of it equilibria; the maximal such products cover the set of all equilibria.

Source: Avis, Rosenberg, Savani & von Stengel (2010), Enumeration of Nash equilibria for two-player games, Economic
Theory 42, 9-37.
"""

from collections.abc import Hashable, Iterable, Sequence

Pairs = Sequence[tuple[Hashable, Hashable]]
Groups = tuple[tuple[int, ...], ...]


def nash_subsets(pairs: Pairs) -> Groups:
    """Maximal bicliques of the graph whose edges are `pairs` (each once), as sorted indices; they may overlap."""
    return subsets_and_components(pairs)[0]


def connected_components(pairs: Pairs) -> Groups:
    """Components of the same graph, a partition of the indices of `pairs`, in order of their first index."""
    return subsets_and_components(pairs)[1]


def subsets_and_components(pairs: Pairs) -> tuple[Groups, Groups]:
    """Both at once. A set of right nodes is held as bits."""
    rows: dict[Hashable, int] = {}
    bit: dict[Hashable, int] = {}
    for x, y in pairs:
        rows[x] = rows.get(x, 0) | bit.setdefault(y, 1 << len(bit))
    if len(rows) == len(pairs) == len(bit):  # no strategy stands twice, as in every nondegenerate game
        apart = tuple([(k,) for k in range(len(pairs))])
        return apart, apart
    if sum(map(int.bit_count, set(rows.values()))) == len(bit):  # who shares one neighbour shares all
        groups: dict[int, list[int]] = {}
        for k, (x, _) in enumerate(pairs):
            groups.setdefault(rows[x], []).append(k)
        whole = tuple(map(tuple, groups.values()))
        return whole, whole
    components = [[k for k, (_, y) in enumerate(pairs) if bit[y] & right] for right in _joined(rows.values())]
    index = {pair: k for k, pair in enumerate(pairs)}
    subsets = []
    for right in _closed(rows.values()):
        left = [x for x, own in rows.items() if own & right == right]
        subsets.append(tuple(sorted([index[x, y] for y in bit if bit[y] & right for x in left])))
    return tuple(sorted(subsets)), tuple(sorted(map(tuple, components)))


def _closed(neighbours: Iterable[int]) -> set[int]:
    """The right sides of maximal bicliques.

    A biclique is maximal iff its right side is all that its left side shares, and the other way round; so the right
    sides are exactly the intersections of neighbourhoods that are not empty.
    """
    shared: set[int] = set()
    for own in set(neighbours):
        shared |= {own & other for other in shared}
        shared.add(own)
    shared.discard(0)
    return shared


def _joined(neighbours: Iterable[int]) -> list[int]:
    """The right sides of the components: neighbourhoods that meet, joined."""
    whole: list[int] = []
    for own in neighbours:
        joined, apart = own, []
        for other in whole:
            if other & own:
                joined |= other
            else:
                apart.append(other)
        whole = [*apart, joined]
    return whole
