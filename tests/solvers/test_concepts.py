"""The table of concepts: what is asked for by default, and what is refused with a mend."""

from pathlib import Path

import pytest

import sim
from sim.solvers.concepts import check_batch_concept, default_requests, requests_for
from tests.made import TWO, UNSURE, made


def names(scenario, *arguments) -> list[str]:
    return [request.name for request in requests_for(scenario.data, *arguments)]


def test_every_batch_concept_and_order_by_default(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    assert names(scenario) == ["pure-nash", "strong-2", "subgame-perfect.first_a"]


def test_with_a_list_of_coalitions_both_counts_stand_side_by_side(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE + '[coalitions]\nmay = [["A", "B"]]\n')
    assert names(scenario)[:3] == ["pure-nash", "strong-2", "strong-2-any"]
    assert [row.name for row in default_requests(sim.load("vladivostok-2023").data)][:6] == [
        "pure-nash", "strong-2", "strong-3", "strong-2-any", "strong-3-any", "strong-4-any",
    ]  # fmt: skip


def test_subgame_perfect_means_every_order_or_the_one_named(tmp_path: Path) -> None:
    two_orders = UNSURE + '[orders.first_b]\nmoves = ["b", "a"]\n'
    scenario = made(tmp_path, TWO + two_orders)
    assert names(scenario, ["subgame-perfect"]) == ["subgame-perfect.first_a", "subgame-perfect.first_b"]
    assert names(scenario, ["subgame-perfect.first_b"]) == ["subgame-perfect.first_b"]
    assert names(scenario, ["subgame-perfect"], "first_a") == ["subgame-perfect.first_a"]
    assert names(scenario, ["pure-nash", "strong-1", "pure-nash"]) == ["pure-nash", "strong-1"]


@pytest.mark.parametrize(
    ("concepts", "order", "complaint"),
    [
        (["pure-nsh"], None, "no solution concept.*'pure-nash'"),
        (["strong-3"], None, "needs 3 players; there are 2.*'strong-2'"),
        (["strong-0"], None, "no solution concept"),
        (["strong-2-any"], None, r"needs a \[coalitions\] section"),
        (["nash"], None, "one game at a time"),
        (["subgame-perfect.frist_a"], None, "no order 'frist_a'.*'first_a'"),
        (["subgame-perfect"], "frist_a", "no order 'frist_a'.*'first_a'"),
        (["pure-nash.first_a"], None, "no solution concept"),
    ],
)
def test_what_cannot_be_asked_is_answered_with_a_mend(tmp_path: Path, concepts, order, complaint) -> None:
    with pytest.raises(sim.UsageError, match=complaint):
        requests_for(made(tmp_path, TWO + UNSURE).data, concepts, order)


def test_subgame_perfect_without_orders_is_refused(tmp_path: Path) -> None:
    body = UNSURE.partition("[orders.first_a]")[0]
    with pytest.raises(sim.UsageError, match=r"has no \[orders\]"):
        requests_for(made(tmp_path, TWO + body).data, ["subgame-perfect"])


def test_without_a_scenario_the_number_of_players_is_what_limits() -> None:
    check_batch_concept("strong-3", players=3)
    with pytest.raises(sim.UsageError, match="needs 4 players"):
        check_batch_concept("strong-4", players=3)
