"""A sweep on disk: the columns of the contract, small, readable as it lies."""

import json
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import sim
from sim.scenario.reader import scenario_hash
from sim.sweeps.found import open_sweep
from sim.sweeps.status import STATUSES
from tests.made import TWO, UNSURE, made
from tests.sweeps.swept import swept


def test_the_columns_are_those_of_the_contract(tmp_path: Path) -> None:
    swept(tmp_path)
    names = pq.read_table(tmp_path / "out/draws/part-00000.parquet").column_names
    uncertain = ["need", "tilt", "luck", "cost", "odds", "size", "mood"]
    expected = ["draw", *(f"p.{name}" for name in uncertain), "w.A.gain", "w.B.gain", "w.B.face"]
    for row in ("pure-nash", "strong-2", "subgame-perfect.first_a"):
        expected += [f"{row}.{event}.{part}" for event in ("agreed", "high") for part in ("status", "lower", "upper")]
        expected += [f"{row}.{part}" for part in ("n", "n_outcomes", "margin")]
    assert names == [*expected, "near_tie"]


def test_lower_and_upper_are_null_exactly_where_there_is_none(tmp_path: Path) -> None:
    swept(tmp_path, draws=300, chunk=300)
    table = pq.read_table(tmp_path / "out/draws/part-00000.parquet")
    bounds = {"always": (1, 1), "sometimes": (0, 1), "never": (0, 0), "none": (None, None)}
    seen = set()
    for row in table.to_pylist():
        status = row["pure-nash.agreed.status"]
        seen.add(status)
        assert (row["pure-nash.agreed.lower"], row["pure-nash.agreed.upper"]) == bounds[status]
        assert (row["pure-nash.n"] == 0) == (status == "none") == (row["pure-nash.margin"] is None)
    assert seen >= {"always", "never", "none"}


def test_rows_are_in_order_of_draw_and_equal_those_in_memory(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    stored = swept(tmp_path, draws=25, chunk=10)
    memory = sim.sweep(scenario, draws=25, seed=5)
    assert stored.to_frame()["draw"].tolist() == list(range(25))
    for column in memory.to_frame():
        a, b = stored.to_frame([column])[column], memory.to_frame()[column]
        assert a.astype(object).where(a.notna(), None).tolist() == b.astype(object).where(b.notna(), None).tolist()
    assert stored.table().equals(memory.table())


def test_an_opened_sweep_has_the_table_of_the_one_that_was_written(tmp_path: Path) -> None:
    stored = swept(tmp_path)
    opened = open_sweep(tmp_path / "out")
    assert opened.table().equals(stored.table())
    assert opened.to_dict() == stored.to_dict() == json.loads((tmp_path / "out/summary.json").read_text())
    assert opened.to_frame().equals(stored.to_frame())


def test_the_manifest_says_enough_to_make_every_row_again(tmp_path: Path) -> None:
    swept(tmp_path, first=3)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    data = made(tmp_path, TWO + UNSURE).data
    known = {"scenario": "made", "hash": scenario_hash(data), "sampler": "mc", "seed": 5, "draws": 30, "first": 3}
    assert {key: manifest[key] for key in known} == known
    assert manifest["resolved"] == data.resolved
    assert manifest["concepts"] == ["pure-nash", "strong-2", "subgame-perfect.first_a"]
    part = manifest["parts"][0]
    assert (part["file"], part["start"], part["draws"]) == ("part-00000.parquet", 3, 7)
    assert part["bytes"] == (tmp_path / "out/draws/part-00000.parquet").stat().st_size
    assert sum(part["counts"][0]) == 7
    assert sum(part["draws"] for part in manifest["parts"]) == 30
    assert manifest["versions"].keys() >= {"realpolitik", "numpy", "scipy", "numba"}
    assert manifest["machine"]["simd"]
    assert manifest["finished"] is True


def test_statuses_read_back_as_they_were(tmp_path: Path) -> None:
    stored = swept(tmp_path)
    words = stored.to_frame(["pure-nash.agreed.status"])["pure-nash.agreed.status"].tolist()
    counts = next(share.counts for share in stored.shares if (share.row, share.event) == ("pure-nash", "agreed"))
    assert [words.count(status) for status in STATUSES] == list(counts)


def test_parts_are_read_by_other_programs_as_they_lie(tmp_path: Path) -> None:
    stored = swept(tmp_path)
    parts = ds.dataset(tmp_path / "out/draws", format="parquet")
    held = parts.count_rows(filter=ds.field("pure-nash.agreed.status") == "always")
    share = next(share for share in stored.shares if (share.row, share.event) == ("pure-nash", "agreed"))
    assert held == share.counts[STATUSES.index("always")] > 0
    assert parts.to_table(columns=["draw"]).column("draw").to_pylist() == list(range(30))


def test_a_number_costs_its_eight_bytes_and_little_more(tmp_path: Path) -> None:
    """All but floating-point numbers together cost less than a fortieth of them."""
    baseline = sim.load("vladivostok-2023")
    wanted = ["pure-nash", "strong-2", "subgame-perfect.summit_first"]
    for store in ("all", "outcomes"):
        sim.sweep(baseline, 4096, concepts=wanted, out=tmp_path / store, store=store, chunk=4096)
    schema = pq.read_schema(tmp_path / "all/draws/part-00000.parquet")
    floats = sum(name.startswith(("p.", "w.", "draw")) or name.endswith(".margin") for name in schema.names)
    footers = {}
    for store in ("all", "outcomes"):
        path = tmp_path / store / "draws/part-00000.parquet"
        footers[store] = (path.stat().st_size - pq.read_metadata(path).serialized_size) / 4096
    assert footers["all"] / floats < 8.2
    assert footers["outcomes"] < 40


def test_no_column_carries_statistics_and_every_page_a_checksum(tmp_path: Path) -> None:
    swept(tmp_path)
    path = tmp_path / "out/draws/part-00000.parquet"
    group = pq.read_metadata(path).row_group(0)
    assert not any(group.column(k).is_stats_set for k in range(group.num_columns))
    need = next(group.column(k) for k in range(group.num_columns) if group.column(k).path_in_schema == "p.need")
    assert "PLAIN" in need.encodings
    assert need.compression == "UNCOMPRESSED"
    damaged = bytearray(path.read_bytes())
    damaged[need.data_page_offset + need.total_compressed_size - 3] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(sim.UsageError, match=r"part-00000\.parquet' cannot be read"):
        open_sweep(tmp_path / "out").to_frame(["p.need"])


def test_a_summary_needs_no_part_to_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = swept(tmp_path)
    monkeypatch.setattr(pq, "ParquetFile", None)
    monkeypatch.setattr(pq, "read_table", None)
    assert open_sweep(tmp_path / "out").to_dict() == stored.to_dict()


@pytest.mark.parametrize("store", ["all", "outcomes"])
def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path: Path, store: str) -> None:
    for found in (swept(tmp_path, store=store), swept(tmp_path, out=None)):
        with pytest.raises(sim.UsageError, match=r"no column 'p\.ned'\. Did you mean 'p\.need'"):
            found.to_frame(["draw", "p.ned"])
        assert found.to_frame(["p.need", "draw"]).columns.tolist() == ["p.need", "draw"]


@pytest.mark.parametrize("store", ["all", "outcomes"])
def test_the_rows_of_a_sweep_without_a_finished_part_are_a_sentence(tmp_path: Path, store: str) -> None:
    swept(tmp_path, store=store)
    path = tmp_path / "out/manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"parts": []}))
    for part in (tmp_path / "out/draws").iterdir():
        part.unlink()
    with pytest.raises(sim.UsageError, match="holds no finished part yet"):
        open_sweep(tmp_path / "out").to_frame()
