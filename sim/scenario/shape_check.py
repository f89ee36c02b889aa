"""The merged file is held against the schema; what is at fault is said in the user's words, then set aside.

Setting aside is what makes it possible to report all problems at once: the rest of the file is still read, and a name
whose own definition is at fault is not reported again wherever it is used.
"""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from sim.scenario import schema
from sim.scenario.distributions import KINDS
from sim.scenario.notes import Notes
from sim.scenario.places import Path
from sim.scenario.spelling import did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

NAMED = (
    *("players", "observers", "events", "parameters", "stakes", "interests", "slices", "orders", "allow", "types"),
    *("bargaining", "repeated", "indices", "status_quo", "graph"),
)  # sections whose keys are names given by the user
LISTS = ("correlated", "ranked", "expect")
DEPTH = {"interests": 3, "types": 3}  # how deep the entry is that a fault spoils; elsewhere 2
ENTRY: dict[str, type[BaseModel]] = {
    "scenario": schema.ScenarioShape,
    "players": schema.PlayerShape,
    "observers": schema.ObserverShape,
    "events": schema.EventShape,
    "parameters": schema.ParameterShape,
    "stakes": schema.StakeShape,
    "interests": schema.InterestShape,
    "slices": schema.SliceShape,
    "orders": schema.OrderShape,
    "correlated": schema.CorrelatedShape,
    "ranked": schema.RankedShape,
    "coalitions": schema.CoalitionsShape,
    "types": schema.TypeShape,
    "bargaining": schema.BargainingShape,
    "repeated": schema.RepeatedShape,
    "indices": schema.IndexShape,
    "expect": schema.ExpectShape,
}
NEEDED = {
    "list_type": "a list in brackets is needed here",
    "dict_type": "a table is needed here",
    "model_type": "a table is needed here",
    "model_attributes_type": "a table is needed here",
    "bool_type": "true or false is needed here",
    "date_type": "a date such as 2023-09-06 is needed here",
    "string_type": "a text in quotes is needed here",
}


def check_shape(data: dict[str, Any], notes: Notes) -> tuple[schema.FileShape, dict[str, list[int]]]:
    """Validate the merged file.

    Returns:
        What is of the right shape, and for each list section the index in the file of each element kept.
    """
    kept = _without_prose(data)
    indices = {name: list(range(len(kept[name]))) for name in LISTS if isinstance(kept.get(name), list)}
    attempt = 0
    while True:
        attempt += 1
        try:
            return schema.FileShape.model_validate(kept), indices
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
        spoilt: set[Path] = set()
        for fault in faults:
            path = _data_path(kept, fault)
            _report(kept, path, fault, notes, indices)
            spoilt.add(
                _entry(path, fault) if attempt < 5 else path[:1]
            )  # what cannot be mended piece by piece goes whole
        for path in spoilt:
            _note_broken(kept, path, notes)
        _drop(kept, spoilt, indices)


def _without_prose(data: dict[str, Any]) -> dict[str, Any]:
    """A copy without the `about` and `rests_on` of tables whose keys are names."""

    def bare(table: dict[str, Any]) -> dict[str, Any]:
        prose = {"about": str, "rests_on": list}
        return {key: value for key, value in table.items() if not (key in prose and isinstance(value, prose[key]))}

    kept = {key: bare(value) if key in NAMED and isinstance(value, dict) else value for key, value in data.items()}
    for section in ("interests", "types"):
        if isinstance(kept.get(section), dict):
            kept[section] = {k: bare(v) if isinstance(v, dict) else v for k, v in kept[section].items()}
    players = kept.get("players")
    if isinstance(players, dict):
        kept["players"] = {
            k: {**v, "moves": bare(v["moves"])} if isinstance(v, dict) and isinstance(v.get("moves"), dict) else v
            for k, v in players.items()
        }
    return {key: _copied(value) for key, value in kept.items()}


def _copied(value: Any) -> Any:
    """A copy of tables and lists all the way down (nesting is bounded by the source): entries of it will be dropped."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _data_path(data: dict[str, Any], fault: "ErrorDetails") -> Path:
    """The place of a fault in the data: its location without the tags of unions."""
    path: list[str | int] = []
    current: Any = data
    for position, part in enumerate(fault["loc"]):
        last = position == len(fault["loc"]) - 1
        inside_list = isinstance(current, list) and isinstance(part, int) and part < len(current)
        if inside_list or (isinstance(current, dict) and part in current):
            current = current[part]
        elif not (last and fault["type"] == "missing"):
            continue
        path.append(part)
    return tuple(path)


def _entry(path: Path, fault: "ErrorDetails") -> Path:
    """The entry that a fault spoils."""
    if fault["type"] == "extra_forbidden":
        return path
    if fault["type"] == "missing":
        path = path[:-1] or path
    if path[0] == "players":
        return path[:4] if path[2:3] == ("moves",) else path[:3]
    return path[: DEPTH.get(str(path[0]), 2)]


def _note_broken(data: dict[str, Any], path: Path, notes: Notes) -> None:
    """Remember the names that are lost with an entry."""
    found: Any = data
    for part in path:
        inside_list = isinstance(found, list) and isinstance(part, int)
        found = found[part] if inside_list or (isinstance(found, dict) and part in found) else None
    notes.broken.update(part for part in path[1:] if isinstance(part, str))
    if isinstance(found, dict):  # an unknown section, or a player with all its moves
        moves = found.get("moves")
        notes.broken.update(found if len(path) == 1 else moves if isinstance(moves, dict) else ())


def _drop(data: dict[str, Any], spoilt: set[Path], indices: dict[str, list[int]]) -> None:
    """Set entries aside, the last elements of lists first so that the indices before them stay."""
    for path in sorted(spoilt, key=lambda path: [(isinstance(part, int), part) for part in path], reverse=True):
        table: Any = data
        for part in path[:-1]:
            if isinstance(table, dict) and part not in table:
                table = None  # gone with an entry above it
                break
            table = table[part]
        if isinstance(table, dict):
            table.pop(path[-1], None)
        elif isinstance(table, list) and isinstance(path[-1], int):
            del table[path[-1]]
            del indices[str(path[0])][path[-1]]
    if "scenario" not in data:
        data["scenario"] = {}


def _report(
    data: dict[str, Any], path: Path, fault: "ErrorDetails", notes: Notes, indices: dict[str, list[int]]
) -> None:
    """Say one fault of shape in the user's words, at its key."""
    if notes.full:
        notes.unlisted += 1
        return
    kind, context = fault["type"], fault.get("ctx", {})
    shown = _shown(path)
    where = path
    if path and path[0] in indices and len(path) > 1 and isinstance(path[1], int):
        where = (path[0], indices[str(path[0])][path[1]], *path[2:])
    for name, at in (("value", 2), ("weight", 3)):
        if len(path) > at and path[at] == name and path[0] in ("parameters", "interests"):
            where = where[: at + 1]
    if kind == "extra_forbidden":
        notes.wrong(where, f"'{path[-1]}' is no {_known_as(path)}.", did_you_mean(str(path[-1]), _right_keys(path)))
    elif kind == "missing":
        notes.wrong(where[:-1] or where, f"{_shown(path[:-1]) or 'the file'} has no '{path[-1]}'.")
    elif kind in ("union_tag_not_found", "union_tag_invalid"):
        given: Any = data
        for part in path:
            given = given[part]
        misspelt = next((key for key in given if key not in KINDS), "") if isinstance(given, dict) else ""
        mend = did_you_mean(str(misspelt), KINDS) or f"A number, or one of {', '.join(KINDS)}."
        notes.wrong(where, f"{shown} is no distribution.", mend)
    elif kind in ("too_short", "too_long"):
        least = context.get("min_length", context.get("max_length"))
        notes.wrong(where, f"{shown} has {context.get('actual_length')} values; {least} are needed.")
    elif kind == "literal_error":
        notes.wrong(where, f"{shown} is none of {context.get('expected')}.")
    else:
        notes.wrong(where, f"{shown}: {NEEDED.get(kind, fault['msg'])}.")


def _shown(path: Path) -> str:
    return ".".join(str(part) if isinstance(part, str) else f"[{part + 1}]" for part in path).replace(".[", "[")


def _known_as(path: Path) -> str:
    return "section of a scenario file" if len(path) == 1 else f"key of {_shown(path[:-1])}"


def _right_keys(path: Path) -> list[str]:
    """The keys that could stand where an unknown one does."""
    if len(path) == 1:
        return list(schema.FileShape.model_fields)
    if "choice" in path[:-1]:
        return list(schema.ChoiceTable.model_fields)
    if path[-2] in ("value", "weight"):
        return [*KINDS, "within"]
    shape = ENTRY.get(str(path[0]))
    return list(shape.model_fields) if shape else []
