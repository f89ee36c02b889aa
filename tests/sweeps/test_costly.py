"""Concepts that are solved one game at a time: on the first draws, each row with its own n, statuses of the door."""

import json
import shutil
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim
from sim.solvers.concepts import requests_for
from sim.sweeps.engines import here
from sim.sweeps.found import open_sweep
from sim.sweeps.sweep import sweep
from sim.sweeps.under_way import How, Standing
from tests.made import TWO, UNSURE, made
from tests.sweeps.swept import assert_same

MORE = """
[types.A]
keen = { share = 0.7, set = { need = 0.9 } }
calm = { share = 0.3, set = { need = 0.2 } }
[bargaining.terms]
between = ["A", "B"]
disagreement = { a = "low", b = "no" }
"""
ASKED = ["pure-nash", "nash", "correlated", "seq", "bargaining", "bayes", "logit"]


def few(folder: Path, **more) -> sim.api.Sweep:
    return sim.sweep(made(folder, TWO + UNSURE + MORE), 30, 5, concepts=ASKED, costly=6, **more)


def test_costly_rows_are_what_the_door_says_of_each_draw(tmp_path: Path) -> None:
    scenario, frame = made(tmp_path, TWO + UNSURE + MORE), few(tmp_path).to_frame()
    numbers = scenario.draws(6, 5)
    for concept in ASKED:
        for draw in range(6 if concept != "logit" else 2):
            fixed = scenario.set(**{name: Fraction(float(own[draw])) for name, own in numbers.items()})
            found = sim.solve(fixed, concept)
            for event in ("agreed", "high"):
                assert frame[f"{concept}.{event}.status"][draw] == found.status[event], (concept, draw)
                shares = [one.events[event] for one in found.equilibria]
                if shares:
                    assert frame[f"{concept}.{event}.lower"][draw] == pytest.approx(min(shares), abs=1e-8)
                    assert frame[f"{concept}.{event}.upper"][draw] == pytest.approx(max(shares), abs=1e-8)
            assert frame[f"{concept}.n"][draw] == len(found.equilibria)


def test_every_row_carries_its_own_n_and_columns_are_empty_beyond_it(tmp_path: Path) -> None:
    found = few(tmp_path, out=tmp_path / "out", chunk=10)
    rows = json.loads((tmp_path / "out/summary.json").read_text())["rows"]
    assert {row["concept"]: row["n"] for row in rows} == {name: 30 if name == "pure-nash" else 6 for name in ASKED}
    assert all(
        sum(row[word] for word in ("always", "sometimes", "never", "none", "open", "unsolved")) == pytest.approx(1)
        for row in rows
    )
    frame = found.to_frame()
    for concept in ASKED[1:]:
        for column in ("agreed.status", "agreed.lower", "n", "n_outcomes"):
            assert frame[f"{concept}.{column}"][6:].isna().all()
        assert frame[f"{concept}.agreed.status"][:6].notna().all()
    assert frame["pure-nash.agreed.status"].notna().all()
    assert open_sweep(tmp_path / "out").table()["n"].tolist() == [row["n"] for row in rows]


def test_costly_rows_are_the_same_over_parts_and_workers(tmp_path: Path) -> None:
    one = few(tmp_path)
    assert_same(few(tmp_path, out=tmp_path / "out", chunk=3, workers=2), one)
    with pytest.raises(sim.UsageError, match="costly: 6 there, 7 asked for"):
        sim.sweep(
            made(tmp_path, TWO + UNSURE + MORE), 30, 5, concepts=ASKED, costly=7, out=tmp_path / "out", resume=True
        )


def test_the_bounds_of_correlated_play_are_stored(tmp_path: Path) -> None:
    frame = few(tmp_path).to_frame()
    lower, upper = (frame[f"correlated.high.{end}"][:6] for end in ("lower", "upper"))
    assert ((lower >= 0) & (upper <= 1) & (lower <= upper)).all()


@pytest.mark.parametrize(
    ("concept", "complaint"),
    [
        ("bayes", "has no .types"),
        ("bargaining", "needs one .bargaining"),
        ("qre", "has a precision"),
        ("nash.first_a", "no solution concept|one game at a time"),
        ("bayes.first", "no order 'first'"),
    ],
)
def test_what_a_scenario_lacks_is_said_before_anything_is_written(tmp_path: Path, concept: str, complaint: str) -> None:
    with pytest.raises(sim.UsageError, match=complaint):
        sim.sweep(made(tmp_path, TWO + UNSURE), 3, concepts=[concept], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_sweep_stopped_before_its_first_costly_draw_says_null_and_goes_on(tmp_path: Path, monkeypatch) -> None:
    """Parts come in any order: those of costly draws may be the last."""
    whole, seen = few(tmp_path, out=tmp_path / "whole", chunk=10), []
    shutil.copytree(tmp_path / "whole", tmp_path / "out")
    for path in (tmp_path / "out/draws").iterdir():
        if pq.read_table(path, columns=["draw"]).column("draw")[0].as_py() < 6:
            path.unlink()

    def watch(now: Standing) -> None:
        seen.append(now)
        raise KeyboardInterrupt

    resume = {"draws": 31, "seed": 5, "out": tmp_path / "out", "chunk": 10, "costly": 6, "resume": True}
    data = made(tmp_path, TWO + UNSURE + MORE).data
    with monkeypatch.context() as patched:
        patched.setattr("sim.sweeps.under_way.here", lambda bench, folder, pieces: here(bench, folder, pieces[::-1]))
        with pytest.raises(KeyboardInterrupt):
            sweep(data, requests_for(data, ASKED, costly=True), how=How(watch=watch), **resume)
    assert {share.concept for share in seen[0].shares} == {"pure-nash"}
    rows = {row["concept"]: row for row in json.loads((tmp_path / "out/summary.json").read_text())["rows"]}
    assert (rows["nash"]["n"], rows["nash"]["always"], rows["nash"]["interval"]["lower"]) == (0, None, [0, 1])
    assert open_sweep(tmp_path / "out").table()["n"].min() == 0
    sweep(data, requests_for(data, ASKED, costly=True), **resume | {"draws": 30})
    assert whole.to_frame().equals(open_sweep(tmp_path / "out").to_frame().iloc[:30])


def test_a_scenario_without_events_is_counted_by_existence() -> None:
    found = sim.sweep(sim.load("matching-pennies"), 3, concepts=["nash", "pure-nash"])
    rows = {share.concept: share for share in found.shares}
    assert {share.event for share in found.shares} == {"any outcome"}
    assert rows["pure-nash"].counts == (0, 0, 0, 3, 0, 0)  # matching pennies has no pure equilibrium
    assert rows["nash"].counts == (3, 0, 0, 0, 0, 0)  # and one in mixed play
