"""To compute much: a large sweep that survives whatever stops it."""

from typing import TYPE_CHECKING

import click

from sim import SEED
from sim.cli.frame import Command, note, print_json
from sim.cli.options import (
    complete_concept,
    file_argument,
    given_path,
    json_option,
    read,
    set_option,
)
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioData
    from sim.solvers.concepts import Request

WORKERS = click.IntRange(1, 1024)


@click.command(cls=Command)
@file_argument()
@click.option("--draws", type=click.IntRange(1), required=True, help="Parameter sets to sample.")
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Seed of the draws.")
@click.option("--out", required=True, metavar="DIR", help="A folder that holds no sweep yet, unless with --resume.")
@click.option("--concepts", metavar="A,B", shell_complete=complete_concept, help="Concepts, with commas between them.")
@click.option("--first", type=click.IntRange(0), default=0, show_default=True, help="Number of the first draw.")
@click.option("--workers", type=WORKERS, default=1, show_default=True, help="Processes that compute.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Processes of this machine, or a Dask cluster.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Of the Dask cluster; without it one is started here.")
@click.option("--chunk", type=click.IntRange(1), metavar="N", help="Draws in a part; no row depends on it.")
@click.option(
    "--store",
    type=click.Choice(["all", "outcomes"]),
    default="all",
    show_default=True,
    help="What parts hold: outcomes leaves out the numbers, which the seed can make again.",
)
@click.option(
    "--sampler",
    type=click.Choice(["mc", "sobol"]),
    default="mc",
    show_default=True,
    help="Independent draws, or points that fill the ranges evenly.",
)
@click.option(
    "--until",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="W",
    help="End where every headline share's 95% interval is narrower, at a power of two of draws; --draws is the most.",
)
@click.option(
    "--costly",
    type=click.IntRange(1),
    metavar="N",
    help="Draws, from the first on, for concepts solved one game at a time (nash, seq, ...); 200 if left out.",
)
@click.option(
    "--progress",
    "shown",
    type=click.Choice(["bar", "json"]),
    default="bar",
    show_default=True,
    help="A bar on a terminal, or JSON lines on standard error.",
)
@click.option("--resume", is_flag=True, help="Go on with the sweep that DIR holds; where it holds none, begin.")
@set_option()
@json_option()
def sweep(
    file: str,
    draws: int,
    seed: int,
    out: str,
    concepts: str | None,
    first: int,
    workers: int,
    engine: str,
    scheduler: str | None,
    chunk: int | None,
    store: str,
    sampler: str,
    until: float | None,
    costly: int | None,
    shown: str,
    resume: bool,
    values: dict[str, str],
    as_json: bool,
) -> None:
    """A large sweep of draws, written to disk as it goes.

    Each row holds one draw's numbers, and what each concept says of each event. Whatever stops it, finished parts are
    kept, and the same command with --resume goes on.

    \b
      sim sweep vladivostok-2023 --draws 1000000 --seed 1 --out sweeps/baseline --workers 2
      sim sweep vladivostok-2023 --draws 2000000 --seed 1 --out sweeps/baseline --workers 2 --resume
      sim sweep vladivostok-2023 --draws 1 --first 4711 --out one --concepts pure-nash,strong-2
    """
    from sim.show.headline_table import plain_shares
    from sim.show.progress import sweep_progress
    from sim.sweeps.costly import COSTLY
    from sim.sweeps.run import CHUNK
    from sim.sweeps.status import UNDECLARED
    from sim.sweeps.sweep import sweep as sweep_data
    from sim.sweeps.under_way import How

    if scheduler is not None and engine != "dask":
        raise UsageError("--scheduler is for --engine dask.")
    data = read(file, values)
    requests = _requests(data, concepts)
    with sweep_progress(shown, data.headline or [UNDECLARED]) as watch:
        found = sweep_data(
            data,
            requests,
            draws=draws,
            seed=seed,
            first=first,
            out=given_path(out),
            chunk=chunk or CHUNK,
            store=store,
            sampler=sampler,
            until=until,
            costly=costly or COSTLY,
            resume=resume,
            how=How(workers=workers, engine=engine, scheduler=scheduler, watch=watch, say=note),
        )
    if as_json:
        print_json(found.to_dict())
        return
    click.echo(plain_shares(found.shares, data.headline))
    click.echo(f"\n{found.draws:,} draws in {found.folder}: manifest.json, summary.json, draws/")


def _requests(data: "ScenarioData", concepts: str | None) -> "tuple[Request, ...]":
    names = [name.strip() for name in concepts.split(",") if name.strip()] if concepts is not None else []
    if concepts is not None and not names:
        raise UsageError("--concepts names no concept: write them with commas between, as in pure-nash,strong-2.")
    from sim.solvers.concepts import requests_for

    return requests_for(data, names or None, repeated=True, costly=True)
