"""The table of docs/reliability.md is what the command writes: every fault is there, and some are let strike again."""

from pathlib import Path

import pytest

from benchmarks.faults import FAULTS, outcome


def test_every_fault_has_its_row_and_loses_nothing(root: Path) -> None:
    page = (root / "docs/reliability.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| ")][2:]
    assert [row[1].strip() for row in rows] == list(FAULTS)
    assert {row[5].strip() for row in rows} == {"the whole sweep, same bits"}


@pytest.mark.parametrize(
    "fault",
    [
        "Ctrl-C",
        "the disk is full",
        "a part is cut off",
        "one bit of a part is wrong",
        "the manifest is damaged",
        "a lock is left by a killed run",
        "a foreign Parquet file lies among the parts",
        "another process is at work there",
    ],
)
def test_what_the_table_says_of_a_fault_is_what_comes_of_it(root: Path, fault: str) -> None:
    page = (root / "docs/reliability.md").read_text(encoding="utf-8")
    assert outcome(fault, FAULTS[fault]).row() in page.splitlines()
