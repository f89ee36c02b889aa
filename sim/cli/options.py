"""Options that several commands share, spelt and explained once, and what they turn into."""

from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from sim import DRAWS, SEED
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioData
    from sim.solvers.concepts import Request

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]

GAME_FILES = (".nfg", ".efg")  # endings of Gambit's


def complete_scenario(ctx: click.Context, parameter: click.Parameter, start: str) -> list[CompletionItem]:
    """Shipped names that start so, then files."""
    from sim.scenario.shipped import shipped_scenarios

    names = [CompletionItem(path.stem) for path in shipped_scenarios() if path.stem.startswith(start)]
    return [*names, CompletionItem(start, type="file")]


def complete_concept(ctx: click.Context, parameter: click.Parameter, start: str) -> list[CompletionItem]:
    """Concepts that start so, for games of up to five players."""
    from sim.solvers.concepts import OF_TREES, names_of_concepts

    return [CompletionItem(name) for name in (*names_of_concepts(5), *OF_TREES) if name.startswith(start)]


def file_argument(name: str = "file", **more: Any) -> Decorator[Any]:
    """A scenario: a path, or the name of a shipped one."""
    return click.argument(name, metavar=more.pop("metavar", "FILE"), shell_complete=complete_scenario, **more)


class Finite(click.FloatRange):
    """A number that is one: neither infinite nor NaN, which no comparison would ever stop."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does, with one more question."""
        number = super().convert(value, param, ctx)
        if not isfinite(number):
            self.fail(f"'{value}' is no finite number.", param, ctx)
        return number


def json_option() -> Decorator[Any]:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


def set_option() -> Decorator[Any]:
    """`--set name=value`, as pairs of texts."""
    return click.option(
        "--set",
        "values",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_pairs,
        help="Fix a parameter (need=0.9) or a weight (RU.shells=60). Repeatable.",
    )


def draws_options(draws: int = DRAWS) -> Decorator[Any]:
    """`--draws` and `--seed`."""

    def add(command: Any) -> Any:
        command = click.option(
            "--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Seed of the draws."
        )(command)
        return click.option(
            "--draws", type=click.IntRange(1), default=draws, show_default=True, help="Parameter sets to sample."
        )(command)

    return add


def narrowing_options() -> Decorator[Any]:
    """`--concept`, `--order`, `--event`: repeatable; left out, every batch concept, order and headline event."""

    def add(command: Any) -> Any:
        command = click.option(
            "--event", "events", multiple=True, metavar="E", help="Only this event (any of the file). Repeatable."
        )(command)
        command = click.option(
            "--order", "orders", multiple=True, metavar="X", help="Only this order of moves. Repeatable."
        )(command)
        return click.option(
            "--concept",
            "concepts",
            multiple=True,
            metavar="C",
            shell_complete=complete_concept,
            help="Only this solution concept. Repeatable.",
        )(command)

    return add


def read(file: str, values: dict[str, str] | None = None) -> "ScenarioData":
    """The scenario that a person means, with some numbers fixed.

    Raises:
        UsageError: no such file or shipped scenario, another kind of file, an unknown number.
        ScenarioError: everything that is wrong in the file.
    """
    from sim.scenario.reader import find_scenario, read_scenario

    path = find_scenario(file)
    if path.suffix != ".toml":
        raise UsageError(f"'{file}' is no scenario: scenarios are TOML files, whose names end in .toml.")
    data = read_scenario(path)
    if data.table is not None and data.table.file is not None:
        from sim.game.game_file import filled

        data = filled(data)
    if not values:
        return data
    from sim.api import rationals
    from sim.scenario.versions import with_values

    return with_values(data, rationals(values))


def requests_meant(
    scenario: "ScenarioData", concepts: Sequence[str] = (), orders: Sequence[str] = (), *, repeated: bool = False
) -> tuple["Request", ...]:
    """The rows that `--concept` and `--order` leave.

    Raises:
        UsageError: an unknown or costly concept, an unknown order, an order that no concept left uses.
    """
    from sim.solvers.concepts import requests_for

    rows = requests_for(scenario, list(concepts) or None, repeated=repeated)
    if not orders:
        return rows
    known = {row.order for order in orders for row in requests_for(scenario, ["subgame-perfect"], order)}
    if all(row.order is None for row in rows):
        raise UsageError(f"--order is for subgame-perfect play, and --concept leaves only {rows[0].name}.")
    return tuple(row for row in rows if row.order is None or row.order in known)


def folder_meant(out: str | None, name: str) -> Path:
    """Where a run writes: `--out`, or out/NAME under the current folder.

    Raises:
        UsageError: an empty `--out`.
    """
    return given_path(out) if out is not None else Path("out") / name


def given_path(out: str) -> Path:
    """The path that `--out` names.

    Raises:
        UsageError: it names none.
    """
    if not out.strip():
        raise UsageError("--out is empty: name a path, or leave the option out.")
    return Path(out)


def _pairs(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in given:
        name, sign, value = (part.strip() for part in pair.partition("="))
        if not sign or not name or not value:
            raise click.BadParameter(f"'{pair}' is not of the form name=value.", ctx, parameter)
        if name in values:
            raise click.BadParameter(f"'{name}' is set twice.", ctx, parameter)
        values[name] = value
    return values
