"""To try by hand: a notebook with sliders for a few numbers of a scenario."""

import os
import shlex
from importlib.util import find_spec
from pathlib import Path

import click

from sim.cli.frame import Command, print_json
from sim.cli.options import complete_concept, file_argument, given_path, json_option, read, requests_meant, set_option
from sim.errors import UsageError


@click.command(cls=Command)
@file_argument()
@click.option("--number", "numbers", multiple=True, metavar="NAME", help="A number to move. Repeatable.")
@click.option("--concept", metavar="C", shell_complete=complete_concept, help="The solution concept chosen at first.")
@click.option("--order", metavar="X", help="The order of moves chosen at first.")
@set_option()
@click.option("--out", metavar="PATH", help="The notebook; NAME-explore.ipynb if left out. Never overwritten.")
@json_option()
def explore(
    file: str,
    numbers: tuple[str, ...],
    concept: str | None,
    order: str | None,
    values: dict[str, str],
    out: str | None,
    as_json: bool,
) -> None:
    """Write a notebook with sliders: statuses, matrices and reasons follow.

    Left to itself it moves the five numbers that most often change an answer.

    \b
      sim explore vladivostok-2023
      jupyter lab vladivostok-2023-explore.ipynb
      sim explore vladivostok-2023 --number need --number RU.shells --concept pure-nash --out my.ipynb
    """
    from sim.analysis.ranges import range_of
    from sim.scenario.reader import find_scenario
    from sim.scenario.shipped import shipped_scenarios
    from sim.show.explore_notebook import explore_notebook

    data = read(file, values)
    for name in numbers:
        range_of(data, name)
    if concept or order:
        requests_meant(data, [concept or "subgame-perfect"], [order] if order else [])
    target = given_path(out) if out is not None else Path(f"{data.name}-explore.ipynb")
    path = find_scenario(file).resolve()
    shipped = {one.resolve(): one.stem for one in shipped_scenarios()}
    seen = shipped.get(path) or Path(os.path.relpath(path, target.resolve().parent)).as_posix()
    text = explore_notebook(data, seen, numbers=numbers, concept=concept, order=order, values=values)
    _write_new(target, text)
    if as_json:
        print_json({"scenario": data.name, "file": str(target)})
        return
    needed = [] if find_spec("ipywidgets") and find_spec("jupyterlab") else ["pip install 'realpolitik[notebook]'"]
    click.echo("\n".join([str(target), *needed, shlex.join(["jupyter", "lab", str(target)])]))


def _write_new(target: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all."""
    try:
        file = target.open("x", encoding="utf-8")
    except FileExistsError:
        raise UsageError(f"'{target}' is there already, and is left alone. Choose another name with --out.") from None
    try:
        with file:
            file.write(text)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
