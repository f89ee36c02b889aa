"""A scenario file becomes checked, frozen data; or every problem in it is reported at once, each at its place."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError, UsageError
from sim.scenario.canonical import canonical_text, hash_of
from sim.scenario.claims import read_claims
from sim.scenario.merge import Merged, read_merged
from sim.scenario.model import Claim, ScenarioData
from sim.scenario.notes import Notes
from sim.scenario.shipped import shipped_scenarios
from sim.scenario.spelling import did_you_mean

if TYPE_CHECKING:
    from sim.scenario.schema import FileShape


def read_scenario(path: Path) -> ScenarioData:
    """Read a scenario file and all that it extends.

    Raises:
        ScenarioError: everything that is wrong, each problem with file, line, column, cause and mend.
    """
    return checked(Path(path), read_merged(Path(path)))


def checked(path: Path, merged: Merged) -> ScenarioData:
    """The data of a file that is merged with its bases. Raises ScenarioError as `read_scenario`."""
    notes = Notes(str(path), merged.places)
    from sim.scenario.shape_check import check_shape  # pydantic: loaded where a file is read

    shape, indices = check_shape(merged.data, notes)
    data = _assemble(path, merged, shape, indices, notes)
    if notes.problems:
        raise ScenarioError(merged.with_links(notes.all_problems()))
    return data


def _assemble(
    path: Path, merged: Merged, shape: "FileShape", indices: Mapping[str, list[int]], notes: Notes
) -> ScenarioData:
    """Read section after section; problems are noted on the way, and the data is whole only where there are none."""
    from sim.scenario import advice, correlations, expectations, names, one_concept, payoff_cells, protocols, quantities

    protocols.check_scenario(shape, path.stem, notes)
    names.check_names(shape, notes)
    players, observers, moves = names.read_players(shape, notes)
    parameters = quantities.read_parameters(shape, notes)
    formulas = quantities.Formulas(notes)
    events = quantities.read_events(shape, moves, formulas)
    stakes = quantities.read_stakes(shape, moves, events, formulas)
    ranked, ranked_weights = quantities.read_ranked(shape, indices.get("ranked", []), notes)
    interests = quantities.read_interests(shape, list(shape.stakes), ranked_weights, notes)
    table = payoff_cells.read_table(shape, moves, formulas)
    numbers = {parameter.name: parameter.value for parameter in parameters}
    numbers |= {interest.name: interest.weight for interest in interests}
    claims = _read_register(merged, shape, notes)
    headline = protocols.read_headline(shape, notes)
    slices = protocols.read_slices(shape, players, moves, notes)
    orders = protocols.read_orders(shape, moves, notes)
    coalitions = protocols.read_coalitions(shape, notes)
    bargaining = one_concept.read_bargaining(shape, players, moves, notes)
    status_quo = one_concept.read_options(shape.status_quo, ("status_quo",), moves, notes)
    repeated = one_concept.read_repeated(shape, players, moves, status_quo, notes)
    types = one_concept.read_types(shape, players, notes)
    graph = one_concept.read_graph(shape, moves, notes)
    expect = expectations.read_expect(shape, indices.get("expect", []), players, moves, notes)
    index_list = protocols.read_indices(shape, notes)
    correlated = correlations.read_correlated(shape, indices.get("correlated", []), numbers, notes)
    advice.check_claims(merged.data, claims, notes)
    if not notes.problems:
        advice.advise(shape, events, parameters, stakes, interests, table, notes)
    head = shape.scenario
    return ScenarioData(
        name=head.name,
        title=head.title or head.name,
        about=head.about,
        as_of=head.as_of,
        path=str(path),
        decides=head.decides,
        threshold=head.threshold,
        headline=headline,
        players=players,
        observers=observers,
        moves=tuple(moves.values()),
        events=events,
        parameters=parameters,
        stakes=stakes,
        interests=interests,
        table=table,
        slices=slices,
        orders=orders,
        correlated=correlated,
        ranked=ranked,
        coalitions=coalitions,
        indices=index_list,
        expect=expect,
        claims=claims or {},
        resolved="" if notes.problems else canonical_text(merged.data, headline),
        warnings=notes.all_warnings(),
        bargaining=bargaining,
        repeated=repeated,
        types=types,
        status_quo=status_quo,
        graph=graph,
    )


def _read_register(merged: Merged, shape: "FileShape", notes: Notes) -> dict[str, Claim] | None:
    """The claims, from a path that starts at the file that names it; None where none is named or it cannot be read."""
    named = shape.scenario.claims
    if named is None:
        return None
    place = notes.place(("scenario", "claims"))
    path = Path(os.path.normpath(Path(place.file).parent / named))
    try:
        return read_claims(path)
    except ScenarioError as error:
        first: Problem = error.problems[0]
        cause, mend = f"the claims file {path} cannot be used: line {first.line}: {first.cause}", first.mend
        if not os.path.lexists(path):
            cause = f"the claims file {path} cannot be used: there is no file {os.path.abspath(path)}."
            mend = "The path starts at the folder of the file that names it."
        notes.wrong(("scenario", "claims"), cause, mend)
    return None


def scenario_hash(data: ScenarioData) -> str:
    """The sha256 that names a scenario: equal where files differ only in comments, spacing, orders without meaning."""
    return hash_of(data.resolved)


def find_scenario(name_or_path: str) -> Path:
    """The file that a user means: a path, or the name of a shipped scenario.

    Raises:
        UsageError: neither; the nearest shipped name is offered.
    """
    shipped = {path.stem: path for path in reversed(shipped_scenarios())}
    looks_like_path = name_or_path.endswith(".toml") or any(sign in name_or_path for sign in "/\\")
    if looks_like_path or (name_or_path not in shipped and _exists(name_or_path)):
        return Path(name_or_path)
    if name_or_path in shipped:
        return shipped[name_or_path]
    beside = f"{name_or_path}.toml"
    mend = f"Did you mean '{beside}', which is here?" if _exists(beside) else did_you_mean(name_or_path, shipped)
    mend = mend or "`sim list` shows the names; a path ends in .toml."
    raise UsageError(f"'{name_or_path}' is neither a file nor a shipped scenario. {mend}")


def _exists(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # too long, or a null character
        return False
