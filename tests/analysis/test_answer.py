import re
from pathlib import Path

from sim.analysis.answer import structure_notes, three_sentences
from sim.analysis.headline import headline
from sim.analysis.sensitivity import thirds
from sim.analysis.thresholds import main_parameter, thresholds
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import requests_for


def said(scenario: ScenarioData) -> tuple[str, str, str]:
    requests = requests_for(scenario)
    table = headline(scenario, requests=requests, draws=400, seed=1)
    effects = thirds(scenario, requests=requests, draws=100, seed=1)
    number = main_parameter(effects)
    return three_sentences(table, effects, thresholds(scenario, number, requests=requests) if number else ())


def test_what_turns_on_the_concept_and_on_a_number_is_said_with_its_figures(barter) -> None:
    anyway, concept, number = said(barter())
    assert anyway.startswith("No event holds, and none fails, in 95.0%")
    first, second = (float(figure) for figure in re.findall(r"([0-9.]+)%", concept))
    assert (55 < first < 65, second) == (True, 0)
    assert "under pure-nash" in concept
    assert "turns most on cost" in number
    assert "to never at 6 (above 60.0% of its prior), in points" in number


def test_the_event_that_differs_most_between_concepts_is_named(barter, scenario_of) -> None:
    text = Path(barter().path).read_text()
    two = scenario_of(text.replace("[events]", "[events]\nnever = \"offer == 'none' and offer == 'goods'\""))
    anyway, concept, _ = said(two)
    assert concept.startswith("Deal turns most on the concept")
    assert "never holds in some equilibrium in at most 0.0%" in anyway


def test_the_sentences_follow_the_results(barter) -> None:
    dear, cheap = said(barter("{ uniform = [7, 10] }")), said(barter("{ uniform = [0, 5] }"))
    assert "deal holds in some equilibrium in at most 0.0% of sampled parameter sets" in dear[0]
    assert dear[1].startswith("No event turns on the concept")
    assert "No single number changes any event" in dear[2]
    assert cheap[0].startswith("No event holds")  # plain Nash keeps "no deal"
    assert "100.0%" in cheap[1]


def test_what_shuffled_weights_give_too_is_said_to_be_built_in(barter, scenario_of) -> None:
    text = Path(barter("{ uniform = [7, 10] }").path).read_text()
    never = scenario_of(text.replace("offer == 'goods' and", "offer == 'goods' and offer == 'none' and"))
    assert "built into the form" in said(never)[0]
    own = said(barter("{ uniform = [1.6, 1.9] }", "1.5"))[0]  # shuffled, shells are worth 2 and 0.75 is paid for each
    assert "at most 0.0%" in own
    assert "built into the form" not in own


def test_a_lower_share_that_is_zero_by_construction_is_noted(barter) -> None:
    scenario = barter()
    table = headline(scenario, requests=requests_for(scenario), draws=200, seed=1)
    (note,) = [note for note in structure_notes(table) if "pure-nash" in note]
    assert "deal" in note
    assert "no finding" in note


def test_no_sentence_speaks_of_likelihood(barter) -> None:
    for cost in ("{ uniform = [0, 10] }", "{ uniform = [7, 10] }", "{ uniform = [0, 5] }"):
        for sentence in said(barter(cost)):
            assert not re.search("probab|likely", sentence)
