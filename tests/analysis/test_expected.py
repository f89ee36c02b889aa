"""A published answer holds, or the difference is named exactly."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from sim.analysis.expected import verdicts_of
from sim.errors import ScenarioError
from sim.scenario import expectations
from sim.scenario.model import Expect, ScenarioData
from sim.scenario.reader import read_scenario
from sim.solvers.concepts import names_of_concepts

HALF, ONE, ZERO = Fraction(1, 2), Fraction(1), Fraction(0)
STAG = {"ROW": (ONE, ZERO), "COL": (ONE, ZERO)}
HARE = {"ROW": (ZERO, ONE), "COL": (ZERO, ONE)}
MIXED = {"ROW": (Fraction(3, 4), Fraction(1, 4)), "COL": (Fraction(3, 4), Fraction(1, 4))}


@pytest.fixture(scope="module")
def stag_hunt() -> ScenarioData:
    root = Path(__file__).resolve().parents[2]
    return read_scenario(root / "scenarios" / "published" / "stag-hunt.toml")


def differences(scenario: ScenarioData, *equilibria: Mapping[str, tuple[Fraction, ...]], **more: object) -> list[str]:
    expect = replace(Expect("nash", "made up", 1, "x.toml", equilibria), **more)
    (verdict,) = verdicts_of(replace(scenario, expect=(expect,)))
    assert verdict.holds == (not verdict.differences)
    return list(verdict.differences)


def test_the_same_set_in_another_order_holds(stag_hunt: ScenarioData) -> None:
    assert differences(stag_hunt, HARE, STAG, MIXED) == []


def test_a_missing_and_a_surplus_equilibrium_are_named(stag_hunt: ScenarioData) -> None:
    wrong = {"ROW": (HALF, HALF), "COL": (HALF, HALF)}
    assert differences(stag_hunt, STAG, HARE, wrong) == [
        "(1/2, 1/2; 1/2, 1/2) is not found",
        "(3/4, 1/4; 3/4, 1/4) is found beside them",
    ]


def test_some_of_them_are_enough_where_the_file_says_so(stag_hunt: ScenarioData) -> None:
    assert differences(stag_hunt, STAG, only=False) == []
    assert len(differences(stag_hunt, STAG)) == 2


def test_a_status_that_differs_is_named() -> None:
    root = Path(__file__).resolve().parents[2]
    dilemma = read_scenario(root / "scenarios" / "published" / "prisoners-dilemma.toml")
    event = dilemma.events[0].name
    said = verdicts_of(dilemma)
    assert all(one.holds for one in said)
    expect = Expect("pure-nash", "made up", 1, "x.toml", None, {event: "sometimes"})
    (verdict,) = verdicts_of(replace(dilemma, expect=(expect,)))
    assert len(verdict.differences) == 1
    assert verdict.differences[0].startswith(f"'{event}' is ")
    assert verdict.differences[0].endswith(", not sometimes")


def test_what_cannot_be_asked_fails_at_its_place_and_leaves_the_others_alone(stag_hunt: ScenarioData) -> None:
    astray = Expect("subgame-perfect", "made up", 7, "x.toml", None, {})
    fine = Expect("nash", "made up", 9, "x.toml", (STAG, HARE, MIXED))
    first, second = verdicts_of(replace(stag_hunt, expect=(astray, fine)))
    assert not first.holds
    assert str(first).startswith("x.toml:7:1: subgame-perfect (made up): FAILS: cannot be asked: ")
    assert second.holds


def test_a_file_may_expect_every_concept_of_the_table() -> None:
    solved = set(names_of_concepts(2)) - {"strong-2", "strong-2-any"}  # these the reader adds by the number of players
    assert solved == set(expectations.CONCEPTS)


def test_a_rounded_answer_holds_within_its_rounding_and_no_further(stag_hunt: ScenarioData) -> None:
    rounded = {"ROW": (Fraction("0.7501"), Fraction("0.2499")), "COL": (Fraction("0.75"), Fraction("0.25"))}
    assert differences(stag_hunt, STAG, HARE, rounded, within=Fraction(1, 1000)) == []
    assert differences(stag_hunt, STAG, HARE, rounded, within=Fraction(1, 20_000)) == [
        "(0.7501, 0.2499; 3/4, 1/4) is not found",
        "(3/4, 1/4; 3/4, 1/4) is found beside them",
    ]
    assert len(differences(stag_hunt, STAG, HARE, rounded)) == 2


def test_one_that_is_found_answers_for_one_that_is_published(stag_hunt: ScenarioData) -> None:
    twin = {"ROW": (Fraction("0.7501"), Fraction("0.2499")), "COL": (Fraction("0.75"), Fraction("0.25"))}
    assert differences(stag_hunt, STAG, HARE, MIXED, twin, within=Fraction(1, 1000)) == [
        "(0.7501, 0.2499; 3/4, 1/4) is not found"
    ]


def test_a_list_that_is_not_known_to_be_complete_is_not_all_there_is(stag_hunt: ScenarioData) -> None:
    (said,) = differences(stag_hunt, HARE, concept="logit")
    assert said.startswith("whether there are others is not known (")
    assert differences(stag_hunt, HARE, concept="logit", only=False) == []


HEAD = """
[scenario]
name = "toss"
[players.A]
moves.mine = ["heads", "tails"]
[players.B]
moves.yours = ["heads", "tails"]
[events]
same = "mine == yours"
[parameters]
stake = { value = 1, unit = "1" }
[payoffs]
A = [["stake", "-stake"], ["-stake", "stake"]]
B = [["-stake", "stake"], ["stake", "-stake"]]
"""


def toss(folder: Path, expect: str) -> ScenarioData:
    (folder / "toss.toml").write_text(HEAD + f"[[expect]]\nsource = 'x'\n{expect}\n", encoding="utf-8")
    return read_scenario(folder / "toss.toml")


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("concept = 'nash'\nshares = { same = '1/2' }", ()),
        ("concept = 'nash'\nset = { stake = '1/3' }\nshares = { same = 0.5 }", ()),
        ("concept = 'nash'\nshares = { same = 0.503 }", ("the share of 'same': 0.5, not 503/1000",)),
        ("concept = 'nash'\nwithin = 0.01\nshares = { same = 0.503 }", ()),
        ("concept = 'pure-nash'\nshares = { same = 0.5 }", ("the share of 'same': none, not 1/2",)),
        ("concept = 'nash'\nbounds = { same = [0, 1] }", ("bounds of same: none, not 0, 1",)),
        ("concept = 'correlated'\nbounds = { same = [0, 1] }", ("bounds of same: 0.5, 0.5, not 0, 1",)),
        ("concept = 'nash'\ngains = { nash = [0, 1] }", ("gains of nash: none, not 0, 1",)),
    ],
)
def test_a_share_and_every_other_number_holds_or_is_named(expect: str, said: tuple[str, ...], tmp_path: Path) -> None:
    (verdict,) = verdicts_of(toss(tmp_path, expect))
    assert verdict.differences == said


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("concept = 'nash'", "says neither equilibria nor status"),
        ("concept = 'nash'\nonly = false\nequilibria = []", "would hold whatever is found"),
        ("concept = 'nash'\nwithin = 0\nequilibria = []", "`within` must be above 0 and at most 0.1"),
        ("concept = 'nash'\nwithin = 0.5\nequilibria = []", "`within` must be above 0 and at most 0.1"),
        ("concept = 'nash'\nshares = { sane = 0.5 }", "'sane'"),
        ("concept = 'nash'\nequilibria = [{ A = [0.33, 0.66], B = [1, 0] }]", "the shares of 'A' do not add to 1"),
        ("concept = 'nash'\nwithin = 0.001\nequilibria = [{ A = [0.33, 0.66], B = [1, 0] }]", "do not add to 1"),
    ],
)
def test_an_expectation_that_says_nothing_or_too_little_is_refused(expect: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"toss\.toml:\d+:\d+: ") as caught:
        toss(tmp_path, expect)
    assert said in str(caught.value)


def test_shares_that_add_to_1_but_for_their_rounding_are_read(tmp_path: Path) -> None:
    expect = "concept = 'nash'\nwithin = 0.01\nequilibria = [{ A = [0.495, 0.504], B = ['1/2', '1/2'] }]"
    (verdict,) = verdicts_of(toss(tmp_path, expect))
    assert verdict.holds
