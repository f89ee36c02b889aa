"""To ask: one thin command an analysis. Each reads, asks `sim.analysis`, and prints one sentence with its table."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from sim.cli.frame import Command, print_json
from sim.cli.options import (
    complete_concept,
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

Given = Any  # what click hands to a command: names, numbers and flags by option

ANALYSIS = (json_option(), narrowing_options(), set_option(), draws_options(), file_argument())


def _analysis(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every analysis has."""
    for option in ANALYSIS:
        command = option(command)
    return command


def _asked(given: Mapping[str, Given]) -> tuple[Any, dict[str, Any]]:
    """The scenario, and the rows, events, draws and seed that it is asked with."""
    data = read(given["file"], given["values"])
    requests = requests_meant(data, given["concepts"], given["orders"])
    return data, {"requests": requests, "events": given["events"], "draws": given["draws"], "seed": given["seed"]}


def _print(found: Any, plain: Callable[[Any], str], as_json: bool) -> None:
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(plain(found))


def _print_each(found: Sequence[Any], plain: Callable[[Any], str], as_json: bool) -> None:
    """One answer an event."""
    if as_json:
        for one in found:
            print_json(one.to_dict())
    else:
        click.echo("\n\n\n".join(map(plain, found)))


@click.command(cls=Command)
@_analysis
def placebo(as_json: bool, **given: Given) -> None:
    """Does the article speak, or the form of the game?

    Every share beside two baselines on the same form: shuffled weights, and payoffs by the toss of a coin.

    \b
      sim placebo vladivostok-2023 --event deal
    """
    from sim.analysis.placebo import placebo as analysis
    from sim.show.answers import plain_placebo
    from sim.show.progress import progress_bars

    data, asked = _asked(given)
    with progress_bars() as progress:
        found = analysis(data, **asked, progress=progress("draws"))
    _print(found, plain_placebo, as_json)


@click.command(cls=Command)
@_analysis
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

    data, asked = _asked(given)
    shares = {name: _number(value, f"--doubt {name}") for name, value in _pairs(doubt, "--doubt", "CLAIM=SHARE")}
    with progress_bars() as progress:
        what: dict[str, Any] = {"drop": drop, "deny": deny, "doubt": shares, "shapley": shapley}
        found = analysis(data, **what, **asked, progress=progress("claims"))
    _print(found, plain_challenge, as_json)


@click.command(cls=Command)
@_analysis
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

    data, asked = _asked(given)
    with progress_bars() as progress:
        found = analysis(data, **asked, progress=progress("events"))
    _print_each(found, plain_proof, as_json)


@click.command(cls=Command)
@_analysis
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

    data, asked = _asked(given)
    with progress_bars() as progress:
        found = analysis(data, **asked, progress=progress("rows"))
    _print_each(found, plain_beliefs, as_json)


@click.command(cls=Command)
@_analysis
@click.option("--player", metavar="P", help="Who commits; the scenario's `decides` if left out.")
@click.option(
    "--level", type=float, metavar="X", help="Points that would be enough: adds the share of draws with them."
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

    data, asked = _asked(given)
    if asked.pop("events"):
        raise UsageError("`sim policy` compares payoffs, not events: leave out --event.")
    with progress_bars() as progress:
        found = analysis(data, player=player, level=level, **asked, progress=progress("draws"))
    _print(found, plain_policy, as_json)


@click.command(cls=Command)
@_analysis
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

    data, asked = _asked(given)
    if player is not None and asked["events"]:
        raise UsageError("With --player it is payoffs that count, not events: leave out --event.")
    together = {text: [name.strip() for name in text.split(",") if name.strip()] for text in groups}
    with progress_bars() as progress:
        found = analysis(data, player=player, groups=together, **asked, progress=progress("draws"))
    _print(found, plain_learning, as_json)


@click.command(cls=Command)
@_analysis
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

    data, asked = _asked(given)
    others = [read(file, {}) for file in versions]
    with progress_bars() as progress:
        found = analysis(data, versions=others, **asked, progress=progress("sweeps"))
    _print(found, plain_structure, as_json)


@click.command(cls=Command)
@file_argument()
@set_option()
@narrowing_options()
@click.option("--parameter", "numbers", multiple=True, metavar="P", help="Only this number. Repeatable.")
@json_option()
def thresholds(file: str, values: dict[str, str], numbers: tuple[str, ...], as_json: bool, **given: Given) -> None:
    """Where exactly does it flip?

    Moves each uncertain number through its range, all else at central values.

    \b
      sim thresholds vladivostok-2023 --parameter strategic_risk --parameter need
    """
    from sim.analysis.sensitivity import uncertain_numbers
    from sim.analysis.thresholds import thresholds as analysis
    from sim.questions import Thresholds
    from sim.show.answers import plain_thresholds
    from sim.show.progress import progress_bars

    data = read(file, values)
    requests = requests_meant(data, given["concepts"], given["orders"])
    meant = numbers or uncertain_numbers(data)
    rows: list[Any] = []
    with progress_bars() as progress:
        told = progress("numbers")
        for done, number in enumerate(meant, start=1):
            rows += analysis(data, number, requests=requests, events=given["events"])
            told(done, len(meant))
    found = Thresholds(tuple(rows))
    _print(found, lambda one: plain_thresholds(one.rows), as_json)


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
    found = regime_map(data, x, y, request=_one(data, concept, order), events=events, size=size)
    _print(found, plain_map, as_json)


@click.command(cls=Command)
@_analysis
def discover(as_json: bool, **given: Given) -> None:
    """In which box of the numbers does an event live?

    \b
      sim discover vladivostok-2023 --event technology --concept strong-2
    """
    from sim.analysis.discover import discover as analysis
    from sim.show.answers import plain_discovery
    from sim.show.progress import progress_bars

    data, asked = _asked(given)
    with progress_bars() as progress:
        found = analysis(data, **asked, progress=progress("boxes"))
    _print(found, plain_discovery, as_json)


@click.command(cls=Command)
@file_argument("first", metavar="A")
@file_argument("second", metavar="B")
@click.option("--check", type=click.FloatRange(0, 1), metavar="TOL", help="Exit 1 where a headline share moves more.")
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
    _print(found, plain_diff, as_json)
    if check is not None and (found.reason or found.greatest > check):
        ctx.exit(1)


@click.command(cls=Command)
@_analysis
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

    data, asked = _asked(given)
    if len(asked["requests"]) != 1:
        raise UsageError(
            "A record is scored under one concept: name it with --concept (and one --order, if it has any)."
        )
    path = given_path(out) if out is not None else Path(f"{data.name}.register.json")
    if path.exists():
        raise UsageError(f"'{path}' is there already, and a record is never overwritten. Name another with --out.")
    request = asked.pop("requests")[0]
    by = None if resolve_by is None else resolve_by.date()
    texts = dict(_pairs(rules, "--rule", "EVENT=TEXT"))
    found = analysis(data, request=request, rules=texts, registered=date.today(), resolve_by=by, **asked)
    document = json.dumps(found.to_dict(), indent=1, ensure_ascii=False) + "\n"
    _write_new(path, document)
    _print(found, plain_registration, as_json)
    click.echo(f"Written to {path}.", err=True)


@click.command(cls=Command)
@file_argument()
@click.option("--record", metavar="PATH", help="What `sim register` wrote; NAME.register.json if left out.")
@click.option("--outcomes", required=True, metavar="PATH", help="TOML: [outcomes] with EVENT = true or false.")
@set_option()
@json_option()
def hindcast(file: str, record: str | None, outcomes: str, values: dict[str, str], as_json: bool) -> None:
    """Would it have been right?

    Scores a record against what happened. A scenario that was edited since is refused.

    \b
      sim hindcast vladivostok-2023 --outcomes outcomes.toml
    """
    from sim.analysis.register import hindcast as analysis
    from sim.show.answers import plain_hindcast

    data = read(file, values)
    path = given_path(record) if record is not None else Path(f"{data.name}.register.json")
    found = analysis(data, _read_record(path), _read_outcomes(given_path(outcomes)))
    _print(found, plain_hindcast, as_json)


def _one(data: Any, concept: str, order: str | None) -> Any:
    """The one row that is meant."""
    rows = requests_meant(data, [concept], [] if order is None else [order])
    if len(rows) > 1:
        names = ", ".join(str(row.order) for row in rows)
        raise UsageError(f"'{concept}' has {len(rows)} orders here: name one with --order, of {names}.")
    return rows[0]


def _pairs(given: tuple[str, ...], option: str, form: str) -> list[tuple[str, str]]:
    pairs = []
    for text in given:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name or not value:
            raise UsageError(f"{option} '{text}' is not of the form {form}.")
        pairs.append((name, value))
    return pairs


def _number(text: str, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{what}: '{text}' is no number.") from None


def _write_new(path: Path, document: str) -> None:
    """Whole or not at all, and never over a file that is there."""
    from sim.whole_file import write_whole

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("x").close()
    except FileExistsError:
        raise UsageError(f"'{path}' is there already, and a record is never overwritten.") from None
    write_whole(path, document)


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
