"""Subgame-perfect play of trees: textbook games, every full plan against the definition, depth, what is too much."""

from fractions import Fraction
from itertools import product

import pytest

import sim
from sim.errors import PayoffError
from sim.game.efg import parse_efg
from sim.game.subgames import payoffs_at_ends, subgame_roots
from sim.game.tree import CHANCE, InformationSet, Node, Outcome, Tree
from sim.show.equilibria import plain_equilibria
from sim.solvers.tree_answer import solve_tree
from sim.solvers.tree_perfect import tree_perfect
from tests.game.written_games import Branch, Choice, efg_text, random_tree
from tests.solvers.made_trees import centipede


def tree(root: Branch, players: int = 2) -> Tree:
    return parse_efg(efg_text("made", [f"P{k + 1}" for k in range(players)], root), "x.efg")


def ways(found: sim.solvers.equilibria.EquilibriumSet) -> list[list[str]]:
    return [one.extra["paths"][0]["actions"] for one in found.equilibria]


ENTRY = Choice(1, "start", {"out": (0, 2), "in": Choice(2, "entered", {"fight": (-1, -1), "share": (1, 1)})})


def test_the_threat_to_fight_an_entrant_is_empty() -> None:  # Selten (1978): out and fight is Nash, and not perfect
    found = sim.solve(tree(ENTRY), "subgame-perfect")
    assert ways(found) == [["in", "share"]]
    assert found.complete
    assert found.equilibria[0].exact == ((0, 1), (0, 1))
    assert len(sim.solve(tree(ENTRY), "pure-nash").equilibria) == 2
    assert "ends after in, share" in plain_equilibria(found)


def test_seltens_horse_has_no_proper_subgame_so_both_pure_equilibria_stay() -> None:  # Selten (1975)
    def three(left: Branch, right: Branch) -> Choice:
        return Choice(3, "hidden", {"L": left, "R": right})

    horse = Choice(1, "first", {
        "D": three((3, 3, 2), (0, 0, 0)),
        "C": Choice(2, "second", {"d": three((4, 4, 0), (0, 0, 1)), "c": (1, 1, 1)}),
    })  # fmt: skip
    found = sim.solve(tree(horse, 3), "subgame-perfect")
    assert [one.payoffs for one in found.equilibria] == [(3, 3, 2), (1, 1, 1)]
    assert found.extra["subgames"] == 1


@pytest.mark.parametrize("moves", [4, 20_000])
def test_the_centipede_ends_at_once_however_long_it_is(moves: int) -> None:  # Rosenthal (1981)
    found = solve_tree(centipede(moves))
    assert ways(found) == [["take"]]
    assert found.equilibria[0].payoffs == (2, 0)
    assert found.equilibria[0].regret == 0
    assert plain_equilibria(found)


def test_two_rounds_of_offers_give_the_second_proposer_all_but_what_waiting_costs() -> None:  # Stahl (1972)
    """A pie of 4, in whole parts; in round 2 it is worth half. A tie may go either way."""

    def answer(label: str, accepted: tuple[object, ...], refused: Branch) -> Choice:
        return Choice(2 if label[0] == "1" else 1, label, {"yes": accepted, "no": refused})

    second = {
        f"ask {x}": lambda n, x=x: answer(f"2:{n}:{x}", (f"{4 - x}/2", f"{x}/2"), (0, 0)) for x in range(5)
    }  # player 2 asks for x of 4, half of which is left
    root = Choice(1, "start", {
        f"give {y}": answer(f"1:{y}", (4 - y, y), Choice(2, f"r{y}", {a: make(y) for a, make in second.items()}))
        for y in range(5)
    })  # fmt: skip
    found = sim.solve(tree(root), "subgame-perfect")
    # round 2 gives player 2 all, worth 2, or 3/2: it takes 2 at once, unless it may get as much by waiting
    assert {one.payoffs for one in found.equilibria} == {(2, 2), (1, 3)}
    assert all(one.regret == 0 for one in found.equilibria)


def test_matching_pennies_behind_a_choice_is_mixed_and_says_so() -> None:
    def guess(same: Branch, other: Branch) -> Choice:
        return Choice(2, "guess", {"h": same, "t": other})

    coin = Choice(1, "coin", {"H": guess((1, -1), (-1, 1)), "T": guess((-1, 1), (1, -1))})
    found = sim.solve(tree(Choice(2, "start", {"leave": (0, "-1/2"), "play": coin})), "subgame-perfect")
    assert (found.complete, found.extra["mixed"]) == (True, True)
    (one,) = found.equilibria
    assert one.payoffs == (0, 0)
    assert [path["share"] for path in one.extra["paths"]] == [0.25] * 4
    tied = sim.solve(tree(Choice(2, "start", {"leave": (0, 0), "play": coin})), "subgame-perfect")
    assert not tied.complete  # player 2 might mix between leaving and playing
    assert "indifferent" in tied.why


def spans(tree: Tree) -> list[int]:
    end = list(range(1, len(tree.nodes) + 1))
    for at in reversed(range(len(tree.nodes))):
        if tree.nodes[at].children:
            end[at] = end[tree.nodes[at].children[-1]]
    return end


def roots_by_definition(tree: Tree) -> list[int]:
    end = spans(tree)
    members: dict[int, set[int]] = {}
    for at, node in enumerate(tree.nodes):
        if node.information_set is not None and tree.information_sets[node.information_set].player != CHANCE:
            members.setdefault(node.information_set, set()).add(at)
    roots = []
    for at, node in enumerate(tree.nodes):
        inside = set(range(at, end[at]))
        alone = members.get(node.information_set, {at}) == {at}
        if node.children and (
            at == 0 or (alone and all(not own & inside or own <= inside for own in members.values()))
        ):
            roots.append(at)
    return roots


def by_definition(tree: Tree) -> list[tuple[tuple[int, Fraction], ...]] | None:
    """Ends and chances of every full plan that is an equilibrium of every subgame; None: too many plans."""
    own = [k for k, known in enumerate(tree.information_sets) if known.player != CHANCE]
    sizes = [len(tree.information_sets[k].actions) for k in own]
    plans = 1
    for size in sizes:
        plans *= size
    if plans > 600:
        return None
    ends, roots = payoffs_at_ends(tree), roots_by_definition(tree)

    def reached(root: int, plan: dict[int, int]) -> dict[int, Fraction]:
        found, waiting = {}, [(root, Fraction(1))]
        while waiting:
            at, odds = waiting.pop()
            node = tree.nodes[at]
            if node.information_set is None:
                found[at] = odds
                continue
            known = tree.information_sets[node.information_set]
            if known.player == CHANCE:
                waiting += [(c, odds * p) for c, p in zip(node.children, known.chances, strict=True)]
            else:
                waiting.append((node.children[plan[node.information_set]], odds))
        return found

    every = [dict(zip(own, choice, strict=True)) for choice in product(*map(range, sizes))]
    values = []
    for plan in every:
        values.append(
            [
                tuple(sum(p * ends[e][k] for e, p in reached(root, plan).items()) for k in range(len(tree.players)))
                for root in roots
            ]
        )
    result = set()
    for a, plan in enumerate(every):
        good = True
        for b, other in enumerate(every):
            movers = {tree.information_sets[k].player for k in own if plan[k] != other[k]}
            if len(movers) == 1:
                (k,) = movers
                good = good and all(x[k] <= y[k] for x, y in zip(values[b], values[a], strict=True))
        if good and roots:
            result.add(tuple(sorted((e, p) for e, p in reached(0, plan).items() if p)))
    return sorted(result)


@pytest.mark.parametrize("recall", [None, True])
def test_every_full_plan_gives_the_same_outcomes(recall: bool | None) -> None:
    counts = []
    for seed in range(140):
        game = parse_efg(random_tree(seed, most_nodes=18, recall=recall), "x.efg")
        expected = by_definition(game) if game.nodes[0].children else None
        if expected is None:
            continue
        found = tree_perfect(game)
        pure = [] if found.mixed or not found.verdict.complete else [play.ends for play in found.plays]
        assert pure == expected, seed
        assert subgame_roots(game) == roots_by_definition(game)
        counts.append(len(expected))
    assert len(counts) > 60
    assert len(set(counts)) > 2


@pytest.mark.parametrize("chances", [16, 21])  # 16: a play has 16 ends, and each of them costs as much as a play
def test_too_many_ties_are_refused(chances: int) -> None:
    with pytest.raises(PayoffError, match="too many ties"):
        tree_perfect(_all_ties(chances))


def test_too_many_ways_to_play_on_are_refused_also_where_no_way_is_stable() -> None:
    with pytest.raises(PayoffError, match="too many ties"):
        tree_perfect(_pennies_before_ties(ends=40))  # 40^4 ways, and matching pennies before each of them
    found = solve_tree(_pennies_before_ties(ends=2))
    assert (len(found), found.extra["mixed"]) == (16, True)
    assert all(one.payoffs == (0, 0) and one.regret == 0 for one in found.equilibria)


@pytest.mark.parametrize("chances", [9, 12])  # plans as mixed strategies, and where that is too long, along the tree
def test_every_way_to_break_the_ties_is_an_outcome_without_regret(chances: int) -> None:
    found = solve_tree(_all_ties(chances))
    assert (found.actions == ((),)) == (chances == 12)
    assert len({tuple(path["actions"][1] for path in one.extra["paths"]) for one in found.equilibria}) == 2**chances
    assert all(one.regret == 0 and one.pure for one in found.equilibria)
    assert found.complete


def _all_ties(chances: int) -> Tree:
    """Chance picks one of many nodes; at each a player is indifferent between two ends: 2^n outcomes."""
    nodes = [Node(0, tuple(1 + 3 * k for k in range(chances)))]
    for k in range(chances):
        nodes += [Node(k + 1, (3 * k + 2, 3 * k + 3)), Node(outcome=0), Node(outcome=0)]
    lottery = InformationSet(CHANCE, tuple(map(str, range(chances))), chances=(Fraction(1, chances),) * chances)
    sets = [lottery, *(InformationSet(0, ("a", "b")) for _ in range(chances))]
    return Tree("ties", ("A",), tuple(nodes), tuple(sets), (Outcome((Fraction(0),)),))


def _pennies_before_ties(ends: int) -> Tree:
    """Matching pennies; in each of its four cells player 1 then chooses among ends that are all worth the same."""
    nodes = [Node(0, (1, 4 + 2 * ends))]
    sets = [InformationSet(0, ("H", "T")), InformationSet(1, ("h", "t"))]
    for side in range(2):
        at = len(nodes)
        nodes.append(Node(1, (at + 1, at + 2 + ends)))
        for guess in range(2):
            at = len(nodes)
            nodes += [Node(len(sets), tuple(range(at + 1, at + 1 + ends))), *[Node(outcome=int(side != guess))] * ends]
            sets.append(InformationSet(0, tuple(map(str, range(ends)))))
    outcomes = (Outcome((Fraction(1), Fraction(-1))), Outcome((Fraction(-1), Fraction(1))))
    return Tree("pennies", ("A", "B"), tuple(nodes), tuple(sets), outcomes)
