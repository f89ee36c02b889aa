"""What an explorer shows at one setting of the numbers, as pieces of HTML: a pure function of the setting.

The scenario is compiled once. A setting is then one parameter set: statuses by the sweep's own path, matrices and
their Nash equilibria in exact rationals, and one equilibrium taken apart stake by stake. All of it is quick enough to
follow a hand on a slider.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from math import prod

import numpy as np

from sim.analysis.bounds import events_meant
from sim.analysis.explain import Alternative, StakeTerm, best_alternatives, stake_terms
from sim.game.exact import central_rationals, exact_payoffs, merged_game, slice_game
from sim.game.game import Game
from sim.game.payoffs import GameFamily, Parameters, central_parameters, compile_family, event_values, payoffs
from sim.game.plain_html import LEFT, framed, game_html, html_table, signed
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request, default_requests, rules_of, solve_batch
from sim.solvers.equilibria import Equilibrium
from sim.solvers.two_player_exact import solve_exact
from sim.sweeps.run import Engine, make_engine, rows_at
from sim.sweeps.status import STATUSES

SIGNS = {"always": "●", "sometimes": "◐", "never": "○", "none": "∅"}  # beside the words: no meaning in colour alone
SOLVING = 0.05  # seconds that the exact solver gets for one matrix
MOST_CELLS = 400  # of a matrix that is drawn anew at every step
MOST_SAID = 5  # changes told in words; the table marks all of them
HEAD = ["stake", "points", "= weight", "× value", "/ swing", "rests on"]  # terms of 0 are left out

Profile = tuple[int, ...]  # the rank of an option for every move
Statuses = Mapping[tuple[Request, str], str]  # concept and order, event -> one of the six words


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the reader stands: numbers away from their central values, a concept and order, one of its equilibria."""

    request: Request
    values: Mapping[str, Fraction] = field(default_factory=dict)
    profile: Profile | None = None  # the equilibrium to take apart; the first where there is no such one


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is shown of a setting, as HTML, and between what it can be chosen."""

    changed: str
    statuses: str
    matrices: str
    explanation: str
    equilibria: Mapping[str, Profile]  # label -> equilibrium of the chosen concept
    profile: Profile | None  # the one taken apart


@dataclass(frozen=True, slots=True, eq=False)
class Explorable:
    """A scenario compiled for many settings. Made by `explorable`."""

    scenario: ScenarioData
    file: str | None  # as one types it; None where no file says the same
    requests: tuple[Request, ...]
    shown: tuple[str, ...]  # events
    whole: GameFamily  # ladders in full: payoffs of an equilibrium and of what could be done instead
    allowed: GameFamily
    engine: Engine
    events: Mapping[str, np.ndarray]  # event -> truth at every profile of whole ladders
    central: Statuses


def explorable(scenario: ScenarioData, file: str | None, *further: Request) -> Explorable:
    """Compile a scenario, and note what every batch concept, and each of `further`, says at central values."""
    requests = tuple(dict.fromkeys([*default_requests(scenario), *further]))
    engine = make_engine(scenario, requests)
    whole = compile_family(scenario)
    return Explorable(
        scenario=scenario,
        file=file,
        requests=requests,
        shown=events_meant(scenario, None),
        whole=whole,
        allowed=compile_family(scenario, allowed_only=True),
        engine=engine,
        events=event_values(whole),
        central=statuses_at(engine, central_parameters(scenario)),
    )


def statuses_at(engine: Engine, numbers: Parameters) -> dict[tuple[Request, str], str]:
    """What each concept and order says of each event at one parameter set, each array of shape (1,)."""
    rows = rows_at(engine, numbers, draws=1)
    return {
        (request, event): STATUSES[code]
        for request, own in rows.concepts.items()
        for event, code in zip(engine.events, own.status[:, 0].tolist(), strict=True)
    }


def pieces(ready: Explorable, setting: Setting) -> Pieces:
    """Everything that is shown at one setting.

    Raises:
        PayoffError: a payoff is not a finite number there.
    """
    numbers = central_parameters(ready.scenario)
    numbers |= {name: np.array([float(value)]) for name, value in setting.values.items()}
    now = statuses_at(ready.engine, numbers)
    found = equilibria_at(ready, setting.request, numbers)
    at = setting.profile if setting.profile in found else next(iter(found), None)
    return Pieces(
        changed=_changed(ready, setting, now),
        statuses=_status_table(ready, setting.request, now),
        matrices=_matrices(ready.scenario, setting.values),
        explanation=_explanation(ready, setting.request, numbers, at, found),
        equilibria={f"{k} of {len(found)}: {_words(ready, own)}": own for k, own in enumerate(found, start=1)},
        profile=at,
    )


def equilibria_at(ready: Explorable, request: Request, numbers: Parameters) -> list[Profile]:
    """The equilibria of a batch concept at one parameter set: ranks of the options, in the order of the moves."""
    tensor = payoffs(ready.allowed, numbers)
    mask = solve_batch(tensor, rules_of(ready.scenario), [request], numbers)[request].is_equilibrium[0]
    ranks = ready.allowed.ranks
    return [tuple(own[k] for own, k in zip(ranks, at, strict=True)) for at in np.argwhere(mask).tolist()]


def _changed(ready: Explorable, setting: Setting, now: Statuses) -> str:
    """What is moved, and what that changes."""
    central = central_rationals(ready.scenario)
    moved = [f"{name} {_decimal(central[name])} → {_decimal(value)}" for name, value in setting.values.items()]
    said = "All numbers are at their central values: move one, and what changes is told here."
    if moved:
        cells = [(request, event) for request in ready.requests for event in ready.shown]
        changed = [cell for cell in cells if now[cell] != ready.central[cell]]
        told = _told(ready, now, changed)
        more = "; the table marks the others" if len(told) > MOST_SAID else ""
        listed = f": {'; '.join(told[:MOST_SAID])}{more}" if told else ""
        said = f"Moved: {', '.join(moved)}. {len(changed) or 'None'} of {len(cells)} answers changed{listed}."
    return f'<p role="status">{escape(said)}</p>{_typed(ready.file, setting.values)}'


def _told(ready: Explorable, now: Statuses, changed: Sequence[tuple[Request, str]]) -> list[str]:
    """`strong-2: deal, trip always → never`: events of a row that changed alike in one breath."""
    alike: dict[tuple[str, str], list[str]] = {}
    for request, event in changed:
        words = f"{ready.central[request, event]} → {now[request, event]}"
        alike.setdefault((_row(request), words), []).append(event)
    return [f"{row}: {', '.join(events)} {words}" for (row, words), events in alike.items()]


def _typed(file: str | None, values: Mapping[str, Fraction]) -> str:
    """What to type for the same numbers."""
    if file is None:
        return ""
    words = [word for name, value in values.items() for word in ("--set", f"{name}={_written(value)}")]
    typed = shlex.join(["sim", "explain", file, *words])
    return f"<p>The same numbers on the command line: <code>{escape(typed)}</code></p>"


def _status_table(ready: Explorable, chosen: Request, now: Statuses) -> str:
    rows = []
    for request in ready.requests:
        mark = "▸ " if request == chosen else ""
        cells = []
        for event in ready.shown:
            status, was = now[request, event], ready.central[request, event]
            text = f"{SIGNS.get(status, '')} {status}"
            cells.append(f"<td{LEFT}>{text if status == was else f'<b>{text}</b><br>(was {was})'}</td>")
        rows.append(f'<th scope="row"{LEFT}>{mark}{escape(_row(request))}</th>{"".join(cells)}')
    head = "".join(f'<th scope="col"{LEFT}>{escape(text)}</th>' for text in ("concept, order", *ready.shown))
    return framed(
        "What each concept says of each event at these numbers. always: in every equilibrium; sometimes: in some; "
        "never: in none of them; none: there is no equilibrium. Bold: not as at central values. ▸: the one chosen.",
        f"<tr>{head}</tr>",
        rows,
    )


def _matrices(scenario: ScenarioData, values: Mapping[str, Fraction]) -> str:
    """The slices; of a scenario without slices the whole game, where it is small."""
    numbers = central_rationals(scenario, values)
    titles = scenario.titles()
    if not scenario.slices:
        if prod(len(move.allowed) for move in scenario.moves) > MOST_CELLS:
            return "<p>The file names no [slices], and the whole game is too large for a table that follows.</p>"
        family = compile_family(scenario, allowed_only=True)
        return _matrix(merged_game(family, exact_payoffs(family, numbers), scenario.name), scenario, titles, "")
    options = {move.name: move.options for move in scenario.moves}
    sizes = {move.name: len(move.allowed) for move in scenario.moves}
    parts = []
    for cut in scenario.slices:
        if prod(sizes[move] for move in (*cut.rows, *cut.columns)) > MOST_CELLS:
            parts.append(f"<p>{escape(cut.name)} is too large for a table that follows: `sim run` shows it.</p>")
            continue
        held = ", ".join(f"{move}={options[move][rank]}" for move, rank in cut.given.items())
        about = f"Held: {held}." if held else ""
        parts.append(_matrix(slice_game(scenario, cut, numbers), scenario, titles, about))
    return f'<div class="cards">{"".join(f"<div>{part}</div>" for part in parts)}</div>'


def _matrix(game: Game, scenario: ScenarioData, titles: Mapping[str, str], about: str) -> str:
    """One game, and under a bimatrix its Nash equilibria, mixed ones too."""
    table = game_html(game, titles, about=about)
    if len(game.players) != 2 or (scenario.table is not None and scenario.table.ordinal):
        return table
    found = solve_exact(game, budget_seconds=SOLVING)
    mixed = [one for one in found.equilibria if not one.pure]
    said = f"{len(found.equilibria) - len(mixed)} in pure actions (boxed)"
    if mixed:
        said += f", {len(mixed)} mixed: {_mix(game, mixed[0], titles)}{' (the first)' if len(mixed) > 1 else ''}"
    whole = "" if found.complete else " There may be others: the search was stopped to keep up with you."
    return f"{table}<p>Nash equilibria of this table on its own: {escape(said)}.{whole}</p>"


def _mix(game: Game, one: Equilibrium, titles: Mapping[str, str]) -> str:
    sides = []
    for player, labels, shares in zip(game.players, game.actions, one.strategies, strict=True):
        played = (f"{label} {share:.3g}" for label, share in zip(labels, shares, strict=True) if share > 0)
        sides.append(f"{titles.get(player, player)} {', '.join(played)}")
    return "; ".join(sides)


def _explanation(
    ready: Explorable, request: Request, numbers: Parameters, at: Profile | None, found: Sequence[Profile]
) -> str:
    """One equilibrium: what holds, and for each player its points, where they come from, and what else it could do."""
    if at is None:
        return f"<p>{escape(_row(request))} has no equilibrium at these numbers: nothing to take apart.</p>"
    names = (*ready.whole.players, *ready.whole.observers)
    tensor = payoffs(ready.whole, numbers, of=names)[0]
    terms, titles = stake_terms(ready.whole, numbers, at), ready.scenario.titles()
    others = {one.player: one for one in best_alternatives(ready.whole, tensor, at)}
    here = {move.name: move.options[rank] for move, rank in zip(ready.scenario.moves, at, strict=True)}
    holds = [event for event, truth in ready.events.items() if truth[at]]
    said = (
        f"<p><b>Equilibrium {found.index(at) + 1} of {len(found)} under {escape(_row(request))}</b>: "
        f"{escape(_words(ready, at))}. Here holds: {escape(', '.join(holds) or 'no event')}.</p>"
    )
    parts = []
    for row, name in enumerate(names):
        points = signed(float(tensor[(row, *at)]))
        caption = f"{titles[name]}: {points} points of its own{_instead(others.get(name), here)}."
        own = [_term(one) for one in _largest_first(terms, name)]
        parts.append(f"<div>{html_table(caption, HEAD, own) if own else escape(caption)}</div>")
    return f'{said}<div class="cards">{"".join(parts)}</div>'


def _largest_first(terms: Sequence[StakeTerm], player: str) -> list[StakeTerm]:
    return sorted((one for one in terms if one.player == player and one.points), key=lambda one: -abs(one.points))


def _term(one: StakeTerm) -> list[str]:
    numbers = [signed(own) for own in (one.points, one.weight, one.value, one.swing)]
    return [one.stake, *numbers, ", ".join(one.rests_on)]


def _instead(one: Alternative | None, here: Mapping[str, str]) -> str:
    if one is None:
        return ""
    moves = ", ".join(f"{move}={option}" for move, option in one.profile.items() if here[move] != option)
    effect = f"loses {one.loss:.3g}" if one.loss > 0 else f"gains {-one.loss:.3g}" if one.loss < 0 else "ties"
    return f"; its best alternative, {moves}, {effect}"


def _words(ready: Explorable, at: Profile) -> str:
    return ", ".join(f"{move.name}={move.options[rank]}" for move, rank in zip(ready.scenario.moves, at, strict=True))


def _row(request: Request) -> str:
    return request.concept if request.order is None else f"{request.concept}, {request.order}"


def _decimal(value: Fraction) -> str:
    return signed(float(value))


def _written(value: Fraction) -> str:
    """As `--set` takes it, whole: a decimal where it has one, else a fraction."""
    text = f"{float(value):.12g}"
    return text if Fraction(text) == value else str(value)
