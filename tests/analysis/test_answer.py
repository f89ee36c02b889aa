import re
from pathlib import Path

from sim.analysis.answer import _never_certain, structure_notes, three_sentences
from sim.analysis.headline import headline, what_shuffling_moves
from sim.analysis.sensitivity import thirds
from sim.analysis.thresholds import main_parameter, thresholds
from sim.scenario.model import ScenarioData
from sim.scenario.reader import find_scenario, read_scenario
from sim.solvers.concepts import requests_for
from sim.sweeps.status import Share


def said(scenario: ScenarioData) -> tuple[str, str, str]:
    requests = requests_for(scenario)
    table = headline(scenario, requests=requests, draws=400, seed=1)
    effects = thirds(scenario, requests=requests, draws=100, seed=1)
    number = main_parameter(effects)
    return three_sentences(table, effects, thresholds(scenario, number, requests=requests) if number else ())


def test_what_turns_on_the_concept_and_on_a_number_is_said_with_its_figures(barter) -> None:
    anyway, concept, number = said(barter())
    assert anyway.startswith("No event holds, and none fails, in 95.0%")
    under, beside = concept.split(";")  # plain Nash selects too little to be a contrast in lower shares
    certain, _ = (float(figure) for figure in re.findall(r"([0-9.]+)%", under))
    assert 55 < certain < 65
    assert "under pure-nash it holds in every equilibrium in 0.0% and in some in" in beside
    assert "of the 3 rows looked at" in number
    assert "the share of 100 sampled parameter sets" in number
    assert "turns most on cost" in number
    assert "to never at 6 (above 60.0% of its prior), in points" in number


def test_the_event_that_differs_most_between_concepts_is_named(barter, scenario_of) -> None:
    text = Path(barter().path).read_text()
    two = scenario_of(text.replace("[events]", "[events]\nnever = \"offer == 'none' and offer == 'goods'\""))
    anyway, concept, _ = said(two)
    assert concept.startswith("Deal differs most between concepts")
    assert "never holds in some equilibrium in at most 0.0%" in anyway


def test_the_sentences_follow_the_results(barter) -> None:
    dear, cheap = said(barter("{ uniform = [7, 10] }")), said(barter("{ uniform = [0, 5] }"))
    assert "deal holds in some equilibrium in at most 0.0% of sampled parameter sets" in dear[0]
    assert dear[1].startswith("No event turns on the concept")
    assert "No single number changes any event" in dear[2]
    assert cheap[0].startswith("No event holds")  # plain Nash keeps "no deal"
    assert "100.0%" in cheap[1]


def test_what_shuffled_weights_give_too_is_said(barter, scenario_of) -> None:
    text = Path(barter("{ uniform = [7, 10] }").path).read_text()
    never = scenario_of(text.replace("offer == 'goods' and", "offer == 'goods' and offer == 'none' and"))
    assert "with shuffled weights it is so, too" in said(never)[0]
    own = said(barter("{ uniform = [1.6, 1.9] }", "1.5"))[0]  # shuffled, shells are worth 2 and 0.75 is paid for each
    assert "at most 0.0%" in own
    assert "shuffled" not in own


def test_a_row_that_is_never_certain_is_noted_as_found_in_the_draws(barter) -> None:
    scenario = barter()
    table = headline(scenario, requests=requests_for(scenario), draws=200, seed=1)
    (note,) = structure_notes(table)
    assert note.startswith("In none of the 200 draws is deal in every equilibrium under pure-nash: some equilibrium")
    assert "with shuffled weights it is so, too" in note


def test_where_shuffling_moves_nothing_it_is_no_witness(barter) -> None:
    scenario = barter(shells="2")  # as much as the payment; the other player has a single interest
    table = headline(scenario, requests=requests_for(scenario), draws=50, seed=1)
    assert what_shuffling_moves(scenario) == "nothing"
    assert structure_notes(table)
    assert not any("shuffled" in note for note in structure_notes(table))


def test_a_concept_without_any_equilibrium_in_most_draws_is_named() -> None:
    pennies = read_scenario(find_scenario("matching-pennies"))
    assert "under pure-nash there is no equilibrium at all in 100.0% of them" in said(pennies)[0]


def test_no_sentence_speaks_of_likelihood(barter) -> None:
    for cost in ("{ uniform = [0, 10] }", "{ uniform = [7, 10] }", "{ uniform = [0, 5] }"):
        for sentence in said(barter(cost)):
            assert not re.search("probab|likely", sentence)


def test_an_event_in_every_draw_possible_or_absent_is_never_certain_whatever_the_split() -> None:
    splits = [Share("pure-nash", None, "deal", 49, (0, k, 49 - k, 0, 0, 0)) for k in range(50)]
    assert all(_never_certain(share) for share in splits)
    assert not _never_certain(Share("pure-nash", None, "deal", 49, (1, 20, 28, 0, 0, 0)))
