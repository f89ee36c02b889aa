"""`extends`: a file says only what it changes, and is merged key by key over the file that it extends.

A distribution, a `set` and an array are replaced whole. What the base defines comes first, so that axes keep their
order. `[scenario] remove` drops dotted paths of the base before the merge.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError
from sim.scenario.places import Path as KeyPath
from sim.scenario.places import Place, Places
from sim.scenario.shipped import shipped, shipped_scenarios
from sim.scenario.source import GREATEST_BYTES, Source, read_source
from sim.scenario.spelling import did_you_mean, nearest

LONGEST_CHAIN = 8
GREATEST_ENTRIES = 20_000  # keys and values of a file that extends another, with all that lie between
OWN_KEYS = ("name", "extends", "remove")  # of [scenario]: never inherited


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """A file with all that it extends."""

    data: dict[str, Any]
    places: Places
    chain: tuple[str, ...]  # file names, the file itself first
    links: tuple[Place, ...]  # the `extends` line of each file but the last

    def with_links(self, problems: list[Problem]) -> list[Problem]:
        """Add, for each base with problems, one problem at every `extends` line that leads to it."""
        found = list(problems)
        for depth, file in enumerate(self.chain[1:], start=1):
            inside = sorted(problem for problem in problems if problem.file == file)
            if inside:
                first = inside[0]
                more = f" ({len(inside)} problems in all)" if len(inside) > 1 else ""
                cause = (
                    f"the file that this extends is wrong at {file}:{first.line}:{first.column}: {first.cause}{more}"
                )
                found += [Problem(at.file, at.line, at.column, cause, first.mend) for at in self.links[:depth]]
        return found


def read_merged(path: Path) -> Merged:
    """Read a file and the chain that it extends.

    Raises:
        ScenarioError: a file that cannot be read, a path that leads to no scenario, a cycle, a chain longer than 8.
    """
    sources: list[Source] = []
    links: list[Place] = []
    seen: list[Path] = []
    current = path
    while True:
        source = _read_link(current, links)
        sources.append(source)
        seen.append(_real(current))
        link = _extends(source)
        if link is None:
            break
        place = source.places.of(("scenario", "extends")) or Place(str(current), 1, 1)
        links.append(place)
        if sum(s.size for s in sources) > GREATEST_BYTES or sum(s.entries for s in sources) > GREATEST_ENTRIES:
            raise ScenarioError([_at(links[0], "the files of this chain of `extends` are too large together.")])
        current = _base(current.parent, link)
        if _real(current) in seen:
            chain = " -> ".join([*(str(one.path.name) for one in sources), current.name])
            raise ScenarioError(
                [_at(place, f"the files extend each other in a cycle: {chain}.", "Break it at one place.")]
            )
        if len(sources) == LONGEST_CHAIN:
            raise ScenarioError([_at(place, f"the chain of `extends` is longer than {LONGEST_CHAIN} files.")])
    return _fold(sources, links)


def _base(folder: Path, link: str) -> Path:
    """The file beside, else the shipped scenario of that name: a version of it may be kept anywhere."""
    beside = Path(os.path.normpath(folder / link))
    known = None if os.path.lexists(beside) else shipped(link)
    return beside if known is None else known


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, or a null character: the reader then says so
        return path


def _at(place: Place, cause: str, mend: str = "") -> Problem:
    return Problem(place.file, place.line, place.column, cause, mend)


def _extends(source: Source) -> str | None:
    table = source.data.get("scenario")
    link = table.get("extends") if isinstance(table, dict) else None
    return link if isinstance(link, str) else None  # another type is an error of shape, reported with the others


def _read_link(path: Path, links: list[Place]) -> Source:
    """One file of the chain; a base that is no scenario is an error at both ends, which quotes nothing of it."""
    source = read_source(path, quote=not links)
    if isinstance(source, Problem):
        if links and not os.path.lexists(path):
            source = _missing(path)
        cause = f"this extends a file that cannot be used: {source.cause}"
        raise ScenarioError([source, *(_at(link, cause, source.mend) for link in links)])
    if links and not isinstance(source.data.get("scenario"), dict):
        raise ScenarioError([_at(link, "`extends` leads to a file that is no scenario.") for link in links])
    return source


def _missing(path: Path) -> Problem:
    """A base that is not there: where it was looked for, and which shipped scenario may be meant."""
    names = [one.stem for one in shipped_scenarios()]
    cause = f"there is no file {os.path.abspath(path)}, and no shipped scenario is called '{path.stem}'."
    near = nearest(path.stem, names)
    mend = "A path starts at the folder of the file that extends." if near is None else f"Did you mean '{near}'?"
    return Problem(str(path), 1, 1, cause, mend)


def _fold(sources: list[Source], links: list[Place]) -> Merged:
    """Merge from the last base to the file itself."""
    problems: list[Problem] = []
    data: dict[str, Any] = {}
    places = Places()
    for depth, source in reversed(list(enumerate(sources))):
        own = source.data.get("scenario")
        removals = own.get("remove", []) if isinstance(own, dict) else []
        for k, dotted in enumerate(removals if isinstance(removals, list) else []):
            problem = _remove(data, dotted, source, k)
            if problem is not None:
                problems.append(problem)
        data = _merge(data, source.data, ())
        places = Places(places.keys | source.places.keys, places.values | source.places.values)
        if depth and isinstance(data.get("scenario"), dict):
            data["scenario"] = {key: value for key, value in data["scenario"].items() if key not in OWN_KEYS}
    merged = Merged(data, places, tuple(str(source.path) for source in sources), tuple(links))
    if problems:
        raise ScenarioError(merged.with_links(problems[:200]))
    return merged


def _remove(data: dict[str, Any], dotted: Any, source: Source, index: int) -> Problem | None:
    """Drop one dotted path from the base."""
    if not isinstance(dotted, str):
        return None  # an error of shape, reported with the others
    place = source.places.of(("scenario", "remove", index)) or Place(str(source.path), 1, 1)
    parts = dotted.split(".")
    table: Any = data
    for k, part in enumerate(parts):
        if not isinstance(table, dict) or part not in table or parts[0] == "scenario":
            near = did_you_mean(part, table) if isinstance(table, dict) else ""
            return _at(place, f"`remove` names '{dotted}', but the base has no '{'.'.join(parts[: k + 1])}'.", near)
        if k == len(parts) - 1:
            del table[part]
        else:
            table = table[part]
    return None


def _merge(base: dict[str, Any], over: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        under = merged.get(key)
        here = (*path, key)
        whole = replaced_whole(here) or not isinstance(value, dict)
        merged[key] = value if whole or not isinstance(under, dict) else _merge(under, value, here)
    return merged


def replaced_whole(path: KeyPath) -> bool:
    """True at a distribution and at the `set` of a type."""
    match path:
        case ("parameters", _, "value") | ("interests", _, _, "weight") | ("types", _, _, "set"):
            return True
    return False
