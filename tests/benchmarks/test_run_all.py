"""The benchmark table: one line a piece of work, and a ratio that is peer over ours."""

import random
from pathlib import Path

from benchmarks import logit, n_player, two_player_batch, two_player_exact
from benchmarks.rows import Row
from benchmarks.run_all import HEAD, page


def test_a_line_reads_in_fitting_units_and_its_ratio_is_the_peers_time_over_ours() -> None:
    row = Row("work", 2.5, "peer", 12_500.0, "3 of 3 sets")
    assert row.cells() == ["work", "2.5 us", "peer", "12.5 ms", "5,000.0", "3 of 3 sets"]
    assert Row("w", 1.5e6, "p", 3e6, "").cells()[1:5] == ["1.5 s", "p", "3 s", "2.0"]


def test_the_page_holds_each_line_and_the_versions() -> None:
    text = page([Row("one", 1, "p", 2, "yes"), Row("two", 1, "p", 2, "yes")])
    assert text.count("\n| ") == 4
    assert "quantecon" in text.split("\n\n")[1]


def test_a_small_comparison_finds_the_same_sets() -> None:
    row = two_player_exact.compare(3, 4, 2, 4, random.Random(1))
    assert row.same == "4 of 4 sets"
    assert row.ours > 0
    assert row.peers > 0


def test_the_stored_table_has_a_line_for_each_piece_of_work(root: Path) -> None:
    lines = [line for line in (root / "benchmarks" / "results.md").read_text(encoding="utf-8").splitlines() if line]
    table = [line for line in lines if line.startswith("|")]
    assert table[0] == "| " + " | ".join(HEAD) + " |"
    sizes = (
        1 + len(two_player_batch.SIZES) + 2 * len(two_player_exact.SIZES) + len(n_player.SIZES) + 2 * len(logit.SIZES)
    )
    assert len(table) == 2 + sizes
