"""Game trees as TikZ pictures: every node and action once, in a place of its own, with signs escaped."""

import re
from fractions import Fraction

import pytest

import sim
from sim.game.order_tree import tree_of_order
from sim.game.tree import CHANCE, InformationSet, Node, Outcome, Tree
from sim.show.latex_tree import MOST_ENDS, tree_to_latex


def hidden_coin() -> Tree:
    """Chance tosses, A does not see it and guesses; a payoff stands on the way."""
    sets = (
        InformationSet(CHANCE, ("heads", "tails"), "", (Fraction(1, 3), Fraction(2, 3))),
        InformationSet(0, ("50% & more", "call_it")),
    )
    nodes = (
        Node(0, (1, 4), 0),
        Node(1, (2, 3)),
        Node(None, (), 1),
        Node(None, (), None),
        Node(1, (5, 6)),
        Node(None, (), None),
        Node(None, (), 1),
    )
    return Tree("a_coin", ("A", "B"), nodes, sets, (Outcome((Fraction(1), Fraction(-1))), Outcome((Fraction(2),) * 2)))


def test_every_node_has_its_own_place_and_every_action_one_line() -> None:
    data = sim.load("deterrence").data
    tree = tree_of_order(data, data.orders[0])
    text = tree_to_latex(tree)
    places = re.findall(r"\(n(\d+)\) at \((\d+), (-?[\d.]+)\)", text)
    assert [int(name) for name, _, _ in places] == list(range(len(tree.nodes)))
    assert len({place[1:] for place in places}) == len(tree.nodes)
    assert re.findall(r"\\draw \(n(\d+)\) -- .*? \(n(\d+)(?:\.west)?\);", text) == [
        (str(at), str(child)) for at, node in enumerate(tree.nodes) for child in node.children
    ]
    assert text == tree_to_latex(tree_of_order(data, data.orders[0]))


def test_a_node_stands_midway_between_its_first_and_its_last_end() -> None:
    assert r"(n0) at (0, -1.5)" in tree_to_latex(hidden_coin())
    assert r"(n1) at (1, -0.5)" in tree_to_latex(hidden_coin())


def test_who_cannot_tell_nodes_apart_sees_a_dashed_line_and_chance_its_odds() -> None:
    text = tree_to_latex(hidden_coin())
    assert re.findall(r"\\draw\[dashed\] \(n(\d)\).*\(n(\d)\);", text) == [("1", "4")]
    assert "heads $1/3$" in text
    assert r"\node[chance, label={above left:{$(1, -1)$}}] (n0)" in text  # paid on the way
    assert text.count(r"{$(0, 0)$};") == 2  # ends without payoffs of their own
    assert "not told apart" in text


def test_signs_and_titles_are_escaped_and_braces_balance() -> None:
    text = tree_to_latex(hidden_coin(), titles={"A": "R&D"})
    assert r"50\% \& more" in text
    assert r"call\_it" in text
    assert r"label={above left:{R\&D}}" in text
    assert r"\caption{a\_coin. " in text
    assert text.count("{") == text.count("}")
    assert re.findall(r"\\begin\{(\w+)\}", text) == re.findall(r"\\end\{(\w+)\}", text)[::-1]


@pytest.mark.parametrize(("ends", "fits"), [(MOST_ENDS, True), (MOST_ENDS + 1, False)])
def test_a_tree_beyond_a_page_is_refused(ends: int, fits: bool) -> None:
    many = InformationSet(0, tuple(map(str, range(ends))))
    tree = Tree("wide", ("A",), (Node(0, tuple(range(1, ends + 1))), *[Node()] * ends), (many,), ())
    if fits:
        assert rf"(n{ends})" in tree_to_latex(tree)
    else:
        with pytest.raises(sim.UsageError, match=f"has {ends} ends"):
            tree_to_latex(tree)
