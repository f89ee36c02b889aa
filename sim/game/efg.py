"""Games in extensive form in Gambit's `.efg` files: the nodes of a tree in prefix order, each with its payoffs.

An information set or an outcome is described where it first appears and may be named by its number alone afterwards;
a second description must say the same. Chances must add to 1 exactly. The tree is built without recursion.

Source: the Gambit project, "The extensive game (.efg) file format".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from sim.game.nfg import take_labels, take_payoffs
from sim.game.tokens import Tokens, escaped, numbered, quoted, quoted_comment, read_text, shown
from sim.game.tree import CHANCE, GREATEST_BITS, InformationSet, Node, Outcome, Tree

GREATEST_NODES = 500_000


def read_efg(path: Path) -> Tree:
    """Read a game in extensive form.

    Raises:
        ScenarioError: the file does not hold together; the first problem with its place.
    """
    return parse_efg(read_text(path, ".efg"), str(path))


def parse_efg(text: str, file: str) -> Tree:
    """The tree of an `.efg` text; `file` is named in problems, and gives a title where there is none."""
    tokens = Tokens(file, text)
    tokens.take_word(["EFG"], "this is no extensive game of Gambit: an .efg file begins with EFG 2 R.")
    tokens.take_word(["2"], "only version 2 of the .efg format is known: it begins with EFG 2 R.")
    tokens.take_word(["R", "D"], "the file must go on with R (or D), after EFG 2.")
    title = tokens.take_text("the title of the game")
    players = take_labels(tokens, "a player's name")
    if not players:
        tokens.fail("the game has no player.", "Name at least one between the braces.")
    comment = tokens.take_text("the comment") if tokens.kind == "text" else ""
    reading = _Reading(tokens, players)
    reading.read_nodes()
    nodes = tuple(
        Node(node.information_set, tuple(children), node.outcome, node.label)
        for node, children in zip(reading.nodes, reading.children, strict=True)
    )
    sets = tuple(
        InformationSet(own.player, numbered(own.actions), own.label, own.chances) for own in reading.information_sets
    )
    return Tree(title or Path(file).stem, players, nodes, sets, tuple(reading.outcomes), comment)


def tree_to_efg(tree: Tree) -> str:
    """The tree as an `.efg` text. Gambit reads back the same rationals.

    Descriptions are repeated, as Gambit does itself: some other programs know no shorter form.
    """
    numbers: list[int] = [0] * len(tree.information_sets)  # within their player, from 1
    names: list[str] = [""] * len(tree.information_sets)
    for player in range(CHANCE, len(tree.players)):
        known = [index for index, own in enumerate(tree.information_sets) if own.player == player]
        labels = _told_apart([tree.information_sets[index].label for index in known])
        for number, (index, label) in enumerate(zip(known, labels, strict=True), start=1):
            numbers[index], names[index] = number, label
    players = " ".join(quoted(name) for name in tree.players)
    lines = [f"EFG 2 R {quoted(tree.title)} {{ {players} }}", quoted_comment(tree.comment), ""]
    for node, label in zip(tree.nodes, _told_apart([node.label for node in tree.nodes]), strict=True):
        words = ["t", label]
        if node.information_set is not None:
            own = tree.information_sets[node.information_set]
            words[0] = "c" if own.player == CHANCE else "p"
            words += [str(own.player + 1)] * (own.player != CHANCE)
            words += [str(numbers[node.information_set]), names[node.information_set], *_action_list(own)]
        words.append("0" if node.outcome is None else str(node.outcome + 1))
        if node.outcome is not None:
            outcome = tree.outcomes[node.outcome]
            words += [quoted(outcome.label), "{", ", ".join(map(str, outcome.payoffs)), "}"]
        lines.append(" ".join(words))
    return "\n".join(lines) + "\n"


def _told_apart(labels: Sequence[str]) -> list[str]:
    """Labels in quotes; Gambit wants those that are not empty to differ, and several alike get a number."""
    written = [escaped(label) for label in labels]
    distinct = iter(numbered([label for label in written if label]))
    return [f'"{next(distinct)}"' if label else '""' for label in written]


def _action_list(own: InformationSet) -> list[str]:
    odds = [f" {chance}" for chance in own.chances] or [""] * len(own.actions)
    return ["{", *(f"{quoted(action)}{odd}" for action, odd in zip(own.actions, odds, strict=True)), "}"]


@dataclass(slots=True)
class _Reading:
    """The tree so far; labels of actions are kept as written until the end, so that a second description compares."""

    tokens: Tokens
    players: tuple[str, ...]
    nodes: list[Node] = field(default_factory=list)
    children: list[list[int]] = field(default_factory=list)
    information_sets: list[InformationSet] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    set_places: dict[tuple[int, int], int] = field(default_factory=dict)  # player, number in the file -> index
    outcome_places: dict[int, int] = field(default_factory=dict)

    def read_nodes(self) -> None:
        """Read nodes until every action has led somewhere; nothing may follow."""
        open_nodes: list[int] = []  # the path to the node that is read next
        while True:
            if self.tokens.kind == "end":
                self._ended(open_nodes)
            if len(self.nodes) == GREATEST_NODES:
                self.tokens.fail(f"the tree has more than {GREATEST_NODES:,} nodes.")
            at = len(self.nodes)
            if open_nodes:
                self.children[open_nodes[-1]].append(at)
            self.nodes.append(self._node())
            self.children.append([])
            open_nodes.append(at)
            while open_nodes and len(self.children[open_nodes[-1]]) == self._actions(open_nodes[-1]):
                open_nodes.pop()
            if not open_nodes:
                break
        if self.tokens.kind != "end":
            self.tokens.fail(
                f"the tree is complete after {len(self.nodes):,} nodes, but the file goes on.",
                "Every action leads to one node, in prefix order.",
            )

    def _actions(self, at: int) -> int:
        own = self.nodes[at].information_set
        return 0 if own is None else len(self.information_sets[own].actions)

    def _ended(self, open_nodes: list[int]) -> None:
        if not open_nodes:
            self.tokens.fail("the file ends before the first node.")
        missing = sum(self._actions(at) - len(self.children[at]) for at in open_nodes)
        last = self.information_sets[self.nodes[open_nodes[-1]].information_set or 0]
        action = last.actions[len(self.children[open_nodes[-1]])]
        place = f"{shown(action)} at node {open_nodes[-1] + 1:,}"
        many = f"{missing:,} actions lead" if missing > 1 else "1 action leads"
        self.tokens.fail(f"the file ends, but {many} nowhere yet, first {place}.")

    def _node(self) -> Node:
        tokens = self.tokens
        kind = tokens.take_word(["c", "p", "t"], "a node should stand here: c (chance), p (a player's) or t (the end).")
        label = tokens.take_text("the label of the node")
        own = None
        if kind != "t":
            player = CHANCE
            if kind == "p":
                place = tokens.start
                player = tokens.take_count("the number of the player", least=1) - 1
                if player >= len(self.players):
                    tokens.fail(f"there is no player {player + 1}: the game has {len(self.players)}.", at=place)
            own = self._information_set(player)
        return Node(own, (), self._outcome(), label)

    def _information_set(self, player: int) -> int:
        tokens = self.tokens
        place = tokens.start
        number = tokens.take_count("the number of the information set", least=0)
        index = self.set_places.get((player, number))
        label = tokens.take_text("") if tokens.kind == "text" else None
        if not tokens.at_mark("{"):
            if index is None:
                tokens.fail(f"information set {number} is used before its actions are given.", at=place)
            if label is not None and label != self.information_sets[index].label:
                self._differs(f"information set {number}", place)
            return index
        own = self._description(player, label)
        if index is None:
            index = self.set_places[player, number] = len(self.information_sets)
            self.information_sets.append(InformationSet(player, own.actions, label or "", own.chances))
        known = self.information_sets[index]
        if (known.actions, known.chances) != (own.actions, own.chances) or label not in (None, known.label):
            self._differs(f"information set {number}", place)
        return index

    def _description(self, player: int, label: str | None) -> InformationSet:
        tokens = self.tokens
        place = tokens.start
        tokens.advance()
        actions: list[str] = []
        chances: list[Fraction] = []
        while not tokens.at_mark("}"):
            actions.append(tokens.take_text("the label of an action, or '}',"))
            if player == CHANCE:
                spot = tokens.start
                chances.append(tokens.take_number("the chance of an action"))
                if chances[-1] < 0:
                    tokens.fail("a chance is below 0.", at=spot)
            tokens.skip_comma()
        tokens.advance()
        if not actions:
            tokens.fail("an information set has no action.", "Give it one, or end the play with t.", at=place)
        if player == CHANCE:
            self._check_sum(chances, place)
        return InformationSet(player, tuple(actions), label or "", tuple(chances))

    def _check_sum(self, chances: list[Fraction], place: int) -> None:
        total = Fraction(0)
        for chance in chances:
            total += chance
            if total.denominator.bit_length() > GREATEST_BITS:
                self.tokens.fail("the chances have more digits than can be added.", at=place)
        if total != 1:
            cause = f"the chances add to {float(total):.6g}, not to 1 exactly."
            self.tokens.fail(cause, "Write a third as 1/3.", at=place)

    def _outcome(self) -> int | None:
        tokens = self.tokens
        place = tokens.start
        number = tokens.take_count("the number of the outcome", least=0)
        label = tokens.take_text("") if tokens.kind == "text" else None
        described = tokens.at_mark("{")
        if number == 0:
            if label is not None or described:
                tokens.fail(
                    "outcome 0 is no outcome: it has neither a name nor payoffs.", "Give it a number.", at=place
                )
            return None
        index = self.outcome_places.get(number)
        if index is None and not described:
            tokens.fail(f"outcome {number} is used before its payoffs are given.", at=place)
        payoffs = None
        if described:
            tokens.advance()
            payoffs = tuple(take_payoffs(tokens, len(self.players)))
        if index is None:
            index = self.outcome_places[number] = len(self.outcomes)
            self.outcomes.append(Outcome(payoffs or (), label or ""))
        known = self.outcomes[index]
        if payoffs not in (None, known.payoffs) or label not in (None, known.label):
            self._differs(f"outcome {number}", place)
        return index

    def _differs(self, what: str, place: int) -> None:
        self.tokens.fail(f"{what} was described otherwise before.", "Say the same, or only its number.", at=place)
