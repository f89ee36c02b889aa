"""Strategic game files: what Gambit reads, we read alike; what we write, it reads back; what is wrong has a place."""

import io
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import numpy as np
import pygambit
import pytest

import sim
from sim.errors import ScenarioError, UsageError
from sim.game.nfg import game_to_nfg, parse_nfg
from sim.game.tokens import numbered
from tests.game.written_games import STRATEGIC, random_table

CATALOG = sorted(path for path in Path(str(files("pygambit"))).rglob("*.nfg"))


def same_as_gambit(ours: sim.Game, theirs: pygambit.Game) -> bool:
    arrays = theirs.to_arrays(Fraction)
    return (
        tuple(theirs.players) == ours.players
        and tuple(tuple(theirs.get_strategies(player)) for player in theirs.players) == ours.actions
        and all((own == array).all() for own, array in zip(ours.exact, arrays, strict=True))
    )


def problem_of(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse_nfg(text, "x.nfg")
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.mark.parametrize("name", STRATEGIC)
def test_a_textbook_game_is_the_one_that_gambit_reads(name: str) -> None:
    assert same_as_gambit(parse_nfg(STRATEGIC[name], "x.nfg"), pygambit.read_nfg(io.StringIO(STRATEGIC[name])))


@pytest.mark.parametrize("path", CATALOG, ids=lambda path: path.stem)
def test_a_game_of_gambits_catalogue_goes_there_and_back(path: Path) -> None:
    ours, theirs = sim.read_game(path), pygambit.read_nfg(path)
    assert isinstance(ours, sim.Game)
    assert same_as_gambit(ours, theirs)
    assert same_as_gambit(ours, pygambit.read_nfg(io.StringIO(game_to_nfg(ours))))
    assert same_as_gambit(parse_nfg(theirs.to_nfg(), "x.nfg"), theirs)


def test_both_versions_of_one_game_are_one_game() -> None:
    payoffs, outcomes = (parse_nfg(STRATEGIC[f"selten by {kind}"], "x.nfg") for kind in ("payoffs", "outcomes"))
    assert (payoffs.exact == outcomes.exact).all()
    assert payoffs.actions == outcomes.actions == (("1", "2", "3"), ("1", "2"))


def test_the_first_player_runs_fastest() -> None:
    game = parse_nfg('NFG 1 R "g" { "a" "b" } { 2 3 } 11 0 21 0 12 0 22 0 13 0 23 0', "x.nfg")
    assert game.exact[0].tolist() == [[11, 12, 13], [21, 22, 23]]


def test_any_table_goes_through_the_text_unchanged_and_gambit_agrees() -> None:
    for seed in range(120):
        text = random_table(seed)
        ours = parse_nfg(text, "x.nfg")
        again = parse_nfg(game_to_nfg(ours), "x.nfg")
        assert (ours.exact == again.exact).all()
        assert (ours.title, ours.players, ours.actions) == (again.title, again.players, again.actions)
        theirs = pygambit.read_nfg(io.StringIO(game_to_nfg(ours)))
        assert same_as_gambit(ours, theirs)
        assert same_as_gambit(parse_nfg(theirs.to_nfg(), "x.nfg"), theirs)  # the version with outcomes
        if not any(sign in text for sign in ("-.5", "+3", "-0.0", "12/4")):  # Gambit refuses some of these
            assert same_as_gambit(ours, pygambit.read_nfg(io.StringIO(text))), text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0.1", Fraction(1, 10)),
        ("2.5e-3", Fraction(1, 400)),
        ("-.5", Fraction(-1, 2)),
        ("+4", 4),
        ("1E2", 100),
        ("6.", 6),
        ("-10/4", Fraction(-5, 2)),
        ("1/3", Fraction(1, 3)),
        ("9" * 40, int("9" * 40)),
    ],
)
def test_a_number_is_the_rational_that_is_written(written: str, meant: Fraction) -> None:
    game = parse_nfg(f'NFG 1 R "g" {{ "a" }} {{ 2 }} {written} 0', "x.nfg")
    assert game.exact[0, 0] == meant
    assert game.payoffs[0, 0] == float(meant)


def test_white_space_commas_and_line_ends_mean_nothing() -> None:
    plain = parse_nfg('NFG 1 R "g" { "a" "b" } { { "x" "y" } { "z" } } "why" 1 2 3 4', "x.nfg")
    dense = parse_nfg('NFG\t1\rD"g"{"a","b"}{{"x","y"}{"z"}}"why"1,2,\n\n3 , 4', "x.nfg")
    assert (plain.exact == dense.exact).all()
    assert (plain.players, plain.actions) == (dense.players, dense.actions)


def test_labels_keep_their_quotes_and_those_that_say_nothing_are_numbered() -> None:
    game = parse_nfg(r'NFG 1 R "the \"g\"" { "" "b \"c\"" } { { "x" "x" "" } { "C:\d" } } 0 0 0 0 0 0', "x.nfg")
    assert game.title == 'the "g"'
    assert game.players == ("1", 'b "c"')
    assert game.actions == (("x_1", "x_2", "3"), ("C:\\d",))


@pytest.mark.parametrize("labels", [["", "", ""], ["2", "", "2"], ["a", "a", "a_1"], ["1", "", "1", "1_1"], ["", "1"]])
def test_numbered_labels_are_distinct_and_none_is_empty(labels: list[str]) -> None:
    found = numbered(labels)
    assert len(set(found)) == len(labels)
    assert all(found)
    assert [new for new, old in zip(found, labels, strict=True) if labels.count(old) == 1 and old] == [
        old for old in labels if labels.count(old) == 1 and old
    ]


def test_thirty_players_with_ten_strategies_each_are_refused_before_a_payoff_is_read() -> None:
    names, sizes = (" ".join(words) for words in (['"p"'] * 30, ["10"] * 30))
    said = problem_of(f'NFG 1 R "huge" {{ {names} }} {{ {sizes} }} 0')
    assert said.endswith(": 10 x 10 x 10 x 10 x 10 x 10 x ... profiles of 30 players are more than 4,000,000 payoffs.")


@pytest.mark.parametrize("seed", range(12))
def test_a_game_made_in_gambit_is_read_as_it_was_made(seed: int) -> None:
    chance = np.random.default_rng(seed)
    shape = tuple(chance.integers(1, 4, size=int(chance.integers(2, 5))).tolist())
    payoffs = [
        np.array([Fraction(int(a), int(b)) for a, b in chance.integers(1, 60, size=(int(np.prod(shape)), 2))])
        for _ in shape
    ]
    theirs = pygambit.StrategicGame.from_arrays(*(own.reshape(shape) for own in payoffs), title="made there")
    ours = parse_nfg(theirs.to_nfg(), "x.nfg")
    assert ours.title == "made there"
    assert all((own == given.reshape(shape)).all() for own, given in zip(ours.exact, payoffs, strict=True))


HEAD = 'NFG 1 R "g" { "a" "b" }'


@pytest.mark.parametrize(
    ("marked", "cause"),  # the mark stands where the problem is
    [
        ("¦", "an .nfg file begins with NFG 1 R"),
        ("¦[scenario]", "an .nfg file begins with NFG 1 R"),
        ('NFG ¦2 R "g"', "only version 1"),
        ('NFG 1 ¦X "g"', "R (or D)"),
        ("NFG 1 R ¦g", "the title of the game in double quotes"),
        ('NFG 1 R ¦"g', "never ends"),
        ('NFG 1 R "g" { } ¦{ }', "0 players"),
        (HEAD + " { 2 ¦}", "strategies of 'b' should stand here"),
        (HEAD + " { 2 ¦0 }", "at least 1, not '0'"),
        (HEAD + " { 2 ¦1.5 }", "a whole number"),
        (HEAD + ' { { "x" } ¦{ } }', "'b' has no strategy"),
        (HEAD + ' { { "x" } { "y" } ¦{ "z" } }', "after the strategies of 2 players"),
        (HEAD + " { 1 2 }\n1 2 3¦", "after 3 of 4 payoffs"),
        (HEAD + " { 1 1 }\n1 2 ¦3", "but the file goes on"),
        (HEAD + " { 1 1 }\n1 ¦two", "not 'two'"),
        (HEAD + " { 1 1 }\n1 ¦1_000", "must be a number"),
        (HEAD + " { 1 1 }\n1 ¦1/0", "divides by zero"),
        (HEAD + " { 1 1 }\n1 ¦1/-2", "must be a number"),
        (HEAD + " { 1 1 }\n1 ¦nan", "must be a number"),
        (HEAD + " { 1 1 }\n1 ¦1e999999999", "an exponent beyond 300"),
        (HEAD + " { 1 1 }\n1 ¦" + "9" * 1001, "more than 1,000 digits"),
        (HEAD + " { 1 1 }\n1 ¦" + "9" * 400, "too large"),
        (HEAD + " { 99999 ¦99999 }\n1", "99999 x 99999 profiles of 2 players are more than 4,000,000 payoffs"),
        (HEAD + " { ¦99999999999999999999 1 }\n1", "a whole number"),
        (HEAD + ' { 1 1 } { { "o" 1 ¦} } 1', "1 of 2 payoffs"),
        (HEAD + ' { 1 1 } { { "o" 1 2 ¦3 } } 1', "more than 2 payoffs"),
        (HEAD + ' { 1 1 } { { "o" 1 2 } } ¦2', "no outcome 2: the list has 1"),
        (HEAD + ' { 1 1 } { { "o" 1 2 } } ¦-1', "at least 0"),
        (HEAD + ' { 1 1 } { { "o" 1 2 } }¦', "after 0 of 1 outcome numbers"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(marked: str, cause: str) -> None:
    before, _, after = marked.partition("¦")
    said = problem_of(before + after)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert said.startswith(f"x.nfg:{line}:{column}: ")
    assert cause in said


def test_a_file_of_another_kind_is_never_repeated(tmp_path: Path) -> None:
    secret = tmp_path / "secret.nfg"
    secret.write_text("password=hunter2", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        sim.read_game(secret)
    assert "hunter2" not in str(caught.value)


def test_a_byte_order_mark_and_line_ends_of_other_systems_change_nothing(tmp_path: Path) -> None:
    plain = STRATEGIC["selten by outcomes"].encode()
    (tmp_path / "game.nfg").write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    game = sim.read_game(tmp_path / "game.nfg")
    assert (game.exact == parse_nfg(plain.decode(), "x.nfg").exact).all()


def test_a_path_that_leads_to_no_game_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.nfg").mkdir()
    (tmp_path / "latin.nfg").write_bytes(b'NFG 1 R\n "caf\xe9"')
    (tmp_path / "marked.nfg").write_bytes(b'\xef\xbb\xbfNFG "\xc3\xa9\xc3\xa9\xff"')
    for name, cause in [
        ("none.nfg", "no such file"),
        ("folder.nfg", "regular"),
        ("latin.nfg", ":2:6: the file is not"),
    ]:
        with pytest.raises(ScenarioError, match=cause):
            sim.read_game(tmp_path / name)
    with pytest.raises(UsageError, match=r"\.nfg or \.efg"):
        sim.read_game("game.toml")


def test_a_game_without_a_title_is_named_by_its_file() -> None:
    assert parse_nfg('NFG 1 R "" { "a" } { 1 } 0', "out/small.nfg").title == "small"


def test_what_the_exact_numbers_do_not_cover_survives_the_file(tmp_path: Path) -> None:
    note = "roots, exponentials and logarithms in formulas are rounded to 12 significant digits"
    game = parse_nfg(f'NFG 1 R "g" {{ "a" }} {{ 1 }} "{note}" 0', "x.nfg")
    assert game.note == note
    assert parse_nfg(game_to_nfg(game), "x.nfg").note == note
    assert parse_nfg('NFG 1 R "g" { "a" } { 1 } "any other comment" 0', "x.nfg").note == ""


def test_python_reads_and_solves_a_file(tmp_path: Path) -> None:
    path = tmp_path / "twelve.NFG"
    path.write_text(STRATEGIC["twelve extreme equilibria"], encoding="utf-8")
    game = sim.read_game(path)
    assert isinstance(game, sim.Game)
    assert len(sim.solve(game, "nash").equilibria) == 12  # Winkels (1979)
    assert np.isfinite(game.payoffs).all()
