"""Results made by hand, as large and with names as long as a real run's: figures are tested without any sweep."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from sim.analysis.convergence import Convergence
from sim.analysis.headline import Headline, HeadlineRow
from sim.analysis.incentives import IncentiveRow, Incentives, Worth
from sim.analysis.partition import ThresholdPiece
from sim.analysis.regime_map import RegimeMap
from sim.analysis.sensitivity import Effect
from sim.analysis.slices import SliceResult
from sim.analysis.thresholds import Threshold, ThresholdCurve
from sim.game.game import Game
from sim.scenario.model import ScenarioData
from sim.scenario.reader import read_scenario
from sim.show.results import Provenance, RunResults
from sim.solvers.nashpy_bridge import SliceSolution
from sim.solvers.two_player_exact import solve_exact
from sim.sweeps.run import Rows
from sim.sweeps.status import Share

EVENTS = ("deal", "trip", "deal_without_trip", "arms", "technology")
ORDERS = ("russia_proposes", "north_korea_proposes", "summit_first", "disclosure_first", "china_first", "threat_first")
NAMED = ("pure-nash", "strong-2", "strong-3", "strong-2-any", "strong-3-any", "strong-4-any")
ROWS: tuple[tuple[str, str | None], ...] = (
    *((name, None) for name in NAMED),
    *(("subgame-perfect", order) for order in ORDERS),
)
INCENTIVES = ("ammunition", "money and oil", "conventional arms", "strategic risk", "technology transfer", "food")
FROM = Provenance("barter", "abc123", seed=7, draws=10_000)

SCENARIO = """
[scenario]
name = "barter"
[players.RU]
name = "Russia"
moves.offer = ["none", "goods"]
[players.NK]
name = "North Korea"
moves.ask = ["none", "goods"]
moves.travel = ["stay", "go"]
[players.US]
name = "United States"
moves.disclosure = ["silent", "disclose"]
[observers.KR]
name = "South Korea"
[events]
deal = "offer == 'goods' and ask == 'goods'"
[parameters]
strategic_risk = { value = { pert = [8, 25, 75] }, unit = "points of Russia" }
need = { value = { pert = [0.3, 0.65, 0.85] }, unit = "share of yearly shell use" }
[stakes]
shells = { value = "deal * need - (travel == 'go') * strategic_risk + (disclosure == 'disclose')" }
[interests]
RU.shells = { weight = 5 }
NK.shells = { weight = 4 }
US.shells = { weight = -4 }
KR.shells = { weight = -4 }
"""


def scenario_in(folder: Path) -> ScenarioData:
    """A scenario that has the players and numbers of the results below."""
    path = folder / "barter.toml"
    path.write_text(SCENARIO)
    return read_scenario(path)


def share(concept: str, order: str | None, event: str, counts: Sequence[int]) -> Share:
    return Share(concept, order, event, sum(counts), tuple(counts))  # type: ignore[arg-type]


def headline() -> Headline:
    draw = np.random.default_rng(1)
    rows = []
    for k, (concept, order) in enumerate(ROWS):
        for event in EVENTS:
            three = [draw.multinomial(10_000, draw.dirichlet([1] * 6)).tolist() for _ in range(3)]
            main, shuffled, coin = (share(concept, order, event, counts) for counts in three)
            rows.append(HeadlineRow(main, shuffled, coin, k % 2 == 0, {}))
    empty = Rows(0, {}, {}, np.zeros(0, dtype=np.bool_))
    return Headline(tuple(rows), 10_000, 7, empty, EVENTS)


def incentives() -> Incentives:
    draw = np.random.default_rng(2)
    people = ("RU", "NK", "US", "KR")
    rows = []
    for k, name in enumerate(INCENTIVES):
        worth = {}
        for player in people[k % 2 :]:
            low, central, high = sorted(draw.normal(0, 30, 3).tolist())
            worth[player] = Worth(low, central, high)
        rows.append(IncentiveRow(name, worth, ("a",) * (k + 1)))
    return Incentives(people, tuple(rows), 10_000, 7)


def slice_of(name: str, game: Game, given: dict[str, str], whole: bool = True) -> SliceResult:
    found = solve_exact(game)
    degenerate = bool(found.extra["degenerate"])
    solution = SliceSolution("nashpy vertex_enumeration", "0", 1, len(found), True, "", 0.0, degenerate, found, "ours")
    return SliceResult(name, game, given, solution, (whole,) * len(found), (0.0,) * len(found), ())


def slices() -> tuple[SliceResult, ...]:
    draw = np.random.default_rng(3)
    rungs = ("none", "goods", "arms", "technology")
    wide = Game.from_arrays(
        *(draw.integers(-600, 600, (4, 8)) * np.array(Fraction(1, 10)) for _ in range(2)),
        players=("RU", "NK"),
        actions=(rungs, [f"ask={rung} travel={way}" for rung in rungs for way in ("stay", "go")]),
        title="bargain",
    )
    pennies = Game.from_arrays(
        [[1, -1], [-1, 1]],
        [[-1, 1], [1, -1]],
        players=("NK", "US"),
        actions=(("stay", "go"), ("silent", "disclose")),
    )
    stag = Game.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]], players=("RU", "US"))
    given = {"response": "punish", "stance": "tolerate", "disclosure": "disclose"}
    return (
        slice_of("bargain", wide, given),
        slice_of("publicity", pennies, {"offer": "goods"}),
        slice_of("stag_hunt", stag, {}, whole=False),
    )


def effects() -> tuple[Effect, ...]:
    draw = np.random.default_rng(4)
    names = ["strategic_risk", "need", "RU.oil_and_money", "NK.three_way_drills", *(f"number_{k}" for k in range(12))]
    found = []
    for concept, order in ROWS[:8]:
        for event in EVENTS:
            for name in names:
                low, high, more, most, helps, hurts = (draw.random(6) / 2).tolist()
                note = "correlated with need, held as drawn" if name.startswith("RU") else ""
                values = (low, high, low + more, high + most, helps, hurts, 1.0, 2.0)
                found.append(Effect(name, concept, order, event, 1000, *values, note))
    return tuple(found)


def curve() -> ThresholdCurve:
    grid = np.linspace(8, 75, 9)
    draw = np.random.default_rng(5)
    keys = [(concept if order is None else f"{concept}.{order}", event) for concept, order in ROWS for event in EVENTS]
    return ThresholdCurve(
        "strategic_risk", "points of Russia", grid, {key: draw.dirichlet([1] * 6, 9) for key in keys}, 500
    )


def thresholds() -> tuple[Threshold, ...]:
    pieces = (ThresholdPiece(8, 31.5, "always"), ThresholdPiece(31.5, 75, "never"))
    return tuple(
        Threshold("strategic_risk", "points of Russia", concept, order, event, "numerical", 0.3, pieces)
        for concept, order in ROWS
        for event in EVENTS
    )


def regime_map() -> RegimeMap:
    x, y = np.linspace(8, 75, 61), np.linspace(0.3, 0.85, 61)
    code = np.zeros((61, 61), dtype=np.int64)
    code[20:] = 1
    code[40:, :30] = 2
    code[:3, :3] = 3  # too small for its label
    labels = ("no deal", "deal: goods", "in some equilibria deal, trip", "deal: technology, in some equilibria trip")
    units = ("points of Russia", "share of yearly shell use")
    return RegimeMap("strategic_risk", "need", *units, x, y, code, labels, "strong-2", None)


def convergence() -> Convergence:
    n = np.array([*(2**k for k in range(14)), 10_000])
    draw = np.random.default_rng(6)
    rows = {}
    for concept, order in ROWS:
        for event in EVENTS:
            final = draw.random()
            half = 1 / np.sqrt(n)
            running = np.clip(final + half * draw.normal(0, 0.3, len(n)), 0, 1)
            band = [running, np.clip(running - half, 0, 1), np.clip(running + half, 0, 1)]
            rows[concept if order is None else f"{concept}.{order}", event] = np.stack(band, axis=1)
    return Convergence(n, rows, rows)


def results_in(folder: Path) -> RunResults:
    """All results of one run, equal in every process."""
    return RunResults(
        scenario_in(folder),
        headline(),
        incentives(),
        slices(),
        effects(),
        thresholds(),
        curve(),
        regime_map(),
        convergence(),
        FROM,
    )
