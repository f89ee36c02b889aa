"""Write docs/gallery.md: each published game that is shipped, its published answers, and whether ours agree.

Run: python docs/make_gallery.py
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np

import sim
from sim.analysis.expected import verdicts_of
from sim.scenario.model import Expect, ScenarioData
from sim.scenario.shipped import shipped_scenarios

PAGE = Path(__file__).resolve().parent / "gallery.md"
MOST_ROWS = 32  # profiles that are written out
ROUNDED = 1000  # a greater denominator is that of a decimal

HEAD = """# Published games

Written by `python docs/make_gallery.py`, from the scenario files alone: payoffs at central values, the answers that
their sources publish, and whether `sim check` finds the same. Strategies are shares of the actions in the order of the
table, player after player. Each game runs by its name: `sim solve stag-hunt`.
"""


def page() -> str:
    """The whole page."""
    paths = [path for path in shipped_scenarios() if path.parent.name == "published"]
    return "\n".join([HEAD, *(part for path in paths for part in _game(sim.load(path)))])


def _game(scenario: sim.Scenario) -> list[str]:
    data = scenario.data
    about = " ".join(data.about.split())
    return [
        f"## {data.title}",
        f"\n`{data.name}`. {about}\n",
        *_payoffs(data, scenario.game()),
        *_types(data),
        "",
        *_answers(data),
        "",
    ]


def _payoffs(data: ScenarioData, game: sim.Game) -> list[str]:
    """A bimatrix, a list of profiles, or the count of them."""
    profiles = int(np.prod(game.exact.shape[1:]))
    kind = "ranks" if data.table is not None and data.table.ordinal else "payoffs"
    if profiles > MOST_ROWS:
        return [f"{profiles} profiles of {', '.join(game.players)}: `sim export {data.name} --to csv` lists them."]
    if len(game.players) == 2:
        row, column = (_title(data, name) for name in game.players)
        said = f"{row} chooses the row, {column} the column; {kind} of {row}, {column}.\n"
        body = [
            [label, *(_pair(game.exact[:, i, j]) for j in range(game.exact.shape[2]))]
            for i, label in enumerate(game.actions[0])
        ]
        return [said, *_table(["", *game.actions[1]], body)]
    body = [
        [*(game.actions[k][at] for k, at in enumerate(place)), _pair(game.exact[(slice(None), *place)])]
        for place in np.ndindex(*game.exact.shape[1:])
    ]
    return _table([*(_title(data, name) for name in game.players), kind], body)


def _types(data: ScenarioData) -> Iterable[str]:
    """What each type alone knows: the numbers that are its own."""
    for player in dict.fromkeys(one.player for one in data.types):
        own = [one for one in data.types if one.player == player]
        said = [f"{one.name} (share {_number(one.share)}: {_numbers(one.set)})" for one in own]
        yield f"\nTypes of {_title(data, player)}: {', '.join(said)}."


def _numbers(values: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{name} = {_number(value)}" for name, value in values.items())


def _answers(data: ScenarioData) -> Iterable[str]:
    verdicts = verdicts_of(data)
    for expect, verdict in zip(data.expect, verdicts, strict=True):
        row = expect.concept if expect.order is None else f"{expect.concept}, order {expect.order}"
        at = f", {_numbers(expect.set)}" if expect.set else ""
        found = "the same" if verdict.holds else f"NOT the same: {'; '.join(verdict.differences)}"
        yield f"- **{row}{at}**: {_published(expect)}. Ours: {found}. Source: {expect.source}."


def _published(expect: Expect) -> str:
    parts = []
    if expect.equilibria is not None:
        listed = [f"({'; '.join(_shares(own) for own in one.values())})" for one in expect.equilibria]
        parts.append(("exactly " if expect.only else "among others ") + (" ".join(listed) or "no equilibrium"))
    parts += [f"{event} {status}" for event, status in expect.status.items()]
    parts += [f"{event} with the share {value}" for event, value in expect.shares.items()]
    parts += [f"{name} gains ({_shares(own)})" for name, own in expect.gains.items()]
    parts += [f"{name} needs patience {value}" for name, value in expect.patience.items()]
    parts += [f"{event} between {_shares(ends)}" for event, ends in expect.bounds.items()]
    rounded = [f"rounded, so within {float(expect.within):g}"] if expect.within is not None else []
    return "; ".join(parts + rounded)


def _shares(values: Iterable[Fraction]) -> str:
    """Fractions as they are, and decimals where the source rounds."""
    return ", ".join(_number(value) if value.denominator > ROUNDED else str(value) for value in values)


def _pair(values: Iterable[Fraction]) -> str:
    return ", ".join(_number(value) for value in values)


def _number(value: Fraction) -> str:
    """A decimal of at most six digits where that is exact, else the fraction."""
    return f"{float(value):.10g}" if (value * 10**6).denominator == 1 else str(value)


def _title(data: ScenarioData, name: str) -> str:
    return next(player.title for player in data.players if player.name == name)


def _table(head: list[str], body: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *body)]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
