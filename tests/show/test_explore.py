"""The explorer, driven as a reader drives it: what stands below the sliders is what the other doors say."""

import html
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.analysis.sensitivity import thirds
from sim.analysis.slices import solve_slices
from sim.cli import cli
from sim.game.plain_html import game_html, signed
from sim.show.explore import Explorer
from sim.show.knobs import MOST, SCREENING, knobs
from sim.solvers.concepts import default_requests, requests_for
from tests.show.html_balance import is_balanced

MARKET = Path(__file__).parent / "market.toml"
PENNIES = """
[scenario]
name = "pennies"
[players.A]
name = "A"
moves.a = ["heads", "tails"]
[players.B]
name = "B"
moves.b = ["heads", "tails"]
[events]
alike = "a == b"
[parameters]
bet = { value = { uniform = [0, 2] } }
[payoffs]
A = [["bet / (2 - bet)", -1], [-1, 1]]
B = [[-1, 1], [1, -1]]
"""


@pytest.fixture(scope="module")
def market() -> sim.Scenario:
    return sim.load(MARKET)


@pytest.fixture
def explorer(market: sim.Scenario) -> Explorer:
    return sim.explore(market, numbers=["need", "price", "NK.shells"])


def cells(table: str) -> list[list[str]]:
    """The body of the first table, tags and marks off."""
    body = table.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("<tr>")[1:]]
    return [[html.unescape(re.sub(r"<.*?>", " ", cell)).strip() for cell in row] for row in rows]


def statuses(explorer: Explorer) -> dict[str, list[str]]:
    """Concept and order -> the word for each event."""
    rows = cells(explorer.statuses.value)
    return {name.removeprefix("▸ "): [cell.split()[1] for cell in words] for name, *words in rows}


def solved(scenario: sim.Scenario) -> dict[str, list[str]]:
    """The same from `sim.solve`, one game at a time."""
    found = {}
    for row in default_requests(scenario.data):
        status = sim.solve(scenario, row.concept, order=row.order).status
        name = row.concept if row.order is None else f"{row.concept}, {row.order}"
        found[name] = [status[event] for event in scenario.data.headline]
    return found


def shown(explorer: Explorer) -> list[str]:
    return [own.value for own in (explorer.changed, explorer.statuses, explorer.matrices, explorer.explanation)]


@pytest.mark.parametrize("values", [{}, {"price": 0.1}, {"need": 0.4, "price": 0.75, "NK.shells": -8.5}])
def test_statuses_matrices_and_reasons_follow_the_sliders(
    market: sim.Scenario, explorer: Explorer, values: dict[str, float]
) -> None:
    for name, value in values.items():
        explorer.sliders[name].value = value
    there = market.set(**values)
    assert statuses(explorer) == solved(there)
    for cut in solve_slices(there.data):
        table = game_html(cut.game, there.data.titles()).partition("<tbody>")[2]
        assert table in explorer.matrices.value
    reasons = sim.explain(there)
    assert f"Equilibrium 1 of {reasons.equilibria} under strong-2" in explorer.explanation.value
    told = explorer.explanation.value
    for player, points in reasons.payoffs.items():
        assert f"{there.data.titles()[player]}: {signed(points)} points" in told
    for table in told.split("<table>")[1:]:
        sizes = [abs(float(row[1].replace("−", "-"))) for row in cells(table)]
        assert sizes == sorted(sizes, reverse=True)  # what matters most stands first
    terms = [signed(one.points) for one in reasons.stakes if one.points]
    assert sorted(re.findall(r'<th scope="row"[^>]*>\w+</th><td>(.*?)</td>', told)) == sorted(terms)


def test_some_answer_really_changes_and_is_told_and_marked(explorer: Explorer) -> None:
    before = statuses(explorer)
    explorer.sliders["price"].value = 0.1  # North Korea has nothing to gain
    after = statuses(explorer)
    changed = sum(a != b for row in before for a, b in zip(before[row], after[row], strict=True))
    assert changed > 0
    assert f"{changed} of {sum(map(len, after.values()))} answers changed" in explorer.changed.value
    assert explorer.statuses.value.count("(was ") == changed


def test_the_command_that_is_shown_gives_the_same_payoffs(explorer: Explorer) -> None:
    explorer.sliders["need"].value = 0.405
    (typed,) = re.findall(r"<code>(.*?)</code>", explorer.changed.value)
    program, *words = shlex.split(html.unescape(typed))
    said = CliRunner().invoke(cli, words)
    assert (program, said.exit_code) == ("sim", 0)
    points = re.search(r"Russia: (\S+) points", explorer.explanation.value)
    assert points
    assert f"Russia: {points[1].replace('−', '-')} points" in said.stdout


def test_no_command_is_shown_where_none_would_say_the_same(market: sim.Scenario) -> None:
    assert "<code>" not in sim.explore(market.set(price=0.5), numbers=["need"]).changed.value


def test_the_field_and_the_slider_of_a_number_move_together_and_stay_in_its_range(explorer: Explorer) -> None:
    explorer.fields["price"].value = 0.85
    assert explorer.sliders["price"].value == 0.85
    assert "price=0.85" in explorer.changed.value
    explorer.fields["price"].value = 7
    assert explorer.sliders["price"].value == 0.9


def test_a_slider_that_only_tells_its_nearest_step_moves_nothing(explorer: Explorer) -> None:
    need = explorer.knobs[0]
    first = shown(explorer)
    explorer.sliders["need"].value = (
        float(need.central) - need.step / 3
    )  # as browsers do where a value is between steps
    assert shown(explorer) == first
    explorer.fields["need"].value = 0.7012  # between steps as well
    explorer.sliders["need"].value = 0.7
    assert "need=0.7012" in explorer.changed.value
    explorer.sliders["need"].value = 0.71  # a step of the hand
    assert "need=0.71<" in explorer.changed.value
    explorer.sliders["need"].value = (
        float(need.central) + need.step / 3
    )  # the step beside the central value is the value
    assert shown(explorer) == first


def test_the_button_brings_back_what_stood_at_first(explorer: Explorer) -> None:
    first = shown(explorer)
    for name, slider in explorer.sliders.items():
        slider.value = slider.max if name == "price" else slider.min
    assert shown(explorer) != first
    explorer.reset.click()
    assert shown(explorer) == first
    explorer.fields["need"].value = 0.751  # nearer to the central value than a step of the slider
    assert shown(explorer) != first
    explorer.reset.click()
    assert shown(explorer) == first
    assert [explorer.fields[knob.name].value for knob in explorer.knobs] == [
        float(knob.central) for knob in explorer.knobs
    ]


def test_concept_and_order_choose_whose_equilibrium_is_taken_apart(market: sim.Scenario, explorer: Explorer) -> None:
    assert explorer.order.disabled
    explorer.concept.value, explorer.order.value = "subgame-perfect", "summit_first"
    assert not explorer.order.disabled
    found = sim.solve(market, "subgame-perfect", order="summit_first").equilibria
    words = [", ".join(f"{move}={option}" for move, option in one.profile.items()) for one in found]
    assert [label.partition(": ")[2] for label, _ in explorer.equilibrium.options] == words
    assert (
        f"under subgame-perfect, summit_first</b>: {words[-1]}." in explorer.explanation.value
    )  # as before: it is one
    explorer.equilibrium.value = explorer.equilibrium.options[0][1]
    assert f"1 of {len(words)} under subgame-perfect, summit_first</b>: {words[0]}." in explorer.explanation.value
    assert [row[0] for row in cells(explorer.statuses.value) if row[0].startswith("▸")] == [
        "▸ subgame-perfect, summit_first"
    ]


def test_the_equilibrium_that_was_chosen_is_kept_as_long_as_it_is_one(market: sim.Scenario) -> None:
    explorer = sim.explore(market, numbers=["price", "need"], concept="pure-nash")
    last = explorer.equilibrium.options[-1]
    assert len(explorer.equilibrium.options) > 1
    explorer.equilibrium.value = last[1]
    explorer.sliders["price"].value = 0.51
    assert explorer.equilibrium.value == last[1]
    assert last[0].partition(": ")[2] in explorer.explanation.value
    explorer.sliders["price"].value = 0.1
    there = market.set(price=0.1)
    assert len(explorer.equilibrium.options) == len(sim.solve(there, "pure-nash"))
    assert last not in explorer.equilibrium.options
    assert explorer.equilibrium.value == explorer.equilibrium.options[0][1]


def test_left_to_itself_it_takes_the_numbers_that_move_most(market: sim.Scenario) -> None:
    rows = default_requests(market.data)
    found = knobs(market.data, rows)
    sizes: dict[str, float] = {}
    for one in thirds(market.data, requests=rows, draws=SCREENING, seed=1):
        sizes[one.parameter] = sizes.get(one.parameter, 0) + one.size
    assert [own.name for own in found] == sorted(sizes, key=lambda name: -sizes[name])[:MOST]
    assert sim.explore(market, concept="strong-2").knobs == knobs(market.data, requests_for(market.data, ["strong-2"]))
    assert all(own.low < own.central < own.high and 60 <= (own.high - own.low) / own.step <= 600 for own in found)
    assert list(sim.explore(market).sliders) == [own.name for own in found]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"numbers": "nead"}, "Did you mean 'need'?"),
        ({"numbers": ["fear"]}, "'fear' is fixed"),
        ({"concept": "strong-3"}, "'strong-3' needs 3 players"),
        ({"order": "quit"}, "no order 'quit'"),
        ({"concept": "nash"}, "sim solve --concept nash"),
    ],
)
def test_what_cannot_be_explored_is_refused_with_a_mend(market: sim.Scenario, asked: dict, said: str) -> None:
    with pytest.raises(sim.UsageError, match=re.escape(said)):
        sim.explore(market, **asked)


def test_a_game_of_plain_numbers_shows_its_table_with_mixed_equilibria_and_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "pennies.toml"
    path.write_text(PENNIES, encoding="utf-8")
    explorer = sim.explore(sim.load(path), concept="pure-nash")
    assert (
        "0 in pure actions (boxed), 1 mixed: A heads 0.5, tails 0.5; B heads 0.5, tails 0.5" in explorer.matrices.value
    )
    assert "has no equilibrium at these numbers" in explorer.explanation.value
    assert statuses(explorer)["pure-nash"] == ["none"]
    explorer.sliders["bet"].value = 2  # a payoff with a zero below the line
    assert 'role="alert"' in explorer.changed.value
    assert "not a finite number" in explorer.changed.value
    assert (explorer.statuses.value, explorer.matrices.value) == ("", "")
    explorer.sliders["bet"].value = 1
    assert statuses(explorer)["pure-nash"] == ["none"]


def test_pages_are_whole_escaped_and_warn_of_comparing_players(explorer: Explorer) -> None:
    pieces = [*shown(explorer), explorer.box.children[0].value]
    assert all(is_balanced(piece) for piece in pieces)
    assert "Shells for &lt;food&gt; &amp; grain" in pieces[-1]
    assert "one parameter set (N = 1)" in pieces[-1]
    assert "never compare across players" in pieces[-1]
    assert "share of monthly use" in explorer.fields["need"].description


def test_without_widgets_there_is_one_plain_refusal(market: sim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sim.show.explore")
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(sim.UsageError, match=r"pip install 'realpolitik\[notebook\]'"):
        sim.explore(market)


def test_nothing_else_loads_the_widgets() -> None:
    code = "import sys, sim, sim.pages; sim.load; sys.exit('ipywidgets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
