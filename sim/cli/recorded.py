"""What a folder was made from: the scenario, numbers, seed and rows that `sim run` or `sim sweep` recorded there.

A folder holds no scenario to compute with: its file is found again, by the name that was typed then, or among the
shipped ones. The hash says whether it still is the same.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from sim.cli.asking import ANALYSIS, Given
from sim.cli.frame import note
from sim.cli.options import file_argument, read, requests_meant
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioData

SOURCE = (*ANALYSIS[:-1], file_argument(metavar="DIR|FILE"))
OF_RUN = frozenset({"file", "set", "hash", "concepts", "events", "draws", "seed"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run or a sweep, and the scenario that it was made from, with its numbers fixed again."""

    kind: Literal["run", "sweep"]
    folder: Path
    scenario: "ScenarioData"
    file: str  # as one types it
    values: Mapping[str, str]  # of --set
    concepts: tuple[str, ...]  # names of rows
    events: tuple[str, ...]  # that were asked for; empty where nothing was said
    draws: int
    seed: int
    sampler: str = "mc"  # or "sobol"
    first: int = 0  # draw of a sweep


def recorded(folder: Path) -> Recorded:
    """The run or sweep in a folder.

    Raises:
        UsageError: neither is there, or its scenario is gone or has changed.
        ScenarioError: everything that is wrong in the scenario's file by now.
    """
    from sim.sweeps.manifest import MANIFEST, read_manifest

    if (folder / MANIFEST).is_file():
        told = read_manifest(folder)
        return _recorded_sweep(folder, told)
    summary = _summary(folder)
    file, scenario = _found_again(folder, summary["file"], summary["scenario"], summary["hash"], summary["set"])
    events = tuple(summary["events"]) if scenario.events else ()
    rest = (tuple(summary["concepts"]), events, summary["draws"], summary["seed"])
    return Recorded("run", folder, scenario, file, summary["set"], *rest)


def refuse_given(ctx: click.Context, folder: Path, names: Sequence[str]) -> None:
    """Refuse options that the folder has its own answer to.

    Raises:
        UsageError: one of them stands on the command line.
    """
    given = ["--set" if name == "values" else f"--{name}" for name in names if is_given(ctx, name)]
    if given:
        raise UsageError(
            f"{' and '.join(given)}: '{folder}' has its own, as recorded. Name the scenario's file instead."
        )


def is_given(ctx: click.Context, name: str) -> bool:
    """Whether an option stands on the command line."""
    return ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def source_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of an analysis that takes a folder too."""
    for option in SOURCE:
        command = option(command)
    return command


def asked_of_source(
    ctx: click.Context, given: Mapping[str, Given], *, own_draws: bool = False
) -> tuple["ScenarioData", dict[str, Any]]:
    """The scenario, and the rows, events, draws and seed that it is asked with: a folder's own where one is named.

    `--concept`, `--event` and `--draws` go before what was recorded; `--seed` and `--set` are refused beside it.
    `own_draws` says that the analysis makes draws of its own, whose number does not follow the folder's.

    Raises:
        UsageError: as `recorded`; a sweep of nothing but concepts that are solved one game at a time.
    """
    folder = Path(given["file"])
    if not folder.is_dir():
        data = read(given["file"], given["values"])
        requests = requests_meant(data, given["concepts"], given["orders"])
        return data, {"requests": requests, "events": given["events"], "draws": given["draws"], "seed": given["seed"]}
    refuse_given(ctx, folder, ("seed", "values"))
    told = recorded(folder)
    requests = requests_meant(told.scenario, given["concepts"] or _batch(told), given["orders"])
    draws = given["draws"] if own_draws or is_given(ctx, "draws") else told.draws
    if not own_draws and (told.sampler, told.first) != ("mc", 0):
        note(f"'{folder}' holds other draws than the {draws:,} independent ones, from draw 0 on, that are taken here.")
    events = given["events"] or told.events
    return told.scenario, {"requests": requests, "events": events, "draws": draws, "seed": told.seed}


def _batch(told: Recorded) -> list[str]:
    """The rows that an analysis can compute on every draw."""
    from sim.solvers.concepts import ONE_GAME_AT_A_TIME

    left = [name for name in told.concepts if name.partition(".")[0] not in (*ONE_GAME_AT_A_TIME, "repeated")]
    if not left:
        raise UsageError(
            f"'{told.folder}' holds {', '.join(told.concepts)}: none runs on every draw here. Name another --concept."
        )
    return left


def _recorded_sweep(folder: Path, told: Mapping[str, Any]) -> Recorded:
    from sim.scenario.distributions import is_fixed

    known = told["scenario"]
    file, scenario = _found_again(folder, told.get("file", known), known, told["hash"], {})
    now = {name: str(own.numbers[0]) for name, own in scenario.distributions().items() if is_fixed(own)}
    values = {name: value for name, value in told["fixed"].items() if now.get(name) != value}
    rest = (values, tuple(told["concepts"]), (), told["draws"], told["seed"], told["sampler"], told["first"])
    return Recorded("sweep", folder, read(file, values), file, *rest)


def _found_again(folder: Path, file: str, name: str, known: str, values: dict[str, str]) -> tuple[str, "ScenarioData"]:
    """The scenario of that hash: by the file that was recorded, or the shipped one of its name."""
    from sim.scenario.reader import scenario_hash
    from sim.scenario.shipped import shipped

    there = [one for one in dict.fromkeys((file, name)) if shipped(one) or Path(one).is_file()]
    if not there:
        raise UsageError(f"'{folder}' was made from '{file}', which is not there any more: name the scenario's file.")
    for one in there:
        data = read(one, values)
        if scenario_hash(data) == known:
            return one, data
    raise UsageError(f"'{there[0]}' is not the scenario that '{folder}' was made from: run it again.")


def _summary(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = None
    if not isinstance(told, dict) or not told.keys() >= OF_RUN:
        raise UsageError(
            f"'{folder}' holds neither a run nor a sweep: there is no summary.json of `sim run` and no manifest.json of"
            " `sim sweep`."
        )
    return told
