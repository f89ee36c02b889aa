"""The files that a scenario is read from, by where they lie to each other: what one copies to read it elsewhere."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.scenario.merge import read_merged
from sim.scenario.shipped import shipped

BESIDE = (("scenario", "claims"), ("payoffs", "table"), ("payoffs", "tree"))  # keys whose text leads to another file


def files_read(path: Path) -> dict[str, Path]:
    """Every file behind a scenario, the scenario first: its path below the folder that holds them all -> where it is.

    A shipped scenario that is extended from elsewhere is placed where the `extends` looks first, with what it reads.

    Raises:
        ScenarioError: a file of the chain that cannot be read.
    """
    read_merged(path)  # every problem of the chain at its place
    found = dict(_chain(Path(os.path.abspath(path))))
    root = os.path.commonpath([placed.parent for placed in found])
    return {placed.relative_to(root).as_posix(): real for placed, real in found.items()}


def _chain(path: Path) -> Iterator[tuple[Path, Path]]:
    """Where each file is to be placed, and where it is."""
    placed, real = path, path
    wanted = set(BESIDE)
    while True:
        yield placed, real
        told = tomllib.loads(real.read_text(encoding="utf-8"))
        for keys in sorted(wanted):
            link = _text(told, keys)
            if link is not None:
                wanted.discard(keys)  # a base's own is replaced
                yield _at(placed, link), _at(real, link)
        link = _text(told, ("scenario", "extends"))
        if link is None:
            return
        beside = _at(real, link)
        known = None if os.path.lexists(beside) else shipped(link)
        placed, real = _at(placed, link), beside if known is None else known


def _at(file: Path, link: str) -> Path:
    return Path(os.path.normpath(file.parent / link))


def _text(told: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    value: Any = told
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
