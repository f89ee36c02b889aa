"""To ask what an argument shows: one thin command an analysis, which prints one sentence with its table."""

from typing import Any

import click

from sim.cli.asking import Given, analysis_options, asked_of, number_of, one_row, pairs_of, print_answer, print_each
from sim.cli.frame import Command
from sim.cli.options import (
    complete_concept,
    file_argument,
    json_option,
    read,
    set_option,
)
from sim.cli.recorded import asked_of_source, source_options


@click.command(cls=Command)
@analysis_options
def placebo(as_json: bool, **given: Given) -> None:
    """Does the article speak, or the form of the game?

    Every share beside two baselines on the same form: shuffled weights, and payoffs by the toss of a coin.

    \b
      sim placebo vladivostok-2023 --event deal
    """
    from sim.analysis.placebo import placebo as analysis
    from sim.show.answers import plain_placebo
    from sim.show.progress import progress_bars

    data, asked = asked_of(given)
    with progress_bars() as progress:
        found = analysis(data, **asked, progress=progress("draws"))
    print_answer(found, plain_placebo, as_json)


@click.command(cls=Command)
@analysis_options
@click.option("--drop", multiple=True, metavar="CLAIM", help="Drop this claim; every claim if nothing is said.")
@click.option("--deny", multiple=True, metavar="CLAIM", help="Turn the sign of what rests on this claim.")
@click.option("--doubt", multiple=True, metavar="CLAIM=SHARE", help="Keep this claim in that share of draws alone.")
@click.option("--shapley", is_flag=True, help="Divide the whole change among claims, and among kinds of source.")
def challenge(
    as_json: bool, drop: tuple[str, ...], deny: tuple[str, ...], doubt: tuple[str, ...], shapley: bool, **given: Given
) -> None:
    """Which sentence of the source carries the result?

    \b
      sim challenge vladivostok-2023 --concept strong-2
      sim challenge vladivostok-2023 --deny tech-strategic-risk-ru --doubt ru-desperate=0.5
    """
    from sim.analysis.challenge import challenge as analysis
    from sim.show.answers import plain_challenge
    from sim.show.progress import progress_bars

    data, asked = asked_of(given)
    shares = {name: number_of(value, f"--doubt {name}") for name, value in pairs_of(doubt, "--doubt", "CLAIM=SHARE")}
    with progress_bars() as progress:
        what: dict[str, Any] = {"drop": drop, "deny": deny, "doubt": shares, "shapley": shapley}
        found = analysis(data, **what, **asked, progress=progress("claims"))
    print_answer(found, plain_challenge, as_json)


@click.command(cls=Command)
@analysis_options
def prove(as_json: bool, **given: Given) -> None:
    """True for all numbers in the ranges, for some, or for none?

    Says necessary or impossible only with a proof, possible only with a parameter set on each side. JSON: a line an
    event.

    \b
      sim prove vladivostok-2023 --event technology
    """
    from sim.analysis.prove import prove as analysis
    from sim.show.answers import plain_proof
    from sim.show.progress import progress_bars

    data, asked = asked_of(given)
    with progress_bars() as progress:
        found = analysis(data, **asked, progress=progress("events"))
    print_each(found, plain_proof, as_json)


@click.command(cls=Command)
@analysis_options
def believe(as_json: bool, **given: Given) -> None:
    """What would one have to believe?

    The smallest change from the central values after which an event holds, in some and in every equilibrium. JSON: a
    line an event.

    \b
      sim believe vladivostok-2023 --event technology --concept strong-2
    """
    from sim.analysis.believe import believe as analysis
    from sim.show.answers import plain_beliefs
    from sim.show.progress import progress_bars

    data, asked = asked_of(given)
    with progress_bars() as progress:
        found = analysis(data, **asked, progress=progress("rows"))
    print_each(found, plain_beliefs, as_json)


@click.command(cls=Command)
@analysis_options
@click.option("--version", "versions", multiple=True, metavar="FILE", help="Cross with this version too. Repeatable.")
def structure(as_json: bool, versions: tuple[str, ...], **given: Given) -> None:
    """Is it the numbers or the model?

    Shares under every structure, and how much of their variance the numbers, the concept, the order of moves, the
    choice of equilibrium and the version of the scenario make.

    \b
      sim structure vladivostok-2023 --version disclosure-off --version china-restrains
    """
    from sim.analysis.structure import structure as analysis
    from sim.show.answers import plain_structure
    from sim.show.progress import progress_bars

    data, asked = asked_of(given)
    others = [read(file, {}) for file in versions]
    with progress_bars() as progress:
        found = analysis(data, versions=others, **asked, progress=progress("sweeps"))
    print_answer(found, plain_structure, as_json)


@click.command(cls=Command)
@analysis_options
@click.option("--parameter", "numbers", multiple=True, metavar="P", help="Only this number. Repeatable.")
def thresholds(as_json: bool, numbers: tuple[str, ...], **given: Given) -> None:
    """Where exactly does it flip?

    Moves each uncertain number through its range, all else at central values. For the numbers named, else for the
    file's `threshold`, says also where the flip lies over draws.

    \b
      sim thresholds vladivostok-2023 --parameter strategic_risk --parameter need
    """
    from sim.analysis.flips import Thresholds, flips, followed
    from sim.analysis.sensitivity import uncertain_numbers
    from sim.analysis.thresholds import thresholds as analysis
    from sim.show.answers import plain_thresholds
    from sim.show.progress import progress_bars

    data, asked = asked_of(given)
    rows_and_events = {name: asked[name] for name in ("requests", "events")}
    meant = numbers or uncertain_numbers(data)
    rows: list[Any] = []
    moved: list[Any] = []
    with progress_bars() as progress:
        told = progress("numbers")
        for done, number in enumerate(meant, start=1):
            rows += analysis(data, number, **rows_and_events)
            told(done, len(meant))
        for number in followed(data, numbers):
            moved += flips(data, number, **asked, progress=progress(f"draws, {number}"))
    print_answer(Thresholds(tuple(rows), tuple(moved)), plain_thresholds, as_json)


@click.command("map", cls=Command)
@file_argument()
@click.option("--x", required=True, metavar="P", help="The number across.")
@click.option("--y", required=True, metavar="Q", help="The number up.")
@click.option("--concept", default="strong-2", show_default=True, shell_complete=complete_concept, help="One concept.")
@click.option("--order", metavar="X", help="An order of moves, for subgame-perfect.")
@click.option("--event", "events", multiple=True, metavar="E", help="Only this event. Repeatable.")
@click.option("--size", type=click.IntRange(2, 2001), default=121, show_default=True, help="Values on each axis.")
@set_option()
@json_option()
def map_(
    file: str,
    x: str,
    y: str,
    concept: str,
    order: str | None,
    events: tuple[str, ...],
    size: int,
    values: dict[str, str],
    as_json: bool,
) -> None:
    """How do two unknowns share the plane?

    \b
      sim map vladivostok-2023 --x strategic_risk --y need
    """
    from sim.analysis.regime_map import regime_map
    from sim.show.answers import plain_map

    data = read(file, values)
    found = regime_map(data, x, y, request=one_row(data, concept, order), events=events, size=size)
    print_answer(found, plain_map, as_json)


@click.command(cls=Command)
@source_options
@click.pass_context
def discover(ctx: click.Context, /, as_json: bool, **given: Given) -> None:
    """In which box of the numbers does an event live?

    A folder gives its scenario, seed, draws and concepts.

    \b
      sim discover vladivostok-2023 --event technology --concept strong-2
      sim discover sweeps/baseline --event technology
    """
    from sim.analysis.discover import discover as analysis
    from sim.show.answers import plain_discovery
    from sim.show.progress import progress_bars

    data, asked = asked_of_source(ctx, given)
    with progress_bars() as progress:
        found = analysis(data, **asked, progress=progress("boxes"))
    print_answer(found, plain_discovery, as_json)
