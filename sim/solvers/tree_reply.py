"""The best plan against others in a tree with perfect recall: one player's later sets are decided from the last back.

Whoever remembers comes to all nodes of an information set by the same own choices. So what the best action there is
depends on the chances with which the others lead to its nodes, and on nothing that the player does elsewhere.

Source: Kuhn (1953); von Stengel (2002), Computing equilibria for two-person games.
"""

from collections.abc import Mapping
from fractions import Fraction

from sim.game.subgames import Payoffs
from sim.game.tree import CHANCE, Tree

NONE = Fraction(0)
Plan = Mapping[int, tuple[Fraction, ...]]  # information set -> what is done there


def best_worth(
    tree: Tree, player: int, starts: Mapping[int, Fraction], plan: Plan, worth: Mapping[int, Payoffs]
) -> Fraction:
    """What the best plan from some nodes on earns a player with perfect recall.

    Args:
        tree: the game.
        player: whose plan.
        starts: node -> how likely it is to be there: the root, or the nodes of one of the player's information sets.
        plan: what the others do; where it says nothing, they never come.
        worth: end -> payoffs.
    """
    odds = _led_to(tree, player, starts, plan)
    value: dict[int, Fraction] = {}  # node -> its odds times what the best plan earns from there on
    own_sets: dict[int, list[int]] = {}
    for at, chance in odds.items():
        here = tree.nodes[at].information_set
        if here is None:
            value[at] = chance * worth[at][player]
        elif tree.information_sets[here].player == player:
            own_sets.setdefault(here, []).append(at)

    def below(at: int) -> Fraction:
        """Sum over all that follows a node, as far as the player's own choices there are made."""
        total, waiting = NONE, [at]
        while waiting:
            here = waiting.pop()
            if here in value:
                total += value[here]
            else:
                waiting += [child for child in tree.nodes[here].children if child in odds]
        return total

    for nodes in sorted(own_sets.values(), key=lambda nodes: -min(nodes)):  # sets behind have greater numbers
        count = len(tree.nodes[nodes[0]].children)
        earned = [[below(tree.nodes[at].children[action]) for at in nodes] for action in range(count)]
        value.update(zip(nodes, max(earned, key=lambda column: sum(column, start=NONE)), strict=True))
    return sum((below(at) for at in starts if at in odds), start=NONE)


def _led_to(tree: Tree, player: int, starts: Mapping[int, Fraction], plan: Plan) -> dict[int, Fraction]:
    """Node -> its belief where play starts, times the chances of the others' moves since, whatever the player does."""
    odds = {at: p for at, p in starts.items() if p}
    waiting = list(odds)
    while waiting:
        at = waiting.pop()
        node = tree.nodes[at]
        if node.information_set is None:
            continue
        known = tree.information_sets[node.information_set]
        if known.player == player:
            mix: tuple[Fraction, ...] = (Fraction(1),) * len(node.children)
        elif known.player == CHANCE:
            mix = known.chances
        else:
            mix = plan.get(node.information_set, (Fraction(1), *[NONE] * (len(node.children) - 1)))
        led = [(child, odds[at] * p) for child, p in zip(node.children, mix, strict=True) if p]
        odds.update(led)
        waiting += [child for child, _ in led]
    return odds
