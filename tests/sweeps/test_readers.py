"""Stored sweeps as others read them: the queries of the page, run by the tools that it names."""

import re
from pathlib import Path

import duckdb
import pytest

import sim
from sim.sweeps.found import Sweep

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
EVENT = ("strong-2", "deal")


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    folder = tmp_path_factory.mktemp("store") / "sweeps" / "baseline"
    return sim.sweep(sim.load("vladivostok-2023"), 600, concepts=["strong-2"], out=folder, chunk=256)


def counts(swept: Sweep) -> dict[str, int]:
    (share,) = (one for one in swept.shares if (one.concept, one.event) == EVENT)
    return {status: round(share.share(status) * share.n) for status in ("always", "sometimes", "never", "none")}


def block(language: str, word: str) -> str:
    (found,) = (text for text in re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL) if word in text)
    return found


def test_duckdb_counts_what_the_summary_says(swept: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(swept.folder.parents[1])
    rows = dict(duckdb.sql(block("sql", "count")).fetchall())
    assert {status: rows.get(status, 0) for status in counts(swept)} == counts(swept)


def test_polars_counts_what_the_summary_says(swept: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(swept.folder.parents[1])
    code = block("python", "polars")
    head, _, last = code.rstrip().rpartition("\n")
    names: dict[str, object] = {}
    exec(head, names)
    frame = eval(last, names)
    rows = dict(zip(frame["strong-2.deal.status"].cast(str).to_list(), frame["len"].to_list(), strict=True))
    assert {status: rows.get(status, 0) for status in counts(swept)} == counts(swept)
