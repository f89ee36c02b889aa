"""To begin with: a new scenario, the shipped ones, and what a file says before it is solved."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.frame import BAD_INPUT, Command, print_json
from sim.cli.options import file_argument, json_option, read
from sim.errors import RealpolitikError, ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.analysis.expected import Verdict
    from sim.scenario.model import ScenarioData

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}", re.ASCII)  # of a scenario, safe in any file system and shell


@click.command(cls=Command)
@click.argument("name")
@click.option("--dir", "folder", default=".", metavar="DIR", help="Where to write it; the current folder if left out.")
@json_option()
def new(name: str, folder: str, as_json: bool) -> None:
    """Write a small commented scenario that runs.

    \b
      sim new fishing-rights
      sim check fishing-rights.toml && sim run fishing-rights.toml
    """
    from sim.show.first_scenario import first_scenario

    if not NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' is no name for a scenario: it has letters, digits, - and _, begins with a letter, and is "
            "written without folders and without .toml."
        )
    path = Path(folder) / f"{name}.toml"
    text = first_scenario(name)
    try:
        file = path.open("x", encoding="utf-8")
    except FileExistsError:
        raise UsageError(f"'{path}' is there already, and is left alone. Choose another name.") from None
    try:
        with file:
            file.write(text)
    except BaseException:
        path.unlink(missing_ok=True)  # whole or not at all
        raise
    if as_json:
        print_json({"scenario": name, "file": str(path)})
        return
    click.echo(f"{path}\nRead it from the top, change a number, then: sim check {path}; sim run {path}")


@click.command(name="list", cls=Command)
@json_option()
def list_(as_json: bool) -> None:
    """The scenarios that come with the program, one line each.

    \b
      sim list
    """
    from sim.scenario.reader import read_scenario
    from sim.scenario.shipped import shipped_scenarios

    found = [read_scenario(path) for path in shipped_scenarios()]
    if as_json:
        print_json(
            [
                {"name": one.name, "title": one.title, "players": [own.name for own in one.players], "file": one.path}
                for one in found
            ]
        )
        return
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        click.echo(f"{one.name.ljust(width)}  {len(one.players)} players  {_cut(one.title, 86 - width)}")


@click.command(cls=Command)
@file_argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--strict", is_flag=True, help="Status 1 where there is a warning or an expectation fails.")
@json_option()
@click.pass_context
def check(ctx: click.Context, files: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Read and diagnose scenarios, published answers included.

    Everything that is wrong is said at once; warnings and answers that fail do not change the status without --strict.

    \b
      sim check vladivostok-2023
      sim check --strict scenarios/*.toml
    """
    status = 0
    for file in files:
        try:
            data = read(file)
            warnings, verdicts = _diagnosed(data)
        except RealpolitikError as error:
            status = BAD_INPUT
            _report_error(file, error, as_json)
            continue
        if strict and status == 0 and (warnings or not all(one.holds for one in verdicts)):
            status = 1
        if as_json:
            print_json(_checked(file, data, warnings, verdicts))
        else:
            click.echo(_plain_check(data, warnings, verdicts))
    ctx.exit(status)


def _diagnosed(data: "ScenarioData") -> "tuple[tuple[str, ...], tuple[Verdict, ...]]":
    from sim.analysis.diagnostics import diagnostics
    from sim.analysis.expected import verdicts_of

    return (*data.warnings, *diagnostics(data)), verdicts_of(data)


def _report_error(file: str, error: RealpolitikError, as_json: bool) -> None:
    if not as_json:
        click.echo(str(error), err=True)
        return
    problems = error.problems if isinstance(error, ScenarioError) else ()
    places = [{name: getattr(one, name) for name in ("file", "line", "column", "cause", "mend")} for one in problems]
    print_json({"file": file, "error": str(error), "problems": places})


def _checked(file: str, data: "ScenarioData", warnings: tuple[str, ...], verdicts: "tuple[Verdict, ...]") -> Any:
    from sim.scenario.reader import scenario_hash

    return {
        "file": file,
        "scenario": data.name,
        "hash": scenario_hash(data),
        "warnings": list(warnings),
        "expect": [one.to_dict() for one in verdicts],
    }


def _plain_check(data: "ScenarioData", warnings: tuple[str, ...], verdicts: "tuple[Verdict, ...]") -> str:
    failed = sum(not one.holds for one in verdicts)
    numbers = data.distributions().values()
    told = [
        _many(len(data.players), "player"),
        _many(len(data.moves), "move"),
        _many(len(data.events), "event"),
        f"{sum(one.kind != 'fixed' for one in numbers)} of {len(numbers)} numbers uncertain",
    ]
    if verdicts:
        told.append(f"{len(verdicts) - failed} of {len(verdicts)} published answers hold")
    told.append(_many(len(warnings), "warning"))
    lines = [f"{data.path}: reads and compiles: {', '.join(told)}"]
    lines += [f"  {warning}" for warning in warnings]
    lines += [f"  {one}" for one in verdicts if not one.holds]
    return "\n".join(lines)


def _many(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'s' * (count != 1)}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
