"""Tree files: what Gambit reads, we read alike; what we write, it reads back; what is wrong has a place."""

import io
from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import numpy as np
import pygambit
import pytest

import sim
from sim.errors import ScenarioError
from sim.game.efg import parse_efg, tree_to_efg
from sim.game.tree import CHANCE, InformationSet, Node, Outcome, Tree
from tests.game.written_games import TREES, efg_text, random_tree

CATALOG = sorted(path for path in Path(str(files("pygambit"))).rglob("*.efg"))


def same_as_gambit(ours: Tree, theirs: pygambit.Game) -> bool:
    """The same players, recall and reduced normal form.

    Strategies come in the same order, but for players who forget: Gambit goes through their sets in another order.
    """
    exact, arrays = ours.to_game().exact, np.array(theirs.to_arrays(Fraction))
    if not ours.perfect_recall:
        exact, arrays = (np.array(sorted(map(tuple, one.reshape(len(one), -1).T))) for one in (exact, arrays))
    return (
        tuple(theirs.players) == ours.players
        and ours.perfect_recall == all(theirs.has_perfect_recall(player) for player in theirs.players)
        and exact.shape == arrays.shape
        and bool((exact == arrays).all())
    )


def told_apart(tree: Tree) -> Tree:
    """The tree without the labels of its nodes: those that are alike leave with a number."""
    return replace(tree, nodes=tuple(replace(node, label="") for node in tree.nodes))


def problem_of(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse_efg(text, "x.efg")
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.mark.parametrize("name", TREES)
def test_a_textbook_tree_is_the_one_that_gambit_reads(name: str) -> None:
    text = efg_text(name, *TREES[name])
    ours, theirs = parse_efg(text, "x.efg"), pygambit.read_efg(io.StringIO(text))
    again = pygambit.read_efg(io.StringIO(tree_to_efg(ours)))
    assert parse_efg(tree_to_efg(ours), "x.efg") == ours
    assert parse_efg(again.to_efg(), "x.efg") == parse_efg(theirs.to_efg(), "x.efg") == ours
    if name != "four cards":  # four choices for each of four cards: 65,536 profiles, each summed over twelve deals
        assert same_as_gambit(ours, theirs)


@pytest.mark.parametrize("path", CATALOG, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_tree_of_gambits_catalogue_goes_there_and_back(path: Path) -> None:
    ours, theirs = sim.read_game(path), pygambit.read_efg(path)
    assert isinstance(ours, Tree)
    assert same_as_gambit(ours, theirs)
    assert same_as_gambit(ours, pygambit.read_efg(io.StringIO(tree_to_efg(ours))))
    assert same_as_gambit(parse_efg(theirs.to_efg(), "x.efg"), theirs)
    assert parse_efg(tree_to_efg(ours), "x.efg") == ours


def test_any_tree_goes_through_the_text_unchanged_and_gambit_agrees() -> None:
    forgetful = chances = 0
    for seed in range(150):
        text = random_tree(seed)
        ours = parse_efg(text, "x.efg")
        written = tree_to_efg(ours)
        assert told_apart(parse_efg(written, "x.efg")) == told_apart(ours)
        theirs = pygambit.read_efg(io.StringIO(written))
        assert same_as_gambit(ours, theirs), text
        assert told_apart(parse_efg(theirs.to_efg(), "x.efg")) == told_apart(ours)
        forgetful += not ours.perfect_recall
        chances += any(own.player == CHANCE for own in ours.information_sets)
    assert forgetful >= 20  # the sample holds what it is to test
    assert chances >= 50


SMALL = """EFG 2 R "a \\"small\\" one" { "A" "B" } "for a test"
c "root" 7 "deal" { "up" 1/4, "down" .75 } 0
p "" 1 3 "seen" { "in" "out" } 9 "fee" { -1, 0.5 }
t "" 4 "win" { 2e1 0 }
t "" 0
p "" 2 1 "" { "in" } 0
p "" 1 3 0
t "" 4
t "" 9 "fee" { -1.0, 1/2 }"""


def test_a_tree_is_what_the_file_says() -> None:
    tree = parse_efg(SMALL, "x.efg")
    assert tree == Tree(
        title='a "small" one',
        players=("A", "B"),
        nodes=(
            Node(0, (1, 4), None, "root"),
            Node(1, (2, 3), 0),
            Node(None, (), 1),
            Node(),
            Node(2, (5,)),
            Node(1, (6, 7)),
            Node(None, (), 1),
            Node(None, (), 0),
        ),
        information_sets=(
            InformationSet(CHANCE, ("up", "down"), "deal", (Fraction(1, 4), Fraction(3, 4))),
            InformationSet(0, ("in", "out"), "seen"),
            InformationSet(1, ("in",)),
        ),
        outcomes=(Outcome((Fraction(-1), Fraction(1, 2)), "fee"), Outcome((Fraction(20), Fraction(0)), "win")),
        comment="for a test",
    )
    assert repr(tree) == "<Tree 'a \"small\" one': A, B; 8 nodes, 2 information sets>"


def test_actions_that_say_nothing_are_numbered_and_compare_as_written() -> None:
    text = 'EFG 2 R "g" { "A" } p "" 1 1 "" { "x" "x" } 0 p "" 1 1 "" { "x" "x" } 0 t "" 0 t "" 0 t "" 0'
    assert parse_efg(text, "x.efg").information_sets[0].actions == ("x_1", "x_2")


def test_a_chain_twenty_thousand_nodes_deep_meets_no_recursion_limit() -> None:
    lines = [f'c "" {k + 1} "" {{ "on" 1/2 "off" 1/2 }} 1 "o" {{ 1 0 }}' for k in range(5_000)]
    lines += [f'p "" {k % 2 + 1} {k + 1} "" {{ "on" }} 0' for k in range(15_000)]
    tree = parse_efg('EFG 2 R "chain" { "A" "B" }\n' + "\n".join(lines) + '\nt "" 0' * 5_001, "x.efg")
    assert len(tree.nodes) == 25_001
    assert parse_efg(tree_to_efg(tree), "x.efg") == tree
    assert tree.perfect_recall
    assert tree.to_game().exact.tolist() == [[[2 - Fraction(1, 2**4_999)]], [[0]]]  # 1 + 1/2 + 1/4 + ...


HEAD = 'EFG 2 R "g" { "a" "b" }\n'
MOVE = 'p "" 1 1 "" { "x" "y" } 0\n'
END = 't "" 1 "o" { 1 2 }\n'


@pytest.mark.parametrize(
    ("marked", "cause"),  # the mark stands where the problem is
    [
        ("¦NFG 1 R", "an .efg file begins with EFG 2 R"),
        ('EFG ¦1 R "g"', "only version 2"),
        ('EFG 2 ¦"g"', "R (or D)"),
        ('EFG 2 R "g" { }¦', "no player"),
        (HEAD.strip() + "¦", "before the first node"),
        (HEAD + '¦q "" 0', "a node should stand here"),
        (HEAD + 't ¦1 "o" { 1 2 }', "the label of the node in double quotes"),
        (HEAD + 'p "" ¦3 1 "" { "x" } 0', "there is no player 3: the game has 2"),
        (HEAD + 'p "" ¦0 1 "" { "x" } 0', "at least 1, not '0'"),
        (HEAD + 'p "" 1 ¦1 0\n' + END, "information set 1 is used before its actions are given"),
        (HEAD + 'p "" 1 1 "" ¦{ } 0\n', "no action"),
        (HEAD + 'p "" 1 1 "" { "x" ¦5 } 0\n', "the label of an action, or '}'"),
        (HEAD + 'c "" 1 "" ¦{ "x" 1/2 "y" 1/3 } 0\n', "add to 0.833333, not to 1 exactly"),
        (HEAD + 'c "" 1 "" ¦{ "x" .333 "y" .333 "z" .333 } 0\n', "Write a third as 1/3"),
        (HEAD + 'c "" 1 "" { "x" ¦-1/2 "y" 3/2 } 0\n', "below 0"),
        (HEAD + 'c "" 1 "" { "x" ¦} 0\n', "the chance of an action"),
        (HEAD + MOVE + 'p "" 1 ¦1 "" { "y" "x" } 0\n', "described otherwise before"),
        (HEAD + MOVE + 'p "" 1 ¦1 "" { "x" } 0\n', "described otherwise before"),
        (HEAD + MOVE + 'p "" 1 ¦1 "named" 0\n', "described otherwise before"),
        (HEAD + 'c "" 4 "" { "x" 1/2 "y" .5 } 0 c "" ¦4 "" { "x" 1/3 "y" 2/3 } 0', "set 4 was described otherwise"),
        (HEAD + MOVE + END + 't "" ¦1 "o" { 1 3 }\n', "outcome 1 was described otherwise before"),
        (HEAD + MOVE + END + 't "" ¦1 "p" { 1 2 }\n', "outcome 1 was described otherwise before"),
        (HEAD + MOVE + END + 't "" ¦2\n', "outcome 2 is used before its payoffs are given"),
        (HEAD + 't "" ¦0 "null" { 0 0 }', "outcome 0 is no outcome"),
        (HEAD + 't "" 1 "o" { 1 ¦}', "1 of 2 payoffs"),
        (HEAD + 't "" 1 "o" { 1 2 ¦3 }', "more than 2 payoffs"),
        (HEAD + 't "" 1 "o" { 1 ¦1e400 }', "an exponent beyond 300"),
        (HEAD + MOVE + MOVE + END.strip() + "¦", "2 actions lead nowhere yet, first 'y' at node 2"),
        (HEAD + MOVE + END.strip() + "¦", "but 1 action leads nowhere yet"),
        (HEAD + MOVE + END + END + "¦" + END, "complete after 3 nodes"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(marked: str, cause: str) -> None:
    before, _, after = marked.partition("¦")
    said = problem_of(before + after)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert said.startswith(f"x.efg:{line}:{column}: ")
    assert cause in said


def test_the_same_number_names_different_sets_of_different_players() -> None:
    text = HEAD + MOVE + 'p "" 2 1 "" { "l" "r" "m" } 0\n' + 't "" 0\n' * 4
    assert [own.player for own in parse_efg(text, "x.efg").information_sets] == [0, 1]


def test_an_information_set_may_have_the_number_0() -> None:
    text = HEAD + MOVE.replace("1 1", "1 0") + 't "" 0\n' * 2
    assert same_as_gambit(parse_efg(text, "x.efg"), pygambit.read_efg(io.StringIO(text)))


def test_labels_that_gambit_would_refuse_are_written_so_that_it_takes_them() -> None:
    text = (
        HEAD + 'p "n" 1 1 "i" { "  x  z" "\ty" } 0 p "n" 1 2 "i" { "x" "C:\\d" } 0 t " n " 1 "" { 1 2 } t "" 0 t "" 0'
    )
    written = tree_to_efg(parse_efg(text, "x.efg"))
    assert same_as_gambit(parse_efg(written, "x.efg"), pygambit.read_efg(io.StringIO(written)))
    assert [line.split('"')[1] for line in written.splitlines()[3:6]] == ["n_1", "n_2", "n_3"]
    assert '"i_1" { "x z" "y" }' in written
    assert '"i_2" { "x" "C:/d" }' in written


def test_a_comment_keeps_its_lines_and_its_formulas() -> None:
    said = 'one\n  $\\alpha$ "two"\\'
    tree = parse_efg(HEAD + '"one\n  $\\alpha$ \\"two\\"\\\\"' + 't "" 0', "x.efg")
    assert tree.comment == said
    assert parse_efg(tree_to_efg(tree), "x.efg").comment == said[:-1] + "/"
