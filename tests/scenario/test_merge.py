"""`extends` and `remove`: what a version says is merged over its base, and slips are answered at both ends."""

from fractions import Fraction
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.model import ScenarioData
from sim.scenario.reader import read_scenario

BASE = """\
[scenario]
name = "base"
title = "A base"
[players.A]
moves.a = ["x", "y"]
[players.B]
moves.b = ["x", "y"]
[parameters]
p = { value = { pert = [0, 1, 2] }, unit = "points" }
[stakes]
s = { value = "p * rank(a)" }
t = { value = "rank(b)" }
[interests.A]
s = { weight = 1 }
t = { weight = 2 }
[interests.B]
t = { weight = 3 }
"""


def version(folder: Path, text: str, name: str = "version", extends: str = "base.toml", base: str = BASE) -> Path:
    (folder / "base.toml").write_text(base, encoding="utf-8")
    path = folder / f"{name}.toml"
    path.write_text(f'[scenario]\nname = "{name}"\nextends = "{extends}"\n{text}', encoding="utf-8")
    return path


def read(folder: Path, text: str) -> ScenarioData:
    return read_scenario(version(folder, text))


def problems(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    return [f"{Path(p.file).name}:{p.line}:{p.column}: {p.cause} {p.mend}".strip() for p in caught.value.problems]


def test_a_distribution_is_replaced_whole_and_its_unit_stays(tmp_path: Path) -> None:
    data = read(tmp_path, "[parameters]\np = { value = { uniform = [3, 4] } }\n")
    assert data.parameters[0].value.kind == "uniform"
    assert data.parameters[0].unit == "points"
    assert data.title == "A base"


def test_axes_of_the_base_come_first(tmp_path: Path) -> None:
    text = '[players.C]\nmoves.c = ["u", "v"]\n[players.A]\nmoves.d = ["u", "v"]\nmoves.a = ["x", "y", "z"]\n'
    data = read(tmp_path, text + "[interests.C]\ns = { weight = 1 }\n")
    assert [move.name for move in data.moves] == ["a", "d", "b", "c"]
    assert data.move("a").options == ("x", "y", "z")


def test_a_removed_path_is_gone_and_a_reference_to_it_is_an_error_there(tmp_path: Path) -> None:
    data = read(tmp_path, 'remove = ["interests.A.s", "stakes.s", "parameters.p"]\n')
    assert [interest.name for interest in data.interests] == ["A.t", "B.t"]
    found = problems(version(tmp_path, 'remove = ["stakes.s"]\n'))
    assert found[0].startswith("base.toml:14:1: 's' is no stake")
    assert found[1].startswith("version.toml:3:1: the file that this extends is wrong at")


def test_a_path_to_remove_that_is_not_there_is_answered_at_its_entry(tmp_path: Path) -> None:
    found = problems(version(tmp_path, 'remove = ["stakes.t", "stakes.tt"]\n'))
    assert found == ["version.toml:4:23: `remove` names 'stakes.tt', but the base has no 'stakes.tt'. There are: 's'."]


def test_an_error_inside_a_base_is_given_at_both_lines(tmp_path: Path) -> None:
    found = problems(version(tmp_path, "", base=BASE.replace("rank(b)", "rank(bb)")))
    assert found[0].startswith("base.toml:12:21: stake 't' takes the rank of 'bb', which is no move")
    assert found[1].startswith("version.toml:3:1:")
    assert "'bb'" in found[1]


def test_a_cycle_and_a_chain_of_nine_are_refused(tmp_path: Path) -> None:
    loop = version(tmp_path, "", "base", "base.toml", base="")
    assert "in a cycle: base.toml -> base.toml" in problems(loop)[0]
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")
    for k in range(1, 9):
        version(tmp_path, "", f"v{k}", "base.toml" if k == 1 else f"v{k - 1}.toml")
    assert read_scenario(tmp_path / "v7.toml").name == "v7"  # eight files with the base
    assert "longer than 8" in problems(tmp_path / "v8.toml")[0]


@pytest.mark.parametrize("target", ["secret.txt", "secret.toml", "claims.toml", "missing.toml", "/etc/passwd", "."])
def test_a_path_that_leads_elsewhere_is_refused_and_nothing_of_it_is_echoed(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.txt").write_text("hush = 1", encoding="utf-8")
    (tmp_path / "secret.toml").write_text("hush hush", encoding="utf-8")
    (tmp_path / "claims.toml").write_text('[claims.hush]\ntext = "hush"\n', encoding="utf-8")
    found = problems(version(tmp_path, "", extends=target))
    assert any(line.startswith("version.toml:3:1:") for line in found)
    assert "hush" not in "\n".join(found)


@pytest.mark.parametrize("target", ["secret.txt", "secret.toml", "base.toml", "missing.toml"])
def test_a_claims_path_that_leads_elsewhere_is_refused_and_nothing_of_it_is_echoed(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.txt").write_text("hush = 1", encoding="utf-8")
    (tmp_path / "secret.toml").write_text("[claims]\nx = {text = hush}", encoding="utf-8")
    found = problems(version(tmp_path, f'claims = "{target}"\n'))
    assert found[0].startswith("version.toml:4:1: the claims file")
    assert "hush" not in "\n".join(found)


def test_claims_are_sought_from_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_text('[claims.c]\ntext = "One."\n', encoding="utf-8")
    folder = tmp_path / "versions"
    folder.mkdir()
    version(tmp_path, "", base=BASE.replace("[players.A]", 'claims = "register.toml"\n[players.A]'))
    path = folder / "far.toml"
    path.write_text('[scenario]\nname = "far"\nextends = "../base.toml"\n', encoding="utf-8")
    assert list(read_scenario(path).claims) == ["c"]


def test_a_shipped_scenario_can_be_extended_by_name_from_any_folder(tmp_path: Path) -> None:
    for link in ("vladivostok-2023", "vladivostok-2023.toml"):
        file = tmp_path / "mine.toml"
        file.write_text(
            f'[scenario]\nname = "mine"\ntitle = "Mine"\nextends = "{link}"\n[parameters.need]\nvalue = 0.5\n'
        )
        data = read_scenario(file)
        assert data.distributions()["need"].numbers == (Fraction(1, 2),)
        assert "ru-needs-shells" in data.claims


def test_a_file_beside_comes_before_a_shipped_one_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "stag-hunt.toml").write_text("not toml at all")
    file = tmp_path / "mine.toml"
    file.write_text('[scenario]\nname = "mine"\ntitle = "Mine"\nextends = "stag-hunt.toml"\n')
    with pytest.raises(ScenarioError):
        read_scenario(file)


def test_a_base_that_is_not_there_is_answered_with_the_whole_path_and_the_nearest_shipped_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[scenario]\nname = "mine"\ntitle = "Mine"\nextends = "vladivostock-2023"\n')
    with pytest.raises(ScenarioError) as caught:
        read_scenario(file)
    at_the_link = next(problem for problem in caught.value.problems if problem.line == 4)
    assert str(tmp_path / "vladivostock-2023") in at_the_link.cause
    assert at_the_link.mend == "Did you mean 'vladivostok-2023'?"


def test_claims_that_are_not_there_are_answered_with_the_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text(
        '[scenario]\nname = "mine"\nextends = "stag-hunt"\nclaims = "gone/claims.toml"\n'
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(Path("mine.toml"))
    (problem,) = caught.value.problems
    assert str(tmp_path / "gone" / "claims.toml") in problem.cause
