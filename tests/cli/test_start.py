"""`sim new`, `sim list`, `sim check`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Type = Callable[..., Result]


def test_a_new_scenario_checks_without_a_warning_and_solves(sim: Type, river: str) -> None:
    checked = sim("check", "--strict", river)
    assert checked.exit_code == 0, checked.output
    assert "no warnings" in checked.output
    solved = json.loads(sim("solve", river, "--concept", "strong-2", "--json").stdout)
    assert solved["status"] == {"treaty": "always", "conflict": "never"}


def test_new_never_overwrites(sim: Type, river: str) -> None:
    before = Path(river).read_text(encoding="utf-8")
    said = sim("new", "river")
    assert said.exit_code == 2
    assert "is there already" in said.stderr
    assert Path(river).read_text(encoding="utf-8") == before


def test_new_writes_where_it_is_told(sim: Type, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    said = json.loads(sim("new", "lake", "--dir", "mine", "--json").stdout)
    assert said == {"scenario": "lake", "file": "mine/lake.toml"}
    assert (tmp_path / "mine" / "lake.toml").exists()


def test_the_list_has_one_line_for_each_shipped_file(sim: Type, root: Path) -> None:
    names = {path.stem for path in (root / "scenarios").rglob("*.toml")}
    assert {line.split()[0] for line in sim("list").stdout.splitlines()} == names
    assert {entry["name"] for entry in json.loads(sim("list", "--json").stdout)} == names


def test_all_shipped_files_are_checked_in_one_call(sim: Type, root: Path) -> None:
    files = [str(path) for path in sorted((root / "scenarios").rglob("*.toml"))]
    said = sim("check", "--json", *files)
    assert said.exit_code == 0, said.output
    documents = [json.loads(line) for line in said.stdout.splitlines()]
    assert [one["file"] for one in documents] == files
    verdicts = [verdict for one in documents for verdict in one["expect"]]
    assert len(verdicts) > 10
    assert all(verdict["holds"] for verdict in verdicts)


def test_a_misspelt_claim_fails_with_the_nearest_one(sim: Type, root: Path, tmp_path: Path) -> None:
    baseline = (root / "scenarios" / "vladivostok-2023.toml").read_text(encoding="utf-8")
    claims = (root / "seeds" / "claims.toml").read_text(encoding="utf-8")
    (tmp_path / "claims.toml").write_text(claims, encoding="utf-8")
    slip = baseline.replace("../seeds/claims.toml", "claims.toml").replace(
        '"war-drives-demand"', '"war-drives-demnd"', 1
    )
    (tmp_path / "vladivostok-2023.toml").write_text(slip, encoding="utf-8")
    said = sim("check", "vladivostok-2023.toml")
    assert said.exit_code == 2
    line = next(k for k, text in enumerate(slip.splitlines(), 1) if "war-drives-demnd" in text)
    assert f"vladivostok-2023.toml:{line}:" in said.stderr
    assert "'war-drives-demand'" in said.stderr


@pytest.fixture
def wrong_answer(root: Path, tmp_path: Path) -> str:
    text = (root / "scenarios" / "published" / "stag-hunt.toml").read_text(encoding="utf-8")
    assert '"3/4"' in text
    path = tmp_path / "stag-hunt.toml"
    path.write_text(text.replace('["3/4", "1/4"]', '["1/4", "3/4"]'), encoding="utf-8")
    return str(path)


def test_a_published_answer_that_is_not_found_is_told_and_fails_only_where_that_was_asked(
    sim: Type, wrong_answer: str
) -> None:
    said = sim("check", wrong_answer)
    assert said.exit_code == 0
    assert "FAILS: (1/4, 3/4; 1/4, 3/4) is not found; (3/4, 1/4; 3/4, 1/4) is found beside them" in said.stdout
    assert sim("check", "--strict", wrong_answer).exit_code == 1


def test_a_warning_fails_only_a_strict_check(sim: Type) -> None:
    assert "strictly dominant" in sim("check", "prisoners-dilemma").stdout
    assert sim("check", "prisoners-dilemma").exit_code == 0
    assert sim("check", "--strict", "prisoners-dilemma").exit_code == 1


def test_one_broken_file_does_not_hide_the_others(sim: Type, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[scenario", encoding="utf-8")
    said = sim("check", "--json", "broken.toml", "stag-hunt")
    assert said.exit_code == 2
    first, second = (json.loads(line) for line in said.stdout.splitlines())
    assert first["problems"][0]["line"] == 1
    assert second["scenario"] == "stag-hunt"


@pytest.mark.parametrize("name", ['a"b', "a b", "a'b", "..", "a/b", "1st", "a.toml", "", "é"])
def test_a_name_that_is_none_is_refused_with_the_rule(sim: Type, tmp_path: Path, name: str) -> None:
    said = sim("new", name)
    assert said.exit_code == 2
    assert "letters, digits, - and _" in said.stderr
    assert list(tmp_path.iterdir()) == []
