"""To compute: the main job, one game."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from sim.cli.frame import BAD_INPUT, Command, note, print_json
from sim.cli.options import (
    GAME_FILES,
    complete_concept,
    draws_options,
    file_argument,
    folder_meant,
    json_option,
    narrowing_options,
    read,
    requests_meant,
    set_option,
)
from sim.errors import RealpolitikError, UsageError

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioData
    from sim.solvers.equilibria import EquilibriumSet


def _complete_solver(ctx: click.Context, parameter: click.Parameter, start: str) -> list[CompletionItem]:
    from sim.solvers.chosen_solver import SOLVERS

    return [CompletionItem(name) for name in SOLVERS if name.startswith(start)]


@click.command(cls=Command)
@file_argument()
@draws_options()
@set_option()
@narrowing_options()
@click.option("--out", metavar="DIR", help="Where files are written; out/NAME if left out.")
@click.option("--columns", type=click.IntRange(1, 2), default=2, show_default=True, help="Journal columns of a figure.")
@json_option()
def run(
    file: str,
    draws: int,
    seed: int,
    values: dict[str, str],
    concepts: tuple[str, ...],
    orders: tuple[str, ...],
    events: tuple[str, ...],
    out: str | None,
    columns: int,
    as_json: bool,
) -> None:
    """The main job: payoffs, equilibria, draws, figures, report.

    Prints where payoffs come from, the two-player games inside and how they were solved, what holds over the draws
    under every concept, and three sentences; writes figures, report.html and summary.json.

    \b
      sim run vladivostok-2023
      sim run vladivostok-2023 --draws 1000 --set strategic_risk=60 --concept strong-2
    """
    from sim.analysis.bounds import events_meant
    from sim.show.main_job import main_job
    from sim.show.pieces import Job
    from sim.show.progress import progress_bars

    data = read(file, values)
    job = Job(
        scenario=data,
        file=file,
        values=values,
        requests=requests_meant(data, concepts, orders),
        events=events_meant(data, events),
        draws=draws,
        seed=seed,
        folder=folder_meant(out, data.name),
        columns=columns,
        narrowed=tuple(
            word
            for option, given in (("--concept", concepts), ("--order", orders), ("--event", events))
            for one in given
            for word in (option, one)
        ),
    )
    with progress_bars() as progress:
        summary = main_job(job, say=(lambda text: None) if as_json else click.echo, progress=progress)
    if as_json:
        print_json(summary)


@click.command(cls=Command)
@file_argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--concept",
    metavar="C",
    shell_complete=complete_concept,
    help="Solution concept; nash for two players and pure-nash for more if left out.",
)
@click.option("--order", metavar="X", help="The order of moves, for subgame-perfect and bayes.")
@click.option("--precision", type=float, metavar="L", help="For qre: 0 is even play; greater, fewer errors.")
@click.option("--bargaining", metavar="X", help="Which [bargaining.X], where a scenario has several.")
@set_option()
@click.option("--slice", "cut", metavar="NAME", help="Solve this two-player slice instead of the whole game.")
@click.option(
    "--solver",
    metavar="S",
    shell_complete=_complete_solver,
    help="Hold nashpy-vertex, nashpy-support or nashpy-lemke-howson against the exact equilibria of two players.",
)
@click.option(
    "--require-complete",
    is_flag=True,
    help="Status 1 where a set of equilibria is not known to be all; of scope `pure` (--json): all in pure play.",
)
@json_option()
@click.pass_context
def solve(
    ctx: click.Context,
    files: tuple[str, ...],
    concept: str | None,
    order: str | None,
    precision: float | None,
    bargaining: str | None,
    values: dict[str, str],
    cut: str | None,
    solver: str | None,
    require_complete: bool,
    as_json: bool,
) -> None:
    """Solve one game: a scenario at its central values, or a game file.

    FILE may also be a game of Gambit's (.nfg, .efg). With --json each answer is a line: one a file, and one an order
    of moves where several are meant.

    \b
      sim solve prisoners-dilemma
      sim solve vladivostok-2023 --concept subgame-perfect --order russia_proposes
      sim solve vladivostok-2023 --slice bargain
      sim solve vladivostok-2023 --concept qre --precision 5
      sim solve stag-hunt --solver nashpy-support
    """
    from sim.show.equilibria import plain_equilibria

    if precision is not None and concept != "qre":
        raise UsageError("--precision is for --concept qre alone.")
    if bargaining is not None and concept != "bargaining":
        raise UsageError("--bargaining is for --concept bargaining alone.")
    if solver is not None:
        from sim.solvers.chosen_solver import check_solver

        concept = concept or "nash"
        check_solver(solver, concept)
    status = 0
    for file in files:
        try:
            ending = Path(file).suffix.lower()
            if ending not in ("", ".toml", *GAME_FILES) and Path(file).is_file():
                raise UsageError(_neither(file, ending))
            if ending in GAME_FILES:
                other = bool(order or values or cut or bargaining)
                found = _solved_file(file, concept, precision, solver, other=other)
            else:
                found = _solved(
                    *(read(file, values), concept, order, cut),
                    precision=precision,
                    bargaining=bargaining,
                    solver=solver,
                )
        except RealpolitikError as error:
            status = BAD_INPUT
            if as_json:
                print_json({"game": _title(file), "error": str(error)})
            else:
                click.echo(str(error), err=True)
            continue
        if require_complete and status == 0 and not all(one.complete for one in found):
            status = 1
        for one in found:
            for warning in one.extra.get("warnings", ()):
                note(f"{one.game}: {warning}.")
            if as_json:
                print_json(one.to_dict())
            else:
                click.echo(plain_equilibria(one))
    ctx.exit(status)


def _neither(file: str, ending: str) -> str:
    mend = " Gambit can save a workbook's game as one of these." if ending == ".gbt" else ""
    return f"'{file}' is neither a scenario (.toml) nor a game file ({', '.join(GAME_FILES)}).{mend}"


def _title(file: str) -> str:
    """What the file calls its game, as an answer does; the file's own name where that cannot be read."""
    from sim.api import read_game

    try:
        return read_game(file).title if Path(file).suffix.lower() in GAME_FILES else read(file).name
    except RealpolitikError:
        return Path(file).stem


def _solved_file(
    file: str, concept: str | None, precision: float | None, solver: str | None, *, other: bool
) -> "tuple[EquilibriumSet, ...]":
    from sim.api import read_game
    from sim.api import solve as solve_any

    if other:
        raise UsageError(f"'{file}' is a game file: --set, --slice, --order and --bargaining are for scenarios.")
    game = read_game(file)
    meant = concept or _default(Path(file).name, len(game.players))
    return (solve_any(game, meant, precision=precision, solver=solver),)


def _default(game: str, players: int) -> str:
    concept = "nash" if players == 2 else "pure-nash"
    note(f"{game}: solved for {concept}; --concept names another.")
    return concept


def _solved(
    data: "ScenarioData",
    concept: str | None,
    order: str | None,
    cut: str | None,
    *,
    precision: float | None,
    bargaining: str | None,
    solver: str | None,
) -> "tuple[EquilibriumSet, ...]":
    from sim.api import Scenario
    from sim.api import solve as solve_any
    from sim.game.exact import central_rationals, slice_game
    from sim.show.export import find_slice
    from sim.solvers.one_game import solve_scenario

    if cut is not None:
        if order is not None:
            raise UsageError("--slice is a game without an order of moves: leave out --order.")
        game = slice_game(data, find_slice(data, cut), central_rationals(data))
        return (solve_any(game, concept or "nash", precision=precision, solver=solver),)
    if order is not None and (concept or "subgame-perfect").partition(".")[0] not in ("subgame-perfect", "bayes"):
        raise UsageError(f"--order is for subgame-perfect and bayes: '{concept}' knows no order of moves.")
    if concept is None:
        concept = "subgame-perfect" if order else _default(data.name, len(data.players))
    if solver is not None:
        return (solve_any(Scenario(data), concept, solver=solver),)
    return solve_scenario(data, concept, order=order, precision=precision, bargaining=bargaining)
