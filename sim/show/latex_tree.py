"""A game tree as a TikZ picture: play runs from left to right, one line an end; information sets are dashed.

The picture needs plain TikZ and no other package. It is the same to the letter for the same tree.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from sim.errors import UsageError
from sim.game.tree import CHANCE, Tree
from sim.show.latex import escaped, number, written

MOST_ENDS = 60  # what one page holds
MOST_STEPS = 8
LETTER = 0.16  # cm, about what a letter of an action takes

STYLES = (
    r"every node/.style={font=\footnotesize}",
    "move/.style={circle, fill, inner sep=1.3pt}",
    "chance/.style={circle, draw, inner sep=1.3pt}",
    "action/.style={sloped, above, inner sep=1pt}",
    "end/.style={anchor=west}",
)


def tree_to_latex(tree: Tree, *, titles: Mapping[str, str] | None = None) -> str:
    """A figure environment with the tree.

    Args:
        tree: at most `MOST_ENDS` ends and `MOST_STEPS` moves one after another.
        titles: how to call the players; their names where left out.

    Raises:
        UsageError: the tree is larger than a page.
    """
    depths = _depths(tree)
    ends = sum(not node.children for node in tree.nodes)
    if ends > MOST_ENDS or max(depths) > MOST_STEPS:
        raise UsageError(
            f"{tree.title!r} has {ends:,} ends and up to {max(depths)} moves one after another; a page holds "
            f"{MOST_ENDS} and {MOST_STEPS}. Export it --to efg for a program that can zoom."
        )
    heights = _heights(tree)
    exact = all(written(value) is not None for outcome in tree.outcomes for value in outcome.payoffs)
    names = [escaped((titles or {}).get(name, name)) for name in tree.players]
    lines = [
        "% needs \\usepackage{tikz}",
        r"\begin{figure}",
        r"\centering",
        rf"\begin{{tikzpicture}}[x={_step(tree):.2f}cm, y=0.6cm, {', '.join(STYLES)}]",
        *(_node(tree, at, names, exact, f"{depths[at]}, {_metre(heights[at])}") for at in range(len(tree.nodes))),
        *(line for at in range(len(tree.nodes)) for line in _edges(tree, at)),
        *_dashes(tree),
        r"\end{tikzpicture}",
        rf"\caption{{{_caption(tree, names, exact)}}}",
        r"\end{figure}",
    ]
    return "\n".join(lines) + "\n"


def _step(tree: Tree) -> float:
    """Room for the longest action between a node and the next, in cm."""
    longest = max((len(action) for own in tree.information_sets for action in own.actions), default=0)
    return max(2.0, LETTER * longest + 0.6)


def _depths(tree: Tree) -> list[int]:
    """Moves before each node: nodes lie in prefix order, parents first."""
    depths = [0] * len(tree.nodes)
    for at, node in enumerate(tree.nodes):
        for child in node.children:
            depths[child] = depths[at] + 1
    return depths


def _heights(tree: Tree) -> list[Fraction]:
    """Ends one below the other; any other node midway between its first and last child."""
    heights = [Fraction(0)] * len(tree.nodes)
    line = 0
    for at, node in enumerate(tree.nodes):
        if not node.children:
            heights[at], line = Fraction(-line), line + 1
    for at in reversed(range(len(tree.nodes))):
        children = tree.nodes[at].children
        if children:
            heights[at] = (heights[children[0]] + heights[children[-1]]) / 2
    return heights


def _metre(height: Fraction) -> str:
    return f"{float(height):.4f}".rstrip("0").rstrip(".")


def _node(tree: Tree, at: int, names: list[str], exact: bool, place: str) -> str:
    node = tree.nodes[at]
    payoffs = "" if node.outcome is None else _payoffs(tree, node.outcome, exact)
    if not node.children:
        return rf"\node[end] (n{at}) at ({place}) {{{payoffs or _nothing(tree)}}};"
    own = tree.information_sets[node.information_set or 0]
    shape, name = ("chance", "") if own.player == CHANCE else ("move", names[own.player])
    label = " ".join(part for part in (name, payoffs) if part)
    said = f", label={{above left:{{{label}}}}}" if label else ""
    return rf"\node[{shape}{said}] (n{at}) at ({place}) {{}};"


def _edges(tree: Tree, at: int) -> list[str]:
    node = tree.nodes[at]
    if not node.children:
        return []
    own = tree.information_sets[node.information_set or 0]
    lines = []
    for k, child in enumerate(node.children):
        label = escaped(own.actions[k])
        if own.chances:
            label = f"{label} ${own.chances[k]}$".strip()
        target = f"n{child}" if tree.nodes[child].children else f"n{child}.west"
        lines.append(rf"\draw (n{at}) -- node[action] {{{label}}} ({target});")
    return lines


def _dashes(tree: Tree) -> list[str]:
    """A dashed line through the nodes of each information set, from one to the next."""
    members: dict[int, list[int]] = {}
    for at, node in enumerate(tree.nodes):
        if node.information_set is not None and tree.information_sets[node.information_set].player != CHANCE:
            members.setdefault(node.information_set, []).append(at)
    return [
        rf"\draw[dashed] (n{one}) to[bend left=12] (n{other});"
        for nodes in members.values()
        for one, other in pairwise(nodes)
    ]


def _payoffs(tree: Tree, outcome: int, exact: bool) -> str:
    return f"$({', '.join(number(value, exact) for value in tree.outcomes[outcome].payoffs)})$"


def _nothing(tree: Tree) -> str:
    return f"$({', '.join('0' for _ in tree.players)})$"


def _caption(tree: Tree, names: list[str], exact: bool) -> str:
    dashed = [r"Nodes on a dashed line are not told apart by who moves there."] if _dashes(tree) else []
    return " ".join(
        [
            f"{escaped(tree.title)}. Payoffs are of {', '.join(names)}, each in that player's own points.",
            *dashed,
            "Payoffs are exact." if exact else "Payoffs are rounded to 2 decimals.",
        ]
    )
