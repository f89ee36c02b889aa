"""The table of docs/reliability.md is what the command writes: every fault strikes again, and its row is compared."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.faults import BEGIN, END, FAULTS, outcome


def rows_of(root: Path) -> list[str]:
    page = (root / "docs/reliability.md").read_text(encoding="utf-8")
    return page.split(BEGIN)[1].split(END)[0].splitlines()[2:]


def test_the_table_has_a_row_for_every_fault_in_their_order(root: Path) -> None:
    assert [row.split("|")[1].strip() for row in rows_of(root)] == list(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_table_says_of_a_fault_is_what_comes_of_it(root: Path, fault: str) -> None:
    row = rows_of(root)[list(FAULTS).index(fault)]
    found = outcome(fault, FAULTS[fault])
    assert found.same
    if "SIGKILL" in fault:  # how many parts it had finished by then, nobody can say
        assert found.kept >= 2
        found = replace(found, kept=int(row.split("|")[4]))
    assert found.row() == row
