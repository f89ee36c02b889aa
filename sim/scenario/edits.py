"""Two scenario files as a list of edits: what one says otherwise than the other, place by place, all bases merged in.

Comments, spacing and orders that mean nothing are no edits; numbers are compared as the exact numbers that are written.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario.canonical import canonical_value
from sim.scenario.merge import Merged, read_merged, replaced_whole
from sim.scenario.model import ScenarioData
from sim.scenario.reader import checked

ABSENT = "absent"  # what stands for a value that a file does not have
NAMES = ("name", "extends", "remove", "title")  # of [scenario]: what a version is called changes nothing
WORDS = (
    "about",
    "rests_on",
    "unit",
    "name",
    "title",
    "source",
    "incentive",
    "text",
)  # they explain, and move no payoff


@dataclass(frozen=True, slots=True)
class Edit:
    """One place at which two files differ."""

    path: tuple[str, ...]
    before: Any  # as in the first file; ABSENT where it has nothing there
    after: Any

    @property
    def place(self) -> str:
        """The dotted path."""
        return ".".join(self.path)

    @property
    def in_words_only(self) -> bool:
        """Whether it changes an explanation, a title or a source, and nothing that is computed."""
        return self.path[-1] in WORDS or self.path[0] == "expect" or self.path[:2] == ("scenario", "claims")

    def __str__(self) -> str:
        if self.before is ABSENT:
            return f"{self.place}: added {_text(self.after)}"
        if self.after is ABSENT:
            return f"{self.place}: removed (was {_text(self.before)})"
        return f"{self.place}: {_text(self.before)} -> {_text(self.after)}"


def edits_between(first: Path, second: Path) -> tuple[Edit, ...]:
    """What makes the second file of the first, in the order of the files.

    Raises:
        ScenarioError: a file that cannot be read.
    """
    return tuple(_edits(read_merged(first).data, read_merged(second).data, ()))


def with_edits(path: Path, edits: Sequence[Edit]) -> ScenarioData:
    """The scenario of a file with some edits made.

    Raises:
        ScenarioError: the edited scenario is wrong, such as where an edit needs another one.
    """
    merged = read_merged(path)
    data = merged.data
    for edit in edits:
        data = _with(data, edit.path, edit.after)
    return checked(path, Merged(data, merged.places, merged.chain, merged.links))


def _edits(before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Edit]:
    for key in dict.fromkeys((*before, *after)):
        here = (*path, key)
        if path == ("scenario",) and key in NAMES:
            continue
        one, other = before.get(key, ABSENT), after.get(key, ABSENT)
        inside = isinstance(one, Mapping) and isinstance(other, Mapping) and not replaced_whole(here)
        if inside:
            yield from _edits(one, other, here)
        elif one is ABSENT or other is ABSENT or canonical_value(one, here) != canonical_value(other, here):
            yield Edit(here, one, other)


def _with(data: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A copy with another value at a path; ABSENT removes what is there."""
    key, rest = path[0], path[1:]
    changed = dict(data)
    if rest:
        changed[key] = _with(changed[key], rest, value)
    elif value is ABSENT:
        del changed[key]
    else:
        changed[key] = value
    return changed


def _text(value: Any) -> str:
    text = json.dumps(canonical_value(value, ()), ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."
