"""To ask what follows: what to do, what to find out, what an edit did, and whether a record was right."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from sim.cli.asking import Given, analysis_options, asked_of, draw_answer, figure_option, pairs_of, print_answer
from sim.cli.frame import Command
from sim.cli.options import (
    Finite,
    draws_options,
    file_argument,
    given_path,
    json_option,
    narrowing_options,
    read,
    requests_meant,
    set_option,
)
from sim.errors import UsageError


@click.command(cls=Command)
@analysis_options
@click.option("--player", metavar="P", help="Who commits; the scenario's `decides` if left out.")
@click.option(
    "--level", type=Finite(), metavar="X", help="Points that would be enough: adds the share of draws with them."
)
def policy(as_json: bool, player: str | None, level: float | None, **given: Given) -> None:
    """What should a player commit to?

    For each action: the equilibria that follow, the payoff, and the regret against the best action in the same draw.

    \b
      sim policy vladivostok-2023 --player US --concept strong-2
    """
    from sim.analysis.policy import policy as analysis
    from sim.show.answers import plain_policy
    from sim.show.progress import progress_bars

    data, asked = asked_of(given)
    if asked.pop("events"):
        raise UsageError("`sim policy` compares payoffs, not events: leave out --event.")
    with progress_bars() as progress:
        found = analysis(data, player=player, level=level, **asked, progress=progress("draws"))
    print_answer(found, plain_policy, as_json)


@click.command(cls=Command)
@analysis_options
@click.option("--player", metavar="P", help="For whom it is worth something; the variance of events if left out.")
@click.option("--group", "groups", multiple=True, metavar="A,B", help="Numbers that become known together. Repeatable.")
def learn(as_json: bool, player: str | None, groups: tuple[str, ...], **given: Given) -> None:
    """Which number is worth finding out?

    For a player: the value of knowing before it commits. Without one: how much of each event's variance the number
    explains.

    \b
      sim learn vladivostok-2023 --player US --concept strong-2
    """
    from sim.analysis.learn import learn as analysis
    from sim.show.answers import plain_learning
    from sim.show.progress import progress_bars

    data, asked = asked_of(given)
    if player is not None and asked["events"]:
        raise UsageError("With --player it is payoffs that count, not events: leave out --event.")
    together = {text: [name.strip() for name in text.split(",") if name.strip()] for text in groups}
    with progress_bars() as progress:
        found = analysis(data, player=player, groups=together, **asked, progress=progress("draws"))
    print_answer(found, plain_learning, as_json)


@click.command(cls=Command)
@file_argument("first", metavar="A")
@file_argument("second", metavar="B")
@click.option("--check", type=Finite(0, 1), metavar="TOL", help="Exit 1 where a headline share moves more.")
@figure_option()
@draws_options()
@set_option()
@narrowing_options()
@json_option()
@click.pass_context
def diff(
    ctx: click.Context,
    /,
    first: str,
    second: str,
    check: float | None,
    figure: str | None,
    values: dict[str, str],
    draws: int,
    seed: int,
    as_json: bool,
    **given: Given,
) -> None:
    """Two versions of a file: which edit did it?

    Lists what the second file says otherwise, and what each edit alone does to each headline share.

    \b
      sim diff vladivostok-2023 no-war
      sim diff old.toml new.toml --check 0.01
    """
    from sim.analysis.diff import diff as analysis
    from sim.api import rationals
    from sim.show.answers import plain_diff
    from sim.show.progress import progress_bars

    one, other = read(first, values), read(second, values)
    requests = requests_meant(one, given["concepts"], given["orders"])
    asked: dict[str, Any] = {"requests": requests, "events": given["events"], "values": rationals(values)}
    with progress_bars() as progress:
        found = analysis(one, other, **asked, draws=draws, seed=seed, progress=progress("edits"))
    print_answer(found, plain_diff, as_json)
    draw_answer(found, one, figure, draws, seed, values)
    if check is not None and (found.reason or found.greatest > check):
        ctx.exit(1)


@click.command(cls=Command)
@analysis_options
@click.option("--rule", "rules", multiple=True, metavar="EVENT=TEXT", help="How an event will be judged. Repeatable.")
@click.option("--resolve-by", type=click.DateTime(["%Y-%m-%d"]), help="When the events are to be judged.")
@click.option("--out", metavar="PATH", help="Where to write; NAME.register.json if left out.")
def register(
    as_json: bool, rules: tuple[str, ...], resolve_by: datetime | None, out: str | None, **given: Given
) -> None:
    """Put on record what a scenario says, before the outcome is known.

    Writes a dated, hashed record for one concept (and order); a record is never overwritten.

    \b
      sim register vladivostok-2023 --concept strong-2 --resolve-by 2024-09-06
    """
    from sim.analysis.register import register as analysis
    from sim.show.answers import plain_registration

    data, asked = asked_of(given)
    if len(asked["requests"]) != 1:
        raise UsageError(
            "A record is scored under one concept: name it with --concept (and one --order, if it has any)."
        )
    path = given_path(out) if out is not None else Path(f"{data.name}.register.json")
    if path.exists():
        raise UsageError(f"'{path}' is there already, and a record is never overwritten. Name another with --out.")
    request = asked.pop("requests")[0]
    by = None if resolve_by is None else resolve_by.date()
    texts = dict(pairs_of(rules, "--rule", "EVENT=TEXT"))
    found = analysis(data, request=request, rules=texts, registered=date.today(), resolve_by=by, **asked)
    document = json.dumps(found.to_dict(), indent=1, ensure_ascii=False) + "\n"
    _write_new(path, document)
    print_answer(found, plain_registration, as_json)
    click.echo(f"Written to {path}.", err=True)


@click.command(cls=Command)
@file_argument()
@click.option("--record", metavar="PATH", help="What `sim register` wrote; NAME.register.json if left out.")
@click.option("--outcomes", required=True, metavar="PATH", help="TOML: [outcomes] with EVENT = true or false.")
@figure_option()
@set_option()
@json_option()
def hindcast(
    file: str, record: str | None, outcomes: str, figure: str | None, values: dict[str, str], as_json: bool
) -> None:
    """Would it have been right?

    Scores a record against what happened. A scenario that was edited since is refused.

    \b
      sim hindcast vladivostok-2023 --outcomes outcomes.toml
    """
    from sim.analysis.register import hindcast as analysis
    from sim.show.answers import plain_hindcast

    data = read(file, values)
    path = given_path(record) if record is not None else Path(f"{data.name}.register.json")
    told = _read_record(path)
    found = analysis(data, told, _read_outcomes(given_path(outcomes)))
    print_answer(found, plain_hindcast, as_json)
    draw_answer(found, data, figure, told["draws"], told["seed"], values)


def _write_new(path: Path, document: str) -> None:
    """Whole or not at all, and never over a file that is there."""
    if path.parent.exists() and not path.parent.is_dir():
        raise UsageError(f"'{path.parent}' is a file, not a folder. Name another place with --out.")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        stream = path.open("x", encoding="utf-8")
    except FileExistsError:
        raise UsageError(f"'{path}' is there already, and a record is never overwritten.") from None
    try:
        with stream:
            stream.write(document)
    except BaseException:
        path.unlink(missing_ok=True)  # half a record would stand in the way of a whole one
        raise


def _read_record(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"'{path}' is no record that can be read ({error}). `sim register FILE` makes one.") from None
    if not isinstance(told, dict):
        raise UsageError(f"'{path}' is no record. `sim register FILE` makes one.")
    return told


def _read_outcomes(path: Path) -> dict[str, bool]:
    import tomllib

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("outcomes")
    except (OSError, ValueError) as error:
        raise UsageError(f"'{path}' cannot be read ({error}).") from None
    if not isinstance(table, dict) or not table or not all(isinstance(value, bool) for value in table.values()):
        raise UsageError(f"'{path}' needs a table [outcomes] with EVENT = true or false for each event.")
    return table
