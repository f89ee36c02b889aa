"""What `prove` calls necessary or impossible, held against a million draws; what `believe` proposes, solved again.

    python -m benchmarks.proofs_and_beliefs [--draws N] [SCENARIO ...]

Prints a line a scenario, and ends with status 1 where a draw contradicts a proof or a solved game a belief.
"""

import argparse
import sys
from fractions import Fraction

from sim.analysis.believe import Belief, believe
from sim.analysis.prove import prove
from sim.scenario.model import ScenarioData
from sim.scenario.reader import find_scenario, read_scenario
from sim.scenario.versions import with_values
from sim.show.plain_table import plain_table
from sim.solvers.concepts import Request, requests_for
from sim.solvers.one_game import solve_scenario
from sim.sweeps.run import chunks_of_rows, make_engine
from sim.sweeps.status import STATUSES

SCENARIOS = ("vladivostok-2023", "oil-and-food-only", "disclosure-off", "no-war", "cuba-1962", "prisoners-dilemma")
ALLOWED = {"necessary": {"always"}, "impossible": {"never", "none"}}
CONFIRMED = {"some": {"always", "sometimes"}, "all": {"always"}}


def contradictions(scenario: ScenarioData, draws: int) -> tuple[int, int]:
    """Verdicts that are proved, and how many of them some draw contradicts."""
    requests = requests_for(scenario)
    verdicts = [
        (Request(row.concept, row.order), row.event, ALLOWED[row.verdict])
        for proof in prove(scenario, requests=requests, draws=4000, seed=1)
        for row in proof.rows
        if row.verdict in ALLOWED
    ]
    engine = make_engine(scenario, requests)
    wrong = set()
    for rows in chunks_of_rows(engine, draws, 2) if verdicts else ():
        for k, (request, event, allowed) in enumerate(verdicts):
            codes = rows.concepts[request].status[engine.events.index(event)]
            if {STATUSES[code] for code in set(codes.tolist())} - allowed:
                wrong.add(k)
    return len(verdicts), len(wrong)


def is_confirmed(scenario: ScenarioData, row: Belief) -> bool:
    """Whether the game at the numbers proposed, solved alone, has the event as promised."""
    fixed = with_values(scenario, {name: Fraction(repr(value)) for name, value in row.set.items()})
    (found,) = solve_scenario(fixed, row.concept, order=row.order)
    return (found.status or {})[row.event] in CONFIRMED[row.end]


def main() -> int:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--draws", type=int, default=1_000_000)
    asked.add_argument("scenarios", nargs="*", default=SCENARIOS)
    given = asked.parse_args()
    table = [["scenario", "proved", "contradicted", "beliefs found", "not confirmed"]]
    bad = 0
    for name in given.scenarios:
        scenario = read_scenario(find_scenario(name))
        proved, wrong = contradictions(scenario, given.draws)
        answers = believe(scenario, requests=requests_for(scenario), draws=1000, seed=1)
        found = [row for one in answers for row in one.rows if row.answer == "found"]
        missed = sum(not is_confirmed(scenario, row) for row in found)
        table.append([name, str(proved), str(wrong), str(len(found)), str(missed)])
        bad += wrong + missed
    print(plain_table(table))
    print(f"{given.draws:,} draws of seed 2 each")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
