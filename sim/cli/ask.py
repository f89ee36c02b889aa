"""To ask: what one payoff is made of, and what differs between two scenarios."""

from typing import Any

import click

from sim import SEED
from sim.cli.asking import draw_answer, figure_option
from sim.cli.frame import Command, print_json
from sim.cli.options import (
    draws_options,
    file_argument,
    json_option,
    narrowing_options,
    read,
    requests_meant,
    set_option,
)
from sim.errors import UsageError


@click.command(cls=Command)
@file_argument()
@click.option("--profile", metavar='"MOVE=OPTION ..."', help="Options; every move left out is as in an equilibrium.")
@click.option("--player", metavar="P", help="Only this player or observer.")
@click.option("--draw", type=click.IntRange(0), metavar="K", help="The numbers of draw K; central values if left out.")
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Seed of the draw.")
@set_option()
@json_option()
def explain(
    file: str,
    profile: str | None,
    player: str | None,
    draw: int | None,
    seed: int,
    values: dict[str, str],
    as_json: bool,
) -> None:
    """Split payoffs into stakes, weights and claims.

    Says also what each player would lose by its best alternative.

    \b
      sim explain vladivostok-2023 --player NK
      sim explain prisoners-dilemma --draw 7 --seed 1
    """
    from sim.analysis.explain import explain as explained
    from sim.analysis.explain import parse_profile
    from sim.show.explanation import plain_explanation

    data = read(file, values)
    chosen = None if profile is None else parse_profile(profile)
    found = explained(data, profile=chosen, player=player, draw=draw, seed=seed)
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(plain_explanation(found, data))


@click.command(cls=Command)
@file_argument("first", metavar="A")
@file_argument("second", metavar="[B]", required=False)
@click.option(
    "--option", "option", metavar="MOVE=OPTION", help="In place of B: A without this option against A with it."
)
@figure_option()
@draws_options()
@set_option()
@narrowing_options()
@json_option()
def compare(
    first: str,
    second: str | None,
    option: str | None,
    figure: str | None,
    draws: int,
    seed: int,
    values: dict[str, str],
    concepts: tuple[str, ...],
    orders: tuple[str, ...],
    events: tuple[str, ...],
    as_json: bool,
) -> None:
    """Two scenarios on the same draws, event by event.

    Says how often the second helps or hurts an event, counted draw by draw.

    \b
      sim compare vladivostok-2023 disclosure-off --event deal
      sim compare vladivostok-2023 --option disclosure=disclose --event deal
    """
    from sim.analysis.compare import compare as compared
    from sim.analysis.compare import compare_option
    from sim.show.comparison import plain_comparison
    from sim.show.progress import progress_bars

    if (second is None) == (option is None):
        raise UsageError("Name a second scenario, or an option with --option MOVE=OPTION; one of the two.")
    one = read(first, values)
    other = one if second is None else read(second, values)
    if second is not None and (one.name, one.resolved) == (other.name, other.resolved):
        raise UsageError(f"'{first}' and '{second}' are the same scenario: there is nothing to compare.")
    requests = requests_meant(one, concepts, orders) if concepts or orders else None
    asked: dict[str, Any] = {"events": events, "draws": draws, "seed": seed}
    with progress_bars() as progress:
        if option is None:
            found = compared(one, other, requests=requests, **asked, progress=progress("draws"))
        else:
            rows = requests_meant(one, concepts, orders)
            found = compare_option(one, option, requests=rows, **asked, progress=progress("draws"))
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(plain_comparison(found))
    draw_answer(found, one, figure, draws, seed, values)
