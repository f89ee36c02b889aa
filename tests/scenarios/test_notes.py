"""The notes on the baseline give no share that a sweep does not give."""

from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[2]
NOTES = " ".join((ROOT / "docs" / "scenario-notes.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    ("words", "values", "concept", "order", "event"),
    [
        ("it comes in {} where North Korea proposes", {}, "subgame-perfect", "north_korea_proposes", "technology"),
        ("strategic_risk=8`: {})", {"strategic_risk": 8}, "subgame-perfect", "north_korea_proposes", "technology"),
        ("need=0.85`: {})", {"need": 0.85}, "subgame-perfect", "north_korea_proposes", "technology"),
        ("effort=0.5`: {})", {"effort": 0.5}, "subgame-perfect", "north_korea_proposes", "technology"),
        ("it binds itself to press in {} of draws", {}, "subgame-perfect", "china_first", "restrained"),
        ("every equilibrium of {} of draws at the low end", {"credence": 0.3}, "strong-2", None, "deal"),
        ("and {} at the high end", {"credence": 0.95}, "strong-2", None, "deal"),
    ],
)
def test_a_share_in_the_notes_is_what_the_sweep_gives(
    words: str, values: dict[str, float], concept: str, order: str | None, event: str
) -> None:
    scenario = sim.load("vladivostok-2023").set(**values)
    rows = sim.sweep(scenario, 10_000, concepts=[concept], order=order).table()
    share = rows[rows["event"] == event]["always"].item()
    assert words.format(f"{share:.1%}") in NOTES


def test_no_number_alone_brings_technology_as_the_notes_say() -> None:
    found = sim.thresholds(sim.load("vladivostok-2023"), event="technology").to_dict()
    rows = found["rows"] if "rows" in found else next(iter(found.values()))
    assert len(rows) > 500
    assert {piece["status"] for row in rows for piece in row["pieces"]} <= {"never", "none"}


def test_the_price_a_shell_in_the_notes_follows_from_the_middles() -> None:
    middle = {name: float(p.numbers[1]) for name, p in sim.load("vladivostok-2023").data.distributions().items()
              if name in ("payment", "surplus", "need")}  # fmt: skip
    price = middle["payment"] * 1e9 / (middle["surplus"] * middle["need"] * 7e6)
    assert price == pytest.approx(125, abs=2.5)
    assert "some 125 dollars a shell" in NOTES
