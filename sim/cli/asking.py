"""What the commands that ask have in common: their options, how they are read, how an answer is printed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from sim.cli.frame import print_json
from sim.cli.options import (
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


def analysis_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every analysis has."""
    for option in ANALYSIS:
        command = option(command)
    return command


def asked_of(given: Mapping[str, Given]) -> tuple[Any, dict[str, Any]]:
    """The scenario, and the rows, events, draws and seed that it is asked with."""
    data = read(given["file"], given["values"])
    requests = requests_meant(data, given["concepts"], given["orders"])
    return data, {"requests": requests, "events": given["events"], "draws": given["draws"], "seed": given["seed"]}


def print_each(found: Sequence[Any], plain: Callable[[Any], str], as_json: bool) -> None:
    """One answer an event."""
    if as_json:
        for one in found:
            print_json(one.to_dict())
    else:
        click.echo("\n\n\n".join(map(plain, found)))


def print_answer(found: Any, plain: Callable[[Any], str], as_json: bool) -> None:
    """One answer: for people, or as one JSON document."""
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(plain(found))


def figure_option() -> Callable[[Callable[..., None]], Callable[..., None]]:
    """--figure of the commands that need two files, whose figures `sim plot` cannot draw."""
    return click.option("--figure", "figure", metavar="DIR", help="Draw the answer too, into this folder.")


def draw_answer(found: Any, data: Any, folder: str | None, draws: int, seed: int, values: Mapping[str, str]) -> None:
    """Write the figure of an answer where a folder is named, and say what was written, or why nothing was."""
    if folder is None:
        return
    from sim.show.figures_of_two import nothing_to_show, save_figure

    paths = save_figure(found, data, given_path(folder), draws=draws, seed=seed, values=values)
    said = f"Written to {', '.join(map(str, paths))}." if paths else f"No figure: {nothing_to_show(found)}."
    click.echo(said, err=True)


def pairs_of(given: tuple[str, ...], option: str, form: str) -> list[tuple[str, str]]:
    """What a repeatable option of the form name=value holds. Raises UsageError where one is not."""
    pairs = []
    for text in given:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name or not value:
            raise UsageError(f"{option} '{text}' is not of the form {form}.")
        pairs.append((name, value))
    return pairs


def number_of(text: str, what: str) -> float:
    """The number that a text means. Raises UsageError, which says `what` it is for."""
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{what}: '{text}' is no number.") from None


def one_row(data: Any, concept: str, order: str | None) -> Any:
    """The one row that is meant."""
    rows = requests_meant(data, [concept], [] if order is None else [order])
    if len(rows) > 1:
        names = ", ".join(str(row.order) for row in rows)
        raise UsageError(f"'{concept}' has {len(rows)} orders here: name one with --order, of {names}.")
    return rows[0]
