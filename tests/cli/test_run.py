"""`sim solve` and `sim sweep`; the main job has its own journey."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from sim.cli.sweep import sweep as sweep_command

Type = Callable[..., Result]


def solved(sim: Type, *words: str) -> dict:
    said = sim("solve", "--json", *words)
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def test_solve_speaks_the_contract(sim: Type) -> None:
    found = solved(sim, "stag-hunt", "--concept", "nash")
    assert found["game"] == "stag-hunt"
    assert found["players"] == ["ROW", "COL"]
    assert found["strategies"] == [["stag", "hare"], ["stag", "hare"]]
    assert (found["concept"], found["complete"]) == ("nash", True)
    assert found["why"] == "every vertex of both best-response polytopes, exact arithmetic"
    mixed = found["equilibria"][1]
    assert mixed["exact"] == [["3/4", "1/4"], ["3/4", "1/4"]]
    assert mixed["strategies"] == [[0.75, 0.25], [0.75, 0.25]]
    assert (mixed["regret"], mixed["relative_regret"], mixed["pure"], mixed["strict"]) == (0.0, 0.0, False, False)
    assert found["equilibria"][0]["profile"] == {"row": "stag", "col": "stag"}
    assert len(found["nash_subsets"]) == len(found["components"]) == 3
    assert found["seconds"] >= 0


def test_solve_gives_events_and_statuses_of_a_scenario(sim: Type) -> None:
    found = solved(sim, "vladivostok-2023", "--concept", "pure-nash")
    assert set(found["status"]) == set(found["equilibria"][0]["events"]) >= {"deal", "trip"}
    assert found["strategies"][1][0] == "ask=none travel=stay"


def test_an_order_is_solved_and_named(sim: Type) -> None:
    found = solved(sim, "vladivostok-2023", "--concept", "subgame-perfect", "--order", "summit_first")
    assert found["order"] == "summit_first"
    assert found == solved(sim, "vladivostok-2023", "--concept", "subgame-perfect.summit_first") | {
        "seconds": found["seconds"]
    }


def test_a_game_file_has_the_equilibria_of_the_scenario_that_it_came_from(sim: Type) -> None:
    assert sim("export", "vladivostok-2023", "--slice", "bargain", "--to", "nfg", "--out", "b.nfg").exit_code == 0
    ours, file = solved(sim, "vladivostok-2023", "--slice", "bargain"), solved(sim, "b.nfg", "--concept", "nash")
    assert [one["exact"] for one in file["equilibria"]] == [one["exact"] for one in ours["equilibria"]]
    assert len(file["equilibria"]) > 1


def test_what_only_a_scenario_has_is_not_asked_of_a_game_file(sim: Type, tmp_path: Path) -> None:
    (tmp_path / "b.nfg").write_text("", encoding="utf-8")
    said = sim("solve", "b.nfg", "--set", "x=1")
    assert said.exit_code == 2
    assert "are for scenarios" in said.stderr


def test_several_orders_are_one_line_each(sim: Type) -> None:
    said = sim("solve", "vladivostok-2023", "--concept", "subgame-perfect", "--json")
    assert said.exit_code == 0
    found = [json.loads(line) for line in said.stdout.splitlines()]
    assert len({one["order"] for one in found}) == len(found) == 6
    assert {(one["game"], one["concept"]) for one in found} == {("vladivostok-2023", "subgame-perfect")}
    assert next(one for one in found if one["order"] == "summit_first") | {"seconds": 0} == solved(
        sim, "vladivostok-2023", "--concept", "subgame-perfect", "--order", "summit_first"
    ) | {"seconds": 0}
    plain = sim("solve", "vladivostok-2023", "--concept", "subgame-perfect")
    assert plain.exit_code == 0
    assert plain.stdout.count("subgame-perfect.") == 6


def test_each_file_is_a_line_also_where_one_fails(sim: Type) -> None:
    said = sim("solve", "--json", "stag-hunt", "nothing.toml", "matching-pennies", "--concept", "nash")
    assert said.exit_code == 2
    first, second, third = (json.loads(line) for line in said.stdout.splitlines())
    assert (first["game"], third["game"]) == ("stag-hunt", "matching-pennies")
    assert set(second) == {"game", "error"}
    assert second["game"] == "nothing"


def test_a_set_that_is_not_whole_fails_only_where_that_was_asked(sim: Type) -> None:
    assert sim("solve", "stag-hunt", "--concept", "logit").exit_code == 0
    assert sim("solve", "stag-hunt", "--concept", "logit", "--require-complete").exit_code == 1
    assert sim("solve", "four-players", "--concept", "pure-nash", "--require-complete").exit_code == 0


def test_without_a_concept_the_choice_is_told(sim: Type) -> None:
    assert "solved for nash" in sim("solve", "stag-hunt").stderr
    assert "solved for pure-nash" in sim("solve", "four-players").stderr


def test_a_number_that_is_set_moves_the_payoffs(sim: Type) -> None:
    central, moved = (
        solved(sim, "vladivostok-2023", "--slice", "bargain", *more) for more in ((), ("--set", "RU.shells=90"))
    )
    assert central["game"] == moved["game"] == "bargain"
    assert central["equilibria"] != moved["equilibria"]


def test_a_sweep_prints_the_summary_that_it_writes(sim: Type, river: str, tmp_path: Path) -> None:
    said = sim("sweep", river, "--draws", "50", "--seed", "3", "--out", "s", "--json")
    assert said.exit_code == 0, said.output
    document = json.loads(said.stdout)
    assert document == json.loads((tmp_path / "s" / "summary.json").read_text(encoding="utf-8"))
    assert {row["n"] for row in document["rows"]} == {50}
    assert (tmp_path / "s" / "draws" / "part-00000.parquet").exists()
    assert said.stderr == ""


def test_a_sweep_is_narrowed_and_started_late(sim: Type, river: str, tmp_path: Path) -> None:
    words = ("--concepts", "pure-nash, subgame-perfect.bank_first", "--first", "7", "--draws", "3", "--out", "s")
    document = json.loads(sim("sweep", river, *words, "--json").stdout)
    assert {(row["concept"], row["order"]) for row in document["rows"]} == {
        ("pure-nash", None),
        ("subgame-perfect", "bank_first"),
    }
    assert json.loads((tmp_path / "s" / "manifest.json").read_text(encoding="utf-8"))["first"] == 7


def test_a_folder_that_holds_a_sweep_is_left_alone(sim: Type, river: str, tmp_path: Path) -> None:
    words = ("sweep", river, "--draws", "5", "--out", "s")
    assert sim(*words).exit_code == 0
    before = (tmp_path / "s" / "summary.json").read_bytes()
    said = sim(*words, "--seed", "2")
    assert said.exit_code == 2
    assert "already holds a sweep" in said.stderr
    assert (tmp_path / "s" / "summary.json").read_bytes() == before
    assert sim("run", river, "--draws", "5", "--out", "s").exit_code == 2


def test_a_run_that_could_not_be_written_is_refused_before_it_begins(sim: Type, river: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place in ("file", "file/deeper/out"):
        said = sim("run", river, "--out", place)
        assert said.exit_code == 2
        assert said.stdout == ""
        assert "--out" in said.stderr


def test_a_sweep_names_no_concept_where_none_is_written(sim: Type, river: str) -> None:
    assert sim("sweep", river, "--draws", "5", "--out", "s", "--concepts", " , ").exit_code == 2


def test_a_sweep_needs_to_know_where_it_writes() -> None:
    assert {p.name for p in sweep_command.params if p.required} == {"file", "draws", "out"}


@pytest.mark.parametrize("value", ["3", "1/3", "0.1", "-2e1"])
def test_numbers_are_set_as_they_are_written(sim: Type, value: str) -> None:
    assert sim("solve", "vladivostok-2023", "--set", f"RU.shells={value}").exit_code == 0


def test_further_concepts_take_their_own_options(sim: Type) -> None:
    qre = solved(sim, "prisoners-dilemma", "--concept", "qre", "--precision", "0.5")
    assert qre["precision"] == 0.5
    barter = solved(sim, "nash-1950", "--concept", "bargaining", "--bargaining", "barter")
    assert barter["solutions"]["nash"]["gains"] == [12.0, 5.0]
    grim = solved(sim, "prisoners-dilemma", "--concept", "repeated", "--set", "ends=0.25")
    assert round(grim["patience"]["grim"], 12) == round(2 / 3, 12)


def test_an_option_of_another_concept_is_refused(sim: Type) -> None:
    said = sim("solve", "stag-hunt", "--precision", "1")
    assert (said.exit_code, "--concept qre" in said.stderr) == (2, True)
    said = sim("solve", "stag-hunt", "--concept", "nash", "--bargaining", "x")
    assert (said.exit_code, "--concept bargaining" in said.stderr) == (2, True)


def test_a_chosen_solver_stands_beside_ours_and_its_misses_are_named(sim: Type) -> None:
    found = solved(sim, "stag-hunt", "--solver", "nashpy-lemke-howson")
    assert (found["complete"], len(found["equilibria"])) == (True, 3)
    assert found["equilibria"][0]["events"].keys() == found["status"].keys()  # a scenario's answer keeps what it says
    assert (found["solver"]["name"], found["solver"]["found"], found["solver"]["missing"]) == (
        "nashpy-lemke-howson",
        2,
        [1],
    )
    said = sim("solve", "stag-hunt", "--solver", "nashpy-lemke-howson").stdout
    assert "finds 2 of these 3; it misses 2; the set above is ours." in " ".join(said.split())
    assert "both agree" in sim("solve", "stag-hunt", "--solver", "nashpy-support").stdout


def test_a_solver_for_two_players_is_asked_of_slices_and_files_and_nothing_else(sim: Type) -> None:
    assert sim("export", "vladivostok-2023", "--slice", "bargain", "--to", "nfg", "--out", "b.nfg").exit_code == 0
    lines = [
        solved(sim, "vladivostok-2023", "--slice", "bargain", "--solver", "nashpy-vertex"),
        solved(sim, "b.nfg", "--solver", "nashpy-vertex"),
    ]
    assert [one["solver"]["found"] for one in lines] == [len(one["equilibria"]) for one in lines]
    assert all(one["solver"]["agree"] for one in lines)
    for words, why in (
        (("vladivostok-2023", "--solver", "nashpy-vertex"), "has 4 players"),
        (("stag-hunt", "--solver", "gambit"), "'gambit' is no solver"),
        (("stag-hunt", "--solver", "nashpy-vertex", "--concept", "pure-nash"), "ask for nash"),
    ):
        said = sim("solve", *words)
        assert (said.exit_code, why in said.stderr) == (2, True)


@pytest.mark.parametrize(("draws", "reason"), [("1", "a single draw"), ("2", "")])
def test_a_run_of_few_draws_draws_no_share_that_cannot_settle(
    sim: Type, river: str, tmp_path: Path, draws: str, reason: str
) -> None:  # a warning of the drawing library would fail this
    said = sim("run", river, "--draws", draws)
    assert (said.exit_code, said.stderr) == (0, "")
    listed = (tmp_path / "out" / "river" / "figures" / "figures.txt").read_text(encoding="utf-8")
    assert f"convergence: {f'left out, {reason}' if reason else 'After 2 draws'}" in listed


def test_where_all_numbers_are_fixed_no_sampling_error_is_told(sim: Type, tmp_path: Path) -> None:
    said = sim("run", "stag-hunt", "--draws", "9")
    assert said.exit_code == 0
    assert max(map(len, said.stdout.splitlines())) <= 100
    assert not (tmp_path / "out" / "stag-hunt" / "figures" / "convergence.svg").exists()
    page = (tmp_path / "out" / "stag-hunt" / "report.html").read_text(encoding="utf-8")
    assert "Wilson" not in page
    assert "95% sampling error" not in page


def test_what_was_set_is_said_wherever_the_run_is_shown(sim: Type, tmp_path: Path, river: str) -> None:
    name = next(line.split()[0] for line in Path(river).read_text().splitlines() if "uniform" in line or "pert" in line)
    value = "0.5"
    said = sim("run", river, "--draws", "20", "--set", f"{name}={value}")
    assert said.exit_code == 0, said.output
    assert f"Set, not as in the file: {name}={value}." in said.stdout
    assert f"sim explain {river} --set {name}={value} --draw K --seed 1" in said.stdout
    page = (tmp_path / "out/river/report.html").read_text(encoding="utf-8")
    assert f"Set, not as in the file: <code>{name}={value}</code>" in page
    captions = list((tmp_path / "out/river/figures").glob("*.caption.txt"))
    assert captions
    assert all(f"Scenario river with {name}={value}, hash" in one.read_text(encoding="utf-8") for one in captions)
    assert not (tmp_path / "out/river/.running").exists()


def test_an_interrupted_run_says_that_nothing_was_written(sim: Type, tmp_path: Path, river: str, monkeypatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.show.main_job.compute", stop)
    said = sim("run", river)
    assert (said.exit_code, said.stderr) == (130, "interrupted: nothing was written\n")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("run", "stag-hunt"),
        ("sweep", "stag-hunt", "--draws", "1"),
        ("plot", "stag-hunt"),
        ("export", "stag-hunt", "--to", "nfg"),
    ],
)
def test_an_empty_out_is_refused(sim: Type, words: tuple[str, ...]) -> None:
    said = sim(*words, "--out", "")
    assert said.exit_code == 2
    assert "--out is empty" in said.stderr


def test_the_table_says_which_coalitions_count_and_what_each_order_is(sim: Type) -> None:
    said = " ".join(sim("run", "vladivostok-2023", "--draws", "5", "--event", "deal").stdout.split())
    assert "counted: the coalitions RU+NK, RU+CN" in said
    assert "each set is an upper bound" in said
    assert "russia_proposes: Russia names the payment" in said


def test_an_outcome_of_an_order_has_no_regret_of_the_game_without_order(sim: Type) -> None:
    words = ("solve", "vladivostok-2023", "--concept")
    assert "regret" not in sim(*words, "subgame-perfect.russia_proposes").stdout
    assert "regret" in sim(*words, "strong-2").stdout
