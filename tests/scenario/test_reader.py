"""The reader: what a file says becomes data, and every kind of slip is answered at its place with its mend."""

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from sim.errors import ScenarioError, UsageError
from sim.scenario.formula import Binary, Compare, Name, Number
from sim.scenario.model import ScenarioData
from sim.scenario.reader import find_scenario, read_scenario, scenario_hash
from sim.scenario.shipped import shipped_scenarios

BARTER = """\
[scenario]
name = "barter"
title = "Shells for food"
as_of = 2023-09-06
decides = "NK"

[players.RU]
name = "Russia"
moves.offer = ["none", "goods", "technology"]
[players.NK]
moves.ask = ["none", "goods", "technology"]
moves.travel = ["stay", "go"]
[observers.KR]
name = "South Korea"

[events]
about = "Moves alone."
deal = "ask != 'none' and offer >= ask"
trip = "travel == 'go'"

[parameters]
need = { value = { pert = [0.40, 0.75, 1.00] }, unit = "share" }
fear = { value = 0.1 }

[stakes]
shells = { value = "deal * need * war", swing = 0.5 }
war = { value = "1 - rank(offer) * 0" }
journey = { value = "trip * (1 + fear)" }

[interests.RU]
shells = { weight = { pert = [20, 40, 60] } }
[interests.NK]
journey = { weight = -6 }
[interests.KR]
shells = { weight = { uniform = [-3, -1] } }

[slices.bargain]
rows = "RU"
columns = ["ask"]
given = { travel = "each" }

[orders.quiet]
moves = ["ask", "offer", "travel"]
[orders.summit_first]
moves = ["travel", ["ask", "offer"]]

[[correlated]]
of = ["need", "RU.shells"]
rho = 0.6

[coalitions]
may = [["NK", "RU"]]
[indices.worry]
of = "KR"
[[expect]]
concept = "nash"
source = "made up"
status = { deal = "sometimes" }
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(text: str, name: str = "barter") -> Path:
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def problems(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    return [f"{Path(p.file).name}:{p.line}:{p.column}: {p.cause} {p.mend}".strip() for p in caught.value.problems]


def place_of(text: str, part: str) -> str:
    before = text[: text.index(part)]
    return f"barter.toml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}:"


@pytest.fixture
def barter(write: Write) -> ScenarioData:
    return read_scenario(write(BARTER))


def test_axes_follow_the_order_of_the_file(barter: ScenarioData) -> None:
    assert [move.name for move in barter.moves] == ["offer", "ask", "travel"]
    assert [player.title for player in barter.players] == ["Russia", "NK"]
    assert barter.observers[0].title == "South Korea"


def test_numbers_are_the_decimals_that_are_written(barter: ScenarioData) -> None:
    assert barter.parameters[1].value.numbers == (Fraction(1, 10),)
    assert barter.parameters[0].value.numbers == (Fraction(2, 5), Fraction(3, 4), Fraction(1))
    assert barter.stakes[1].swing == Fraction(1, 2)


def test_a_stake_comes_after_the_stakes_that_it_uses(barter: ScenarioData) -> None:
    assert [stake.name for stake in barter.stakes] == ["war", "shells", "journey"]


def test_an_option_is_its_rank_and_two_moves_of_one_ladder_compare(barter: ScenarioData) -> None:
    assert barter.events[1].formula == Compare("==", Name("move", "travel"), Number(Fraction(1)))
    assert Compare(">=", Name("move", "offer"), Name("move", "ask")) in barter.events[0].formula.operands  # type: ignore[union-attr]
    assert barter.stakes[0].formula == Binary(
        "-", Number(Fraction(1)), Binary("*", Name("move", "offer"), Number(Fraction(0)))
    )


def test_each_makes_one_slice_an_option(barter: ScenarioData) -> None:
    assert [(s.name, dict(s.given)) for s in barter.slices] == [
        ("bargain[stay]", {"travel": 0}),
        ("bargain[go]", {"travel": 1}),
    ]
    assert (barter.slices[0].rows, barter.slices[0].columns) == (("offer",), ("ask",))


def test_orders_keep_what_is_simultaneous(barter: ScenarioData) -> None:
    assert barter.orders[1].elements == (("travel",), ("ask", "offer"))


def test_the_headline_is_all_events_where_the_file_does_not_say(barter: ScenarioData) -> None:
    assert barter.headline == ("deal", "trip")
    assert barter.coalitions == (("RU", "NK"),)


def test_without_coalitions_any_counts(write: Write) -> None:
    text = BARTER.replace('[coalitions]\nmay = [["NK", "RU"]]\n', "")
    assert read_scenario(write(text)).coalitions is None


SLIPS = [  # old text, new text, where the complaint stands, words of it
    ("offer >= ask", "offr >= ask", "offr", "uses 'offr', which is no move or event. Did you mean 'offer'?"),
    (
        "deal * need",
        "deal * neeed",
        "neeed",
        "'neeed', which is no move, event, parameter or stake. Did you mean 'need'?",
    ),
    ("ask != 'none'", "ask != 'nine'", "'nine'", "'nine', which is no option of it. Did you mean 'none'?"),
    ("trip * (1 + fear)", "travel * fear", "travel * fear", "uses the move 'travel' as a number. Write rank(travel)"),
    ("offer >= ask", "offer >= travel", 'travel"\ntrip', "whose ladders differ"),
    ("trip * (1 + fear)", "trip * (1 + fear", 'r" }\n\n[interests', "leaves a bracket open"),
    ("trip * (1 + fear)", "trip ^ fear", "^", "A power is written **."),
    ("trip * (1 + fear)", "trop(fear)", "trop", "calls 'trop', which is no function"),
    ("trip * (1 + fear)", "2 ** 65", "65", "exponent that is not a plain number"),
    ("travel == 'go'", "need > 0", "need > 0", "a parameter, but events use moves and other events only"),
    ("travel == 'go'", "deal and trip", "trip = ", "cycle: trip -> trip"),
    ("1 - rank(offer) * 0", "shells", "shells = { value", "stakes use each other in a cycle: shells -> war -> shells"),
    (
        "pert = [0.40, 0.75, 1.00]",
        "pert = [0.40, 1.75, 1.00]",
        "value = { pert = [0.40",
        "'need' needs lo <= mode <= hi",
    ),
    ("pert = [0.40, 0.75, 1.00]", "pret = [0.40, 0.75, 1.00]", "value = { pret", "Did you mean 'pert'?"),
    ("pert = [0.40, 0.75, 1.00]", "pert = [0.40, 1.00]", "value = { pert = [0.40", "has 2 values; 3 are needed"),
    ("value = 0.1", 'value = "0.1"', 'value = "0.1"', "a number is needed here"),
    ("value = 0.1", "value = nan", "value = nan", "is not a finite number"),
    ("value = 0.1", "value = 1e999999999", "value = 1e9", "an exponent beyond 300"),
    ("swing = 0.5", "swing = 0", "swing = 0", "is not positive"),
    ("swing = 0.5", "swnig = 0.5", "swnig", "'swnig' is no key of stakes.shells. Did you mean 'swing'?"),
    ("[parameters]", "[parametres]", "parametres", "Did you mean 'parameters'?"),
    ("journey = { weight", "jurney = { weight", "jurney", "'jurney' is no stake. Did you mean 'journey'?"),
    ("[interests.KR]", "[interests.KP]", "KP", "'KP' is no player or observer"),
    ('rows = "RU"', 'rows = "RUS"', 'rows = "RUS"', "'RUS' is no player. Did you mean 'RU'?"),
    ('columns = ["ask"]', 'columns = ["offer"]', "columns", "both sides of slice 'bargain' are 'RU'"),
    (
        'travel = "each"',
        'travel = "gone"',
        'travel = "gone"',
        "'gone' is no option of move 'travel'. Did you mean 'go'?",
    ),
    ('given = { travel = "each" }', "given = { }", "given", "nothing is given for 'travel'"),
    ('["ask", "offer", "travel"]', '["ask", "offer"]', "quiet", "order 'quiet' leaves out 'travel'"),
    ('["ask", "offer", "travel"]', '["ask", "offer", "travel", "ask"]', '"ask"]\n[orders', "stands twice"),
    ('"RU.shells"]', '"RU.shell"]', '"RU.shell"]', "Did you mean 'RU.shells'?"),
    ("rho = 0.6", "rho = 1.0", "rho", "does not lie between -1 and 1"),
    ('[["NK", "RU"]]', '[["NK"]]', '["NK"]]', "two or more players"),
    ('decides = "NK"', 'decides = "NKK"', "decides", "Did you mean 'NK'?"),
    ('name = "barter"', 'name = "bartre"', "name = ", 'Write name = "barter"'),
    ('concept = "nash"', 'concept = "nsh"', "concept", "'nsh' is no solution concept. Did you mean 'nash'?"),
    ('deal = "sometimes"', 'deal = "perhaps"', 'deal = "perhaps"', "'always'"),
    ("fear = {", "deal = {", "deal = { value", "'deal' is defined at line 18 already"),
    ("fear = {", "need = {", "need = { value = 0.1", "'need' is given twice"),
    ("fear = {", "min = {", "min", "is a word of formulas"),
    ('"stay", "go"', '"stay"', "travel = [", "two or more are needed"),
    ("as_of = 2023-09-06", 'as_of = "today"', "as_of", "a date such as 2023-09-06"),
    ("[slices.bargain]", "[slices.bargain", "\nrows", "not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "at", "words"), SLIPS, ids=[new for _, new, _, _ in SLIPS])
def test_a_slip_is_answered_at_its_place(write: Write, old: str, new: str, at: str, words: str) -> None:
    assert old in BARTER
    text = BARTER.replace(old, new, 1)
    found = problems(write(text))
    assert any(line.startswith(place_of(text, at)) and words in line for line in found), found


def test_one_slip_makes_one_complaint(write: Write) -> None:
    """A parameter whose own definition is at fault is not reported again where it is used."""
    assert len(problems(write(BARTER.replace("pert = [0.40", "prt = [0.40")))) == 1
    assert len(problems(write(BARTER.replace('["stay", "go"]', '["stay"]')))) == 1


def test_all_slips_are_reported_at_once_in_the_order_of_the_file(write: Write) -> None:
    text = BARTER
    for old, new in (("offer >= ask", "offr >= ask"), ("swing = 0.5", "swnig = 1"), ('"RU.shells"]', '"RU.shels"]')):
        text = text.replace(old, new)
    found = problems(write(text))
    assert [int(line.split(":")[1]) for line in found] == sorted(int(line.split(":")[1]) for line in found)
    assert len(found) == 3


def test_columns_count_characters_and_not_bytes(write: Write) -> None:
    text = BARTER.replace('shells = { value = "deal', 'shells = { about = "déjà vu", value = "dael')
    assert problems(write(text))[0].startswith(place_of(text, "dael"))


def test_unlike_correlations_are_named(write: Write) -> None:
    blocks = (
        '[[correlated]]\nof = ["need", "fear"]\nrho = 0.9\n[[correlated]]\nof = ["fear", "RU.shells"]\nrho = -0.9\n'
    )
    text = BARTER.replace("value = 0.1", "value = { uniform = [0, 1] }").replace("rho = 0.6", "rho = 0.9") + blocks
    found = problems(write(text))
    assert len(found) == 1
    assert "not positive definite" in found[0]
    assert "[fear, RU.shells]" in found[0]
    assert "[need, RU.shells]" in found[0]


def test_correlations_on_both_sides_of_the_limit(write: Write) -> None:
    """Three numbers with all pairs at r: the matrix 1 + (1 - r) I + r J is definite for r > -1/2."""
    uniform = BARTER.replace("value = 0.1", "value = { uniform = [0, 1] }").replace(
        '"RU.shells"]', '"RU.shells", "fear"]'
    )
    limit = 0.48256  # 6 asin(1/4) / pi
    assert read_scenario(write(uniform.replace("rho = 0.6", f"rho = -{limit - 0.001}")))
    assert problems(write(uniform.replace("rho = 0.6", f"rho = -{limit + 0.001}")))


def test_ranked_weights_take_the_sign_of_their_interest(write: Write) -> None:
    text = BARTER.replace("journey = { weight = -6 }", "journey = { weight = -6 }\nwar = { weight = 1 }")
    data = read_scenario(write(text + '[[ranked]]\nof = ["NK.journey", "NK.war"]\ntotal = 10\n'))
    weights = {interest.name: interest.weight for interest in data.interests}
    assert weights["NK.journey"].numbers == (0, 2, -10)
    assert weights["NK.war"].numbers == (1, 2, 10)
    assert data.ranked[0].signs == (-1, 1)


def test_allowed_options_keep_their_ranks(write: Write) -> None:
    data = read_scenario(write(BARTER + '[allow]\nask = ["technology", "goods"]\n'))
    assert data.move("ask").allowed == (1, 2)
    assert data.move("offer").allowed == (0, 1, 2)
    assert "'gods' is no option" in problems(write(BARTER + '[allow]\nask = ["gods"]\n'))[0]


MATRIX = """\
[scenario]
name = "matrix"
[players.A]
moves.a = ["x", "y"]
[players.B]
moves.b = ["x", "y", "z"]
[parameters]
p = { value = { uniform = [0, 1] } }
[payoffs]
A = [[1, 2.5, "1/3"], ["p + 1", 0, -1]]
B = [[0, 0, 0], [1, 1, 1]]
"""


def test_payoff_arrays_nest_in_the_order_of_the_moves(write: Write) -> None:
    table = read_scenario(write(MATRIX, "matrix")).table
    assert table is not None
    assert table.cells["A"][:3] == (Number(Fraction(1)), Number(Fraction(5, 2)), Number(Fraction(1, 3)))
    assert table.cells["A"][3] == Binary("+", Name("parameter", "p"), Number(Fraction(1)))
    assert not table.ordinal


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[0, 0, 0]", "[0, 0]", "11:6: the payoffs of 'B' have 2 entries where move 'b' has 3 options"),
        ('"p + 1"', '"q + 1"', "10:25: a payoff of 'A' uses 'q', which is no parameter"),
        ('"1/3"', '"1/0"', "10:18: a payoff of 'A' divides by zero"),
        ("2.5", "inf", "is no number"),
        ("B = [[0", "C = [[0", "'C' is no player or observer"),
        ("[payoffs]", '[payoffs]\ntable = "x.nfg"', "is one too many"),
        ("[payoffs]", "[stakes]\ns = { value = 1 }\n[payoffs]", "cannot stand in one file"),
        ("[payoffs]", "[payoffs]\nordinal = true", "an ordinal payoff is a number"),
    ],
)
def test_a_slip_in_payoff_arrays_is_answered(write: Write, old: str, new: str, words: str) -> None:
    assert any(words in line for line in problems(write(MATRIX.replace(old, new), "matrix")))


EXPECT = '[[expect]]\nconcept = "nash"\nsource = "s"\nequilibria = [{ A = ["1/2", "1/2"], B = [0, 0, 1] }]\n'


def test_a_published_answer_is_read_in_fractions(write: Write) -> None:
    expect = read_scenario(write(MATRIX + EXPECT, "matrix")).expect[0]
    assert expect.equilibria == ({"A": (Fraction(1, 2), Fraction(1, 2)), "B": (0, 0, 1)},)
    assert (expect.line, expect.only) == (12, True)
    assert "has 3 actions, but 2" in problems(write(MATRIX + EXPECT.replace("[0, 0, 1]", "[0, 1]"), "matrix"))[0]
    assert "do not add to 1" in problems(write(MATRIX + EXPECT.replace("[0, 0, 1]", "[0, 0, 2]"), "matrix"))[0]


def test_a_claim_that_is_not_in_the_register_is_an_error(write: Write) -> None:
    write('[claims.needs-shells]\ntext = "It needs them."\n[claims.idle]\ntext = "Nobody cites me."\n', "claims")
    cited = BARTER.replace("swing = 0.5", 'swing = 0.5, rests_on = ["needs-shels"]')
    cited = cited.replace("[scenario]", '[scenario]\nclaims = "claims.toml"')
    assert "Did you mean 'needs-shells'?" in problems(write(cited))[0]
    data = read_scenario(write(cited.replace("shels", "shells")))
    assert data.claims["needs-shells"].text == "It needs them."
    assert any("claims that nothing cites: idle" in warning for warning in data.warnings)
    assert any("parameter 'need' rests on no claim" in warning for warning in data.warnings)


def test_names_never_used_and_hidden_constants_are_warnings(write: Write) -> None:
    text = BARTER.replace("trip * (1 + fear)", "trip * 1.7").replace("rank(offer) * 0", "0")
    warnings = read_scenario(write(text)).warnings
    assert any("parameter 'fear' is never used" in warning for warning in warnings)
    assert any("'journey' hides constants: 1.7" in warning for warning in warnings)


def test_orders_that_mean_nothing_leave_the_hash_and_orders_that_mean_something_change_it(write: Write) -> None:
    def name_of(text: str) -> str:
        return scenario_hash(read_scenario(write(text)))

    first = name_of(BARTER)
    assert name_of("# a comment\n" + BARTER.replace("0.75", "0.750").replace("swing = 0.5", "swing = 5e-1")) == first
    swapped = BARTER.replace('war = { value = "1 - rank(offer) * 0" }\n', "")
    swapped = swapped.replace("[stakes]\n", '[stakes]\nwar = { value = "1 - rank(offer) * 0" }\n')
    assert name_of(swapped) == first
    axes = BARTER.replace(
        'moves.ask = ["none", "goods", "technology"]\nmoves.travel = ["stay", "go"]', "MOVES"
    ).replace("MOVES", 'moves.travel = ["stay", "go"]\nmoves.ask = ["none", "goods", "technology"]')
    assert name_of(axes) != first
    assert name_of(BARTER.replace("0.75", "0.76")) != first
    second = BARTER.index("[players.NK]"), BARTER.index("[observers.KR]")
    players = BARTER[: BARTER.index("[players.RU]")] + BARTER[slice(*second)]
    players += BARTER[BARTER.index("[players.RU]") : second[0]] + BARTER[second[1] :]
    assert name_of(players) != first


def test_every_shipped_scenario_is_read() -> None:
    paths = shipped_scenarios()
    assert "vladivostok-2023" in {path.stem for path in paths}
    for path in paths:
        assert read_scenario(path).name == path.stem


def test_a_scenario_is_found_by_name_or_path_and_a_misspelt_one_is_answered(write: Write) -> None:
    assert find_scenario("vladivostok-2023").name == "vladivostok-2023.toml"
    path = write(BARTER)
    assert find_scenario(str(path)) == path
    with pytest.raises(UsageError, match="Did you mean 'vladivostok-2023'"):
        find_scenario("vladivostok-2032")


def test_the_frozen_data_loads_no_parser() -> None:
    heavy = "('pydantic', 'tree_sitter', 'numpy')"
    code = f"import sys, sim.scenario.model, sim.scenario.reader; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ("title = suez", "Put a text in quotes."),
        ('title = "a "b" c"', "quote options in single ones"),
        ("title = [1 2]", "A comma or a closing bracket is missing"),
        ("title = { a = 1 b = 2 }", "A comma or a closing brace is missing"),
        ('title = "open', "Close the text with its quote"),
        ("title", "A line is `key = value`"),
    ],
)
def test_a_slip_of_toml_is_answered_with_its_usual_mend(tmp_path: Path, line: str, mend: str) -> None:
    file = tmp_path / "slip.toml"
    file.write_text(f'[scenario]\nname = "slip"\n{line}\n')
    with pytest.raises(ScenarioError) as caught:
        read_scenario(file)
    (problem,) = caught.value.problems
    assert problem.line == 3 or "array" in problem.cause
    assert mend in problem.mend


def test_a_file_that_is_here_is_offered_where_its_ending_is_left_out(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fishing.toml").write_text("")
    with pytest.raises(UsageError, match=r"Did you mean 'fishing\.toml', which is here\?"):
        find_scenario("fishing")
