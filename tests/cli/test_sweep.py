"""`sim sweep`: what it says and with which status it ends; what it computes has tests of its own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from sim.sweeps.found import open_sweep
from sim.sweeps.lock import only_writer

Type = Callable[..., Result]


def test_a_sweep_is_resumed_longer_and_refused_where_it_is_another(sim: Type, river: str) -> None:
    words = ("sweep", river, "--out", "s", "--chunk", "20")
    assert sim(*words, "--draws", "30").exit_code == 0
    assert sim(*words, "--draws", "30").exit_code == 2
    before = Path("s/draws/part-00000.parquet").stat()
    longer = sim(*words, "--draws", "50", "--resume", "--json")
    assert longer.exit_code == 0
    assert json.loads(longer.stdout)["draws"] == 50
    assert Path("s/draws/part-00000.parquet").stat() == before
    other = sim(*words, "--draws", "50", "--resume", "--seed", "2")
    assert (other.exit_code, other.stdout) == (2, "")
    assert "seed: 1 there, 2 asked for" in other.stderr


def test_what_was_made_again_is_said_on_standard_error(sim: Type, river: str) -> None:
    words = ("sweep", river, "--out", "s", "--draws", "30", "--chunk", "20", "--json")
    first = sim(*words)
    Path("s/draws/part-00001.parquet").write_bytes(b"PAR1")
    again = sim(*words, "--resume")
    assert (again.exit_code, again.stdout) == (0, first.stdout)
    assert again.stderr == "part-00001.parquet was cut off or damaged: made again.\n"


def test_a_second_writer_is_refused(sim: Type, river: str) -> None:
    Path("s").mkdir()
    with only_writer(Path("s")):
        said = sim("sweep", river, "--out", "s", "--draws", "5", "--resume")
    assert said.exit_code == 2
    assert "at work" in said.stderr


def test_progress_as_json_lines_is_on_standard_error_alone(sim: Type, river: str) -> None:
    said = sim("sweep", river, "--out", "s", "--draws", "50", "--chunk", "20", "--progress", "json", "--json")
    lines = [json.loads(line) for line in said.stderr.splitlines()]
    assert [(line["done"], line["total"]) for line in lines] == [(20, 50), (40, 50), (50, 50)]
    assert json.loads(said.stdout)["draws"] == 50
    assert lines[-1]["shares"][0]["n"] == 50


def test_samplers_costly_concepts_and_until_are_asked_by_their_options(sim: Type, river: str) -> None:
    said = sim("sweep", river, "--out", "s", "--draws", "40", "--sampler", "sobol", "--costly", "3",
               "--concepts", "pure-nash,nash", "--store", "outcomes", "--json")  # fmt: skip
    found = json.loads(said.stdout)
    assert found["sampler"] == "sobol"
    assert {row["concept"]: row["n"] for row in found["rows"]} == {"pure-nash": 40, "nash": 3}
    assert all(set(row["interval"]) == {"lower", "upper"} for row in found["rows"])
    until = sim(
        "sweep", river, "--out", "u", "--draws", "100000", "--until", "0.2", "--concepts", "pure-nash", "--json"
    )
    assert json.loads(until.stdout)["draws"] == open_sweep("u").draws == 1024


@pytest.mark.parametrize(
    "words",
    [
        ("--until", "0"),
        ("--until", "nan"),
        ("--until", "0.1", "--concepts", "nash"),
        ("--sampler", "x"),
        ("--workers", "0"),
        ("--scheduler", "tcp://h:1"),
        ("--concepts", "qre"),
    ],
)
def test_what_does_not_fit_ends_with_status_2_and_writes_nothing(sim: Type, river: str, words: tuple[str, ...]) -> None:
    assert sim("sweep", river, "--out", "s", "--draws", "5", *words).exit_code == 2
    assert not Path("s").exists()
