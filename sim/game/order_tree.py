"""The game tree of an order: moves made at the same time become information sets, all earlier ones are seen.

A sweep never builds it: there masks over profiles give the same subgame-perfect outcomes. The tree is for other
programs, for a page, and for the test that both agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sim.game.exact import action_labels, central_rationals, exact_payoffs, rounding_note
from sim.game.payoffs import GameFamily, compile_family
from sim.game.tree import InformationSet, Node, Outcome, Tree
from sim.scenario.model import Order, ScenarioData


def tree_of_order(scenario: ScenarioData, order: Order, numbers: Mapping[str, Fraction] | None = None) -> Tree:
    """The scenario's game at one parameter set as a tree: the order's elements one after another, allowed options only.

    Moves that one player makes at the same time are one joint choice. Players of the same element follow one another
    in the order of their first move in it, without seeing what the others of that element chose.

    Args:
        scenario: checked data.
        order: one of its orders: each of its moves stands in it exactly once.
        numbers: complete, from `central_rationals`; None: every number at its central value.

    Raises:
        PayoffError: a stake has no value somewhere.
    """
    family = compile_family(scenario, allowed_only=True)
    exact = exact_payoffs(family, central_rationals(scenario) if numbers is None else numbers)
    turns = _turns(family, order)
    nodes: list[Node] = []
    children: list[list[int]] = []
    sets: dict[tuple[int, tuple[int, ...]], int] = {}  # turn and what its player has seen -> information set
    described: list[InformationSet] = []
    outcomes: dict[tuple[Fraction, ...], int] = {}
    waiting: list[tuple[int | None, tuple[int, ...]]] = [(None, ())]  # the node before, and one choice a turn so far
    while waiting:
        before, choices = waiting.pop()
        at = len(nodes)
        if before is not None:
            children[before].append(at)
        children.append([])
        if len(choices) == len(turns):
            profile = _profile(family, turns, choices)
            payoffs = tuple(own[profile] for own in exact)
            nodes.append(Node(outcome=outcomes.setdefault(payoffs, len(outcomes))))
            continue
        turn = turns[len(choices)]
        seen = choices[: turn.sees]
        own = sets.setdefault((len(choices), seen), len(described))
        if own == len(described):
            described.append(InformationSet(turn.player, turn.actions, _label(turn, turns, seen)))
        nodes.append(Node(own))
        waiting.extend((at, (*choices, action)) for action in reversed(range(len(turn.actions))))
    return Tree(
        title=f"{scenario.name}, order {order.name}",
        players=family.players,
        nodes=tuple(
            Node(node.information_set, tuple(own), node.outcome) for node, own in zip(nodes, children, strict=True)
        ),
        information_sets=tuple(described),
        outcomes=tuple(Outcome(payoffs, str(number + 1)) for payoffs, number in outcomes.items()),
        comment=rounding_note(family),
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """All moves of one player in one element of the order."""

    player: int
    axes: tuple[int, ...]
    shape: tuple[int, ...]  # options of each of these moves
    actions: tuple[str, ...]  # their joint options, last move fastest
    moves: tuple[str, ...]
    sees: int  # how many turns lie before the element


def _turns(family: GameFamily, order: Order) -> list[_Turn]:
    axis = {move.name: k for k, move in enumerate(family.scenario.moves)}
    owner = {own: player for player, axes in enumerate(family.axes_of) for own in axes}
    turns: list[_Turn] = []
    for element in order.elements:
        sees = len(turns)
        for player in dict.fromkeys(owner[axis[move]] for move in element):
            axes = tuple(sorted(axis[move] for move in element if owner[axis[move]] == player))
            shape = tuple(family.shape[own] for own in axes)
            names = tuple(family.scenario.moves[own].name for own in axes)
            turns.append(_Turn(player, axes, shape, action_labels(family, axes), names, sees))
    return turns


def _profile(family: GameFamily, turns: list[_Turn], choices: tuple[int, ...]) -> tuple[int, ...]:
    """One option a move, from one choice a turn."""
    profile = [0] * len(family.shape)
    for turn, choice in zip(turns, choices, strict=True):
        for own, option in zip(turn.axes, np.unravel_index(choice, turn.shape), strict=True):
            profile[own] = int(option)
    return tuple(profile)


def _label(turn: _Turn, turns: list[_Turn], seen: tuple[int, ...]) -> str:
    """Who chooses what after what: `ask after offer=goods`."""
    known = []
    for earlier, choice in zip(turns, seen, strict=False):
        action = earlier.actions[choice]
        known.append(action if len(earlier.moves) > 1 else f"{earlier.moves[0]}={action}")
    return " and ".join(turn.moves) + (f" after {' '.join(known)}" if known else "")
